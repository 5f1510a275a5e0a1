"""Runs a command while slow clients drip the head of a request, four bytes a second each, and come back when they are cut.

Arguments: port, number of slow clients, the command. What the command prints is printed.
"""

import resource
import socket
import subprocess
import sys
import time

port, number, command = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
TICKS = 10  # a second
SETTLE_SECONDS = 2
HEAD = b"GET /json/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: "

most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def connect() -> socket.socket | None:
    client = socket.socket()
    client.settimeout(0.5)
    try:
        client.connect(("127.0.0.1", port))
        client.sendall(HEAD)
        return client
    except OSError:
        client.close()
        return None


def drip(client: socket.socket | None) -> socket.socket | None:
    if client is None:
        return connect()
    try:
        client.sendall(b"slow")
        return client
    except OSError:
        client.close()
        return connect()


clients = [connect() for _ in range(number)]
began = time.monotonic()
measured = None
tick = 0
while measured is None or measured.poll() is None:
    if measured is None and time.monotonic() - began >= SETTLE_SECONDS:
        measured = subprocess.Popen(command)
    for index in range(tick % TICKS, number, TICKS):
        clients[index] = drip(clients[index])
    tick += 1
    time.sleep(max(0.0, began + tick / TICKS - time.monotonic()))
sys.exit(measured.returncode)
