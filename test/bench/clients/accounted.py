"""Runs a client and adds to its line of JSON what CPU that took: `cpu`, seconds of the servers with all their descendants, and
`neighbours`, the share of the machine that programs outside this container took meanwhile.

Arguments: files that hold the servers' process ids, `--`, the client's command.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")
PROC = pathlib.Path("/proc")
# Version 2 of control groups, then version 1: a file, which of its words is the number, how many make a second.
OWN = (("/sys/fs/cgroup/cpu.stat", 1, 1e6), ("/sys/fs/cgroup/cpuacct/cpuacct.usage", 0, 1e9))


def of_servers(roots: set[int]) -> float:
    parents, taken = {}, {}
    for stat in PROC.glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        pid = int(stat.parent.name)
        parents[pid] = int(fields[1])
        taken[pid] = sum(map(int, fields[11:15])) / TICKS  # with children that have ended
    total = 0.0
    for pid, seconds in taken.items():
        while pid in parents and pid not in roots:
            pid = parents[pid]
        total += seconds if pid in roots else 0
    return total


def of_machine() -> float:
    user, nice, system, _idle, _wait, irq, soft, steal = map(int, (PROC / "stat").read_text().split()[1:9])
    return (user + nice + system + irq + soft + steal) / TICKS


def of_container() -> float:
    for file, word, unit in OWN:
        if os.path.exists(file):
            return int(pathlib.Path(file).read_text().split()[word]) / unit
    raise SystemExit("no control group says what CPU the container took")


def taken(roots: set[int]) -> tuple[float, float, float, float]:
    return time.monotonic(), of_servers(roots), of_machine(), of_container()


divider = sys.argv.index("--")
servers = {int(pathlib.Path(file).read_text()) for file in sys.argv[1:divider]}
for log in pathlib.Path("/var/log/nginx").iterdir():
    os.truncate(log, 0)  # what was logged before would fill the memory
before = taken(servers)
client = subprocess.run(sys.argv[divider + 1 :], stdout=subprocess.PIPE, text=True, check=True)
elapsed, cpu, machine, container = (after - start for after, start in zip(taken(servers), before))
neighbours = max(0.0, machine - container) / (elapsed * os.cpu_count())
result = json.loads(client.stdout.rstrip().rpartition("\n")[2])
print(json.dumps({**result, "cpu": round(cpu, 3), "neighbours": round(neighbours, 3)}))
