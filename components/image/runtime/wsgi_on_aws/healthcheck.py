"""`python -m wsgi_on_aws.healthcheck <socket or host:port> [path]` ends with 0 when the application answers.

Any status below 500 is an answer: not every application has a health path, and a 404 shows that it lives.
"""

import http.client
import os
import socket
import sys

SECONDS = 4


class _SocketConnection(http.client.HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def status(address: str, path: str, host: str, scheme: str) -> int:
    """HTTP status of the application at a unix socket's path, or at `host:port`."""
    in_file_system = address.startswith("/")
    connection = _SocketConnection(address) if in_file_system else http.client.HTTPConnection(address, timeout=SECONDS)
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": scheme, "User-Agent": "healthcheck"})
    return connection.getresponse().status


def host_of(allowed_hosts: str) -> str:
    """A Host header that the application accepts: the first of ALLOWED_HOSTS; `.example.com` and `*` are patterns."""
    return allowed_hosts.split(",")[0].strip().lstrip(".").replace("*", "localhost") or "localhost"


def main() -> None:
    address, path = [*sys.argv[1:], "/healthz"][:2]
    try:
        found = status(
            address, path, host_of(os.environ.get("ALLOWED_HOSTS", "")), os.environ.get("SITE_SCHEME", "http")
        )
    except (OSError, http.client.HTTPException) as error:
        sys.exit(f"{address} does not answer: {error!r}")
    print(f"{address} answers {found}")
    sys.exit(found >= 500)


if __name__ == "__main__":
    main()
