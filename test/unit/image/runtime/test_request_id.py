import asyncio
import io
import logging
import logging.handlers
import queue
import subprocess
import sys
import threading
import unittest
from wsgiref.util import setup_testing_defaults

from asgiref.sync import iscoroutinefunction
from asgiref.testing import ApplicationCommunicator
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from wsgi_on_aws.overlay import overlaid
from wsgi_on_aws.request_id import RequestIdFilter, request_id

ONE, OTHER = "0123456789abcdef" * 2, "f" * 32
LINES = io.StringIO()
log = logging.getLogger("views")


def plain(request):
    log.info("plain")
    return HttpResponse(request.request_id)


def thread(request):
    started = threading.Thread(target=log.info, args=["thread"])
    started.start()
    started.join()
    return HttpResponse()


def streamed(request):
    def parts():
        log.info("streamed")
        yield b"part"

    return StreamingHttpResponse(parts())


def fails(request):
    raise RuntimeError


async def waits(request):
    log.info("before")
    await asyncio.sleep(0.01)
    log.info("after")
    return HttpResponse(request.request_id)


urlpatterns = [path(f"{view.__name__}/", view) for view in (plain, thread, streamed, fails, waits)]

# As in the image: the project's own settings, with a LOGGING of its own, under the environment.
settings.configure(
    **overlaid(
        {
            "ROOT_URLCONF": __name__,
            "LOGGING": {
                "version": 1,
                "disable_existing_loggers": False,
                "formatters": {"line": {"format": "{request_id} {message}", "style": "{"}},
                "handlers": {"lines": {"class": "logging.StreamHandler", "stream": LINES, "formatter": "line"}},
                "loggers": {
                    "views": {"handlers": ["lines"], "level": "INFO"},
                    "django": {"handlers": ["lines"], "level": "WARNING"},
                },
            },
        },
        {"SECRET_KEY": "x", "ALLOWED_HOSTS": "*"},
    )
)
WSGI, ASGI = get_wsgi_application(), get_asgi_application()


def lines():
    """What has been logged since the last call, without tracebacks."""
    text = LINES.getvalue()
    LINES.seek(0)
    LINES.truncate()
    return [line for line in text.splitlines() if line.split(" ", 1)[0] in (ONE, OTHER, "-")]


def wsgi(where, given=ONE):
    environ = {"PATH_INFO": where, "HTTP_X_REQUEST_ID": given}
    setup_testing_defaults(environ)
    response = WSGI(environ, lambda status, headers: None)
    body = b"".join(response)
    response.close()
    return body.decode()


async def asgi(where, given):
    scope = {"type": "http", "method": "GET", "path": where, "headers": [(b"x-request-id", given.encode())]}
    client = ApplicationCommunicator(ASGI, scope)
    await client.send_input({"type": "http.request", "body": b""})
    await client.receive_output()
    answer = await client.receive_output()
    await client.wait()
    return answer["body"].decode()


class RequestId(unittest.TestCase):
    def setUp(self):
        lines()

    def test_on_the_request_and_in_its_lines_and_nowhere_else(self):
        self.assertEqual(wsgi("/plain/"), ONE)
        log.info("outside")
        self.assertEqual(wsgi("/plain/", OTHER), OTHER)
        self.assertEqual(lines(), [f"{ONE} plain", "- outside", f"{OTHER} plain"])

    def test_lines_that_django_itself_writes(self):
        wsgi("/nowhere/")
        wsgi("/fails/")
        self.assertEqual(lines(), [f"{ONE} Not Found: /nowhere/", f"{ONE} Internal Server Error: /fails/"])

    def test_while_an_answer_is_streamed(self):
        wsgi("/streamed/")
        self.assertEqual(lines(), [f"{ONE} streamed"])

    def test_a_thread_that_a_view_starts_has_none_and_does_not_fail(self):
        wsgi("/thread/")
        self.assertEqual(lines(), ["- thread"])

    def test_what_nginx_would_not_send_is_not_logged(self):
        table = ("", ONE[1:], ONE + "0", ONE.upper(), ONE + "\n", f"{ONE},{OTHER}", "\u0663" * 32, "x\n- forged: line")
        for given in table:
            with self.subTest(given):
                self.assertEqual(wsgi("/plain/", given), "-")
                self.assertEqual(lines(), ["- plain"])

    def test_async_requests_at_the_same_time_keep_theirs(self):
        async def both(where):
            return await asyncio.gather(asgi(where, ONE), asgi(where, OTHER))

        self.assertEqual(asyncio.run(both("/waits/")), [ONE, OTHER])
        expected = [f"{ONE} after", f"{ONE} before", f"{OTHER} after", f"{OTHER} before"]
        self.assertEqual(sorted(lines()), sorted(expected))
        self.assertEqual(asyncio.run(both("/plain/")), [ONE, OTHER])
        self.assertEqual(sorted(lines()), [f"{ONE} plain", f"{OTHER} plain"])
        asyncio.run(both("/nowhere/"))
        self.assertEqual(sorted(lines()), [f"{ONE} Not Found: /nowhere/", f"{OTHER} Not Found: /nowhere/"])

    def test_async_stays_async(self):
        self.assertTrue(iscoroutinefunction(request_id(waits)))
        self.assertFalse(iscoroutinefunction(request_id(plain)))

    def test_a_queue_takes_the_id_along_into_its_thread(self):
        records = queue.Queue()
        handler = logging.handlers.QueueHandler(records)
        handler.addFilter(RequestIdFilter())
        log.addHandler(handler)
        self.addCleanup(log.removeHandler, handler)
        wsgi("/plain/")
        record = records.get_nowait()
        RequestIdFilter().filter(record)  # that of the handler at the queue's other end, after the request
        self.assertEqual(record.request_id, ONE)

    def test_a_line_may_bring_its_own(self):
        log.info("own", extra={"request_id": OTHER})
        self.assertEqual(lines(), [f"{OTHER} own"])

    def test_our_format_shows_it_where_the_project_has_none(self):
        program = (
            "import logging.config; from wsgi_on_aws.overlay import LOGGING; "
            "logging.config.dictConfig(LOGGING); logging.getLogger('a.b').info('text')"
        )
        run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        self.assertEqual(run.stderr, "INFO a.b -: text\n")
