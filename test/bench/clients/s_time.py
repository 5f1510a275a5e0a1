"""New TLS connections by `openssl s_time`, without a session to resume: how many a second, as one line of JSON.

Two of it keep two cores busy; most of that is the client itself. Its own clock counts whole seconds, so the run is timed here.
A probe opens a connection every 20 ms meanwhile: the 99th percentile is that of its waits, for s_time shows none.
Arguments: port, TLS version, seconds.
"""

import json
import re
import socket
import ssl
import subprocess
import sys
import time

port, version, seconds = int(sys.argv[1]), sys.argv[2], sys.argv[3]
FLAG = {"1.2": "-tls1_2", "1.3": "-tls1_3"}[version]
EVERY_SECONDS = 0.020

context = ssl.create_default_context()
context.check_hostname = False
context.verify_mode = ssl.CERT_NONE
context.minimum_version = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}[version]
context.maximum_version = context.minimum_version


def probe() -> float:
    started = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=10) as plain, context.wrap_socket(plain):
        return time.monotonic() - started


command = ["openssl", "s_time", "-connect", f"127.0.0.1:{port}", FLAG, "-new", "-time", seconds]
started = time.monotonic()
runs = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
waits, answers, errors = [], 0, 0
while any(run.poll() is None for run in runs):
    try:
        waits.append(probe())
    except OSError:
        errors += 1
    time.sleep(EVERY_SECONDS)
elapsed = time.monotonic() - started
for run in runs:
    found = re.search(r"(\d+) connections in \d+ real seconds", run.stdout.read())
    if run.returncode != 0 or not found:
        errors += 1
    else:
        answers += int(found[1])
p99 = sorted(waits)[int(len(waits) * 0.99)] * 1000 if waits else 0
print(json.dumps({"answers": answers, "seconds": elapsed, "p99ms": round(p99, 3), "errors": errors}))
