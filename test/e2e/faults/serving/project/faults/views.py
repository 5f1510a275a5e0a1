"""Pages that show what happens to a visitor when a part fails."""

import os
import time

from django.http import HttpResponse, StreamingHttpResponse

# In a volume that all replicas share and that outlives them.
FOLDER = "/srv/data"
VERSION = "one"
WORK = 0.05  # seconds of an ordinary request


def note(name, line):
    """Append a line to a file of the volume: with O_APPEND no process overwrites the line of another."""
    file = os.open(f"{FOLDER}/{name}", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, f"{line}\n".encode())
    os.close(file)


def page(request):
    time.sleep(WORK)
    return HttpResponse(f"version {VERSION}\n")


def quick(request):
    return HttpResponse("quick\n")


def write(request, number):
    """Has its effect first: a process that dies in what follows has run this request, and must not run it again."""
    note("writes", number)
    time.sleep(WORK)
    return HttpResponse("written\n")


def slow(request, seconds):
    """An answer of ten bytes a second that nginx passes on as they come."""

    def letters():
        for _ in range(10 * seconds):
            yield b"x"
            time.sleep(0.1)

    return StreamingHttpResponse(letters(), headers={"X-Accel-Buffering": "no"})


def hang(request):
    """As a call to a service that never answers, without a time limit."""
    note("hanging", os.getpid())
    time.sleep(600)


def upload(request):
    return HttpResponse(sum(file.size for file in request.FILES.values()))


def cached(request, name):
    note("renders", name)
    return HttpResponse(f"{name} {time.monotonic_ns()}\n" + "a page of some length\n" * 100)
