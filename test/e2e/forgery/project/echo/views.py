import logging

from django.http import HttpResponseRedirect, JsonResponse
from django.views.decorators.csrf import csrf_exempt

log = logging.getLogger(__name__)


@csrf_exempt
def echo(request):
    """What reached the application, and what Django makes of it."""
    log.info("%s", request.path)
    return JsonResponse(
        {
            "method": request.method,
            "path": request.path,
            "host": request.get_host(),
            "port": request.get_port(),
            "secure": request.is_secure(),
            "absolute": request.build_absolute_uri("/there/"),
            "id": request.request_id,
            "body": request.body.decode("latin-1"),
            "meta": {name: value for name, value in sorted(request.META.items()) if _from_request(name)},
        }
    )


@csrf_exempt
def deaf(request):
    """Answers without a look at the body, which then is left on Gunicorn's connection."""
    return JsonResponse({"path": request.path})


def redirect(request):
    return HttpResponseRedirect(request.build_absolute_uri("/there/"))


def _from_request(name):
    return name.startswith(("HTTP_", "REMOTE_", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "wsgi.url_scheme"))
