"""A sign of life for projects that have none."""

from asgiref.sync import iscoroutinefunction
from django.http import HttpResponse
from django.urls import get_resolver
from django.utils.decorators import sync_and_async_middleware

PATH = "/healthz"


@sync_and_async_middleware
def health(get_response):
    """Answer GET /healthz at once: whoever asks by address must not fail by ALLOWED_HOSTS or a redirect to https.

    It imports the URLconf (once), and with it every view: Django itself does so at the first page only, and a version whose
    views cannot be imported would pass as healthy. The database is left out on purpose: when it fails, restarting every Gunicorn would only add to the trouble. A
    project that wants to be asked itself names another path in the stack's setting `healthPath`.
    Under ASGI it is a coroutine: one that is not would send every request of the project through a thread.
    """
    if iscoroutinefunction(get_response):

        async def middleware(request):
            return _answer(request) or await get_response(request)

    else:

        def middleware(request):
            return _answer(request) or get_response(request)

    return middleware


def _answer(request) -> HttpResponse | None:
    if request.path_info != PATH or request.method not in ("GET", "HEAD"):
        return None
    get_resolver().url_patterns  # noqa: B018, the access imports
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
