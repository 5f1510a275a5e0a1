"""Two small middlewares that Django 5.2 does not bring."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# Everything comes from this site, nothing is inline: a script or style that someone smuggles into a page does not run.
POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def health(get_response: GetResponse) -> GetResponse:
    """Answer /healthz at once: load balancers ask by address, so ALLOWED_HOSTS and the way to https must not matter.

    The database is left out on purpose: when it fails, restarting every Gunicorn would only add to the trouble.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return get_response(request)

    return middleware


def content_security_policy(get_response: GetResponse) -> GetResponse:
    """Add the policy to every response but Django's own debug pages, which style themselves inline."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not (settings.DEBUG and response.status_code in (404, 500)):
            response.headers["Content-Security-Policy"] = POLICY
        return response

    return middleware
