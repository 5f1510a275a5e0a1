"""Asks as many clients at once: each request of the JSON list on standard input says from which address of the loopback network.

Answers with a JSON list. Headers are sent as they stand there: twice, with an underscore, with a Host of anybody.
"""

import http.client
import json
import socket
import sys


def ask(request):
    lines = [f"GET {request['target']} HTTP/1.1", *(": ".join(header) for header in request["headers"])]
    with socket.create_connection(("127.0.0.1", request["port"]), 10, (request["client"], 0)) as connection:
        connection.sendall("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1"))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        body = answer.read().decode()
    headers = {name.lower(): value for name, value in answer.getheaders()}
    return {"status": answer.status, "headers": headers, "body": body}


json.dump([ask(request) for request in json.load(sys.stdin)], sys.stdout)
