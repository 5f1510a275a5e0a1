"""A sign of life for projects that have none."""

from django.http import HttpResponse
from django.urls import get_resolver

PATH = "/healthz"


def health(get_response):
    """Answer GET /healthz at once: whoever asks by address must not fail by ALLOWED_HOSTS or a redirect to https.

    It imports the URLconf (once), and with it every view: Django itself does so at the first page only, and a version whose
    views cannot be imported would pass as healthy. The database is left out on purpose: when it fails, restarting every Gunicorn would only add to the trouble. A
    project that wants to be asked itself names another path in the stack's setting `healthPath`.
    """

    def middleware(request):
        if request.path_info == PATH and request.method in ("GET", "HEAD"):
            get_resolver().url_patterns  # noqa: B018, the access imports
            return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        return get_response(request)

    return middleware
