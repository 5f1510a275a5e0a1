import fcntl
import socket
import time
from pathlib import Path
from weakref import WeakKeyDictionary

from django.core.files.storage import default_storage
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.views.decorators.csrf import csrf_exempt

HOST = socket.gethostname()
# A volume that all replicas share, for what they count together.
CALLS = Path("/srv/data/calls")


def record(name):
    """Notes a call, and says how many there were of this name."""
    with CALLS.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.write(f"{name}\n")
        file.flush()
        file.seek(0)
        return file.read().split("\n").count(name)


@csrf_exempt
def seen(request, area=""):
    """What the application sees of a request."""
    meta = {key: value for key, value in request.META.items() if key.startswith(("HTTP_", "REMOTE_", "wsgi.m"))}
    response = JsonResponse(
        {
            "replica": HOST,
            "id": request.request_id,
            "host": request.get_host() if request.META.get("HTTP_HOST") else "",
            "secure": request.is_secure(),
            "path": request.get_full_path(),
            "meta": meta,
        }
    )
    if "id" in request.GET:
        response["X-Request-ID"] = request.GET["id"]
    return response


def page(request, name, area=""):
    """A page that costs something, and has the number of its rendering in it."""
    number = record(name)
    time.sleep(int(request.GET.get("ms", "50")) / 1000)
    response = HttpResponse(f"<p>rendering {number} for {request.COOKIES.get('sessionid', 'anybody')}</p>" + "<p>text</p>" * 200)
    if "cookie" in request.GET:
        response.set_cookie("sessionid", "somebody")
    return response


def sleep(request, milliseconds, area=""):
    time.sleep(milliseconds / 1000)
    return JsonResponse({"replica": HOST})


@csrf_exempt
def busy(request, area=""):
    """Refuses on the replica that the query names, and counts each call."""
    record(request.GET.get("name", "busy"))
    refused = request.GET.get("on") == HOST
    return JsonResponse({"replica": HOST}, status=503 if refused else 200)


def calls(request, name, area=""):
    return JsonResponse({"calls": CALLS.read_text().split("\n").count(name) if CALLS.exists() else 0})


REQUESTS = WeakKeyDictionary()


def connection(request, area=""):
    """How many requests came on this connection."""
    key = request.environ["gunicorn.socket"]
    REQUESTS[key] = REQUESTS.get(key, 0) + 1
    return JsonResponse({"requests": REQUESTS[key]})


def stream(request, area=""):
    def pieces():
        for number in range(4):
            yield f"data: {number}\n\n"
            time.sleep(0.4)

    return StreamingHttpResponse(pieces(), content_type="text/event-stream")


@csrf_exempt
def take(request, area=""):
    """Reads a body piece by piece, and notes when it began."""
    record(request.GET["name"])
    size = 0
    while piece := request.read(1024):
        size += len(piece)
    return JsonResponse({"bytes": size})


@csrf_exempt
def keep(request, name, area=""):
    """Stores a body as an uploaded file."""
    from django.core.files.base import ContentFile

    default_storage.delete(name)
    return HttpResponse(default_storage.url(default_storage.save(name, ContentFile(request.read()))))


def fail(request, status, area=""):
    return HttpResponse("the application says so", status=status)
