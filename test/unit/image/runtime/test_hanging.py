import threading
import unittest
from types import SimpleNamespace
from unittest import mock

from wsgi_on_aws.hanging import LeavesHanging

GRACEFUL = 35
LONG = 100
UPLOAD = {"PATH_INFO": "/upload/", "CONTENT_LENGTH": "3"}


class Gunicorn:
    """What LeavesHanging uses of Gunicorn's worker; `application` is what runs."""

    def __init__(self, application):
        self.alive = True
        self.nr_conns = 1
        self.cfg = SimpleNamespace(graceful_timeout=GRACEFUL, threads=4)
        self.log = mock.Mock()
        self._application = application

    def load_wsgi(self):
        self.wsgi = self._application

    def notify(self):
        pass


class Worker(LeavesHanging, Gunicorn):
    pass


class Hanging(unittest.TestCase):
    def setUp(self):
        self.now = 0
        clock = SimpleNamespace(monotonic=lambda: self.now)
        self.enterContext(mock.patch("wsgi_on_aws.hanging.time", clock))
        self.exit = self.enterContext(mock.patch("os._exit"))

    def passes(self, seconds):
        """Time passes in the thread of a request; the worker gives its sign of life meanwhile."""
        self.now += seconds
        self.worker.notify()

    def run_application(self, application, environ):
        self.worker = Worker(application)
        self.worker.load_wsgi()
        return self.worker.wsgi(environ, None)

    def slow_body(self):
        """Each of its reads takes longer than a request may hang."""

        def read(*_):
            self.passes(LONG)
            return b"abc"

        return SimpleNamespace(read=read, readline=read, readlines=read)

    def test_a_view_that_does_not_return_costs_its_worker(self):
        self.run_application(lambda *_: self.passes(LONG), {"PATH_INFO": "/"})
        self.assertFalse(self.worker.alive)
        self.exit.assert_called_once_with(0)

    def test_waiting_for_the_body_is_not_hanging(self):
        def application(environ, _):
            body = environ["wsgi.input"]
            return [body.read(), body.read(1), body.readline(), body.readlines(), next(iter(body))]

        for head in (UPLOAD, {"HTTP_TRANSFER_ENCODING": "chunked"}):
            self.assertEqual(self.run_application(application, head | {"wsgi.input": self.slow_body()}), [b"abc"] * 5)
            self.assertTrue(self.worker.alive)
            self.exit.assert_not_called()

    def test_also_in_another_thread_as_under_an_async_view(self):
        def application(environ, _):
            reading = threading.Thread(target=environ["wsgi.input"].read)
            reading.start()
            reading.join()
            self.passes(GRACEFUL)

        self.run_application(application, UPLOAD | {"wsgi.input": self.slow_body()})
        self.assertTrue(self.worker.alive)

    def test_what_comes_after_the_body_can_hang(self):
        def application(environ, _):
            environ["wsgi.input"].read()
            self.passes(LONG)

        self.run_application(application, UPLOAD | {"wsgi.input": self.slow_body()})
        self.assertFalse(self.worker.alive)

    def test_a_body_read_after_the_return_leaves_no_request_behind(self):
        body = self.run_application(lambda environ, _: environ["wsgi.input"], UPLOAD | {"wsgi.input": self.slow_body()})
        body.read()
        self.passes(LONG)
        self.assertTrue(self.worker.alive)

    def test_a_request_without_a_body_is_as_it_came(self):
        body = object()
        for head in ({}, {"CONTENT_LENGTH": "0"}):
            environ = head | {"wsgi.input": body}
            self.assertIs(self.run_application(lambda given, _: given["wsgi.input"], environ), body)
