"""Views that tell which of Gunicorn's workers serves them, and how many requests it works on at the same time."""

import asyncio
import gc
import os
import socket
import time

from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.csrf import csrf_protect
from gunicorn.workers.base import Worker


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_process())


@csrf_protect
def write(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return HttpResponseRedirect("/")
    return HttpResponse(f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">')


def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(len(request.body))


def who(request: HttpRequest) -> JsonResponse:
    """The worker's class and its bases as its process holds them, whatever the command line says."""
    found = {type(each) for each in gc.get_objects() if isinstance(each, Worker)}
    return JsonResponse(
        {
            "classes": [f"{base.__module__}.{base.__qualname__}" for each in found for base in each.__mro__],
            "protocol": "asgi" if hasattr(request, "scope") else "wsgi",
            "multithread": request.META["wsgi.multithread"],
            "address": request.META.get("REMOTE_ADDR"),
        }
    )


def sleep(request: HttpRequest) -> JsonResponse:
    begun = time.monotonic()
    time.sleep(float(request.GET["seconds"]))
    return _slept(begun)


async def sleep_async(request: HttpRequest) -> JsonResponse:
    begun = time.monotonic()
    await asyncio.sleep(float(request.GET["seconds"]))
    return _slept(begun)


def sleep_in_database(request: HttpRequest) -> JsonResponse:
    begun = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [float(request.GET["seconds"])])
    return _slept(begun)


def _slept(begun: float) -> JsonResponse:
    """From when to when, on the machine's clock, which all processes share."""
    return JsonResponse({"begun": begun, "ended": time.monotonic(), "process": _process()})


def _process() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"
