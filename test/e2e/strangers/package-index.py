"""A package index behind TLS with a CA of its own, in a container: what a company's mirror looks like to a build.

Prints the CA, then a line for each request. Arguments: its host name, and the packages to mirror; one more,
`onlyhere`, is made on the spot.
"""

import functools
import http.server
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import zipfile

host, *packages = sys.argv[1:]
folder = pathlib.Path("/tmp/index")
wheels = folder / "wheels"
subprocess.run(["/opt/uv/bin/pip", "download", "--quiet", "--dest", wheels, *packages], check=True)

info = "onlyhere-1.0.dist-info"
with zipfile.ZipFile(wheels / "onlyhere-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("onlyhere.py", "def app(environ, start):\n    start('200 OK', [])\n    return [b'only here']\n")
    wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: onlyhere\nVersion: 1.0\n")
    wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr(f"{info}/RECORD", "")

for path in wheels.iterdir():  # a listing of such folders is a "simple" index: https://peps.python.org/pep-0503/
    place = folder / "simple" / re.sub(r"[-_.]+", "-", path.name.split("-")[0]).lower()
    place.mkdir(parents=True, exist_ok=True)
    path.rename(place / path.name)

openssl = functools.partial(subprocess.run, check=True, cwd="/tmp", capture_output=True)
openssl("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=stranger-ca -keyout ca.key -out ca.pem".split())
openssl("openssl req -newkey rsa:2048 -nodes -subj /CN=index -keyout index.key -out index.csr".split())
pathlib.Path("/tmp/names").write_text(f"subjectAltName=DNS:{host}\n")
signed = "-CA ca.pem -CAkey ca.key -CAcreateserial -extfile names"
openssl(f"openssl x509 -req -days 2 -in index.csr {signed} -out index.pem".split())
print(pathlib.Path("/tmp/ca.pem").read_text(), flush=True)

server = http.server.ThreadingHTTPServer(
    ("", 8443), functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("/tmp/index.pem", "/tmp/index.key")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(f"serving at {socket.gethostbyname(socket.gethostname())}", flush=True)
server.serve_forever()
