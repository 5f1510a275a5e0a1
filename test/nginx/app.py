"""An application that is slow, refuses or dies when its path says so. Each call leaves a line in /tmp/calls."""

import os
import time

NAME = os.environ["NAME"]


def application(environ, start_response):
    method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
    with open("/tmp/calls", "a") as calls:
        calls.write(f"{NAME} {method} {path}\n")
    environ["wsgi.input"].read()
    words = path.strip("/").split("/")
    if "dies" in words and NAME == "first":
        os._exit(1)
    if "sleep" in words:
        time.sleep(float(words[-1]))
    busy = "busy" in words and NAME == "first"
    start_response("503 Service Unavailable" if busy else "200 OK", [("Content-Type", "text/plain")])
    if "mebibytes" in words:
        return (b"x" * 2**20 for _ in range(int(words[-1])))
    return [f"{NAME}\n".encode()]
