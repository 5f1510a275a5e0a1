"""Seconds of CPU that programs have taken so far, with all their descendants. Arguments: files that hold their process ids."""

import os
import pathlib
import sys

TICKS = os.sysconf("SC_CLK_TCK")

parents, taken = {}, {}
for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
    try:
        fields = stat.read_text().rpartition(")")[2].split()
    except OSError:
        continue  # it has just ended
    pid = int(stat.parent.name)
    parents[pid] = int(fields[1])
    # Of itself, and of children that have ended.
    taken[pid] = sum(map(int, fields[11:15])) / TICKS

roots = {int(pathlib.Path(file).read_text()) for file in sys.argv[1:]}
total = 0.0
for pid, seconds in taken.items():
    above = pid
    while above in parents and above not in roots:
        above = parents[above]
    if above in roots:
        total += seconds
print(total)
