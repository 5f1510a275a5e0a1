"""The id that nginx gave the current request: on the request itself, and in every log line of it."""

import logging
import re
from contextvars import ContextVar

from asgiref.sync import iscoroutinefunction
from django.core.signals import request_finished
from django.utils.decorators import sync_and_async_middleware

# Outside of a request, in threads that a view starts, and for requests that did not come through nginx.
NONE = "-"

# What nginx makes. Whoever reaches Gunicorn another way can write anything into the header: line ends, somebody else's log.
_FROM_NGINX = re.compile(r"[0-9a-f]{32}")

_current: ContextVar[str] = ContextVar("request_id", default=NONE)


class RequestIdFilter(logging.Filter):
    """Gives each record a `request_id`, for formats that show it. Lets every record pass."""

    def filter(self, record: logging.LogRecord) -> bool:
        # One that is there stays: the project's own, or that of the thread which handed the record to a queue.
        if not hasattr(record, "request_id"):
            record.request_id = _current.get()
        return True


@sync_and_async_middleware
def request_id(get_response):
    """Set `request.request_id` to X-Request-ID, or to "-" where that is not an id of nginx."""
    if iscoroutinefunction(get_response):

        async def middleware(request):
            _begin(request)
            return await get_response(request)

    else:

        def middleware(request):
            _begin(request)
            return get_response(request)

    return middleware


def _begin(request) -> None:
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    request.request_id = given if _FROM_NGINX.fullmatch(given) else NONE
    _current.set(request.request_id)


def _end(**_: object) -> None:
    _current.set(NONE)


# Not at the end of the middleware: Django logs "Not Found" after it, and a streamed answer is still to be made then.
request_finished.connect(_end)
