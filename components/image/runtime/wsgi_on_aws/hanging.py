"""Gunicorn's worker class `gthread` without threads that are lost for good.

Nothing can end a thread of Python from outside, and `gthread` gives its sign of life beside its threads. So a view that waits
for ever (a call without a time limit, a lock) keeps its thread for ever: each takes away a part of the site, and after the
last one it answers nothing until somebody restarts it.
"""

import contextlib
import math
import os
import sys
import threading
import time
import traceback


class Request:
    """One that a thread works on: where to, and since when nobody but the application keeps its visitor waiting."""

    def __init__(self, path):
        self.path = path
        self.since = time.monotonic()


class Body:
    """`wsgi.input` of a request. Until a read returns, the application waits for the visitor; nginx limits that time."""

    def __init__(self, body, request):
        self._body = body
        self._request = request

    def read(self, size=None):
        return self._waiting(self._body.read, size)

    def readline(self, size=None):
        return self._waiting(self._body.readline, size)

    def readlines(self, hint=None):
        return self._waiting(self._body.readlines, hint)

    def __iter__(self):
        return iter(self.readline, b"")

    def _waiting(self, read, size):
        self._request.since = math.inf
        try:
            return read(size)
        finally:
            self._request.since = time.monotonic()


class LeavesHanging:
    """Replaces the worker once nobody waits any more for a request that it works on.

    That is after `--graceful-timeout`, the longest time that nginx waits for an answer and a stop for a request. The worker
    takes no further request, finishes the others, and ends; Gunicorn starts a new one. A long download does not hang: what
    counts is the time until the application returns. Nor does an upload that nginx hands on as it comes
    (`uploadBuffering: false`): the clock stands still while the application reads the body, and starts anew after each read.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._running = {}  # thread -> Request

    def load_wsgi(self):
        super().load_wsgi()
        application = self.wsgi

        def watched(environ, start_response):
            with self._watch(environ.get("PATH_INFO")) as request:
                if environ.get("CONTENT_LENGTH", "0") != "0" or "HTTP_TRANSFER_ENCODING" in environ:
                    environ["wsgi.input"] = Body(environ["wsgi.input"], request)
                return application(environ, start_response)

        self.wsgi = watched

    @contextlib.contextmanager
    def _watch(self, path):
        request = self._running[threading.get_ident()] = Request(path)
        try:
            yield request
        finally:
            del self._running[threading.get_ident()]

    def notify(self):
        """Called every second, also while the worker finishes its last requests."""
        latest = time.monotonic() - self.cfg.graceful_timeout
        running = list(self._running.items())
        hanging = [(thread, request) for thread, request in running if request.since < latest]
        if hanging:
            if self.alive:
                self._report(hanging)
                self.alive = False
            # Requests that wait for a thread count as connections; with no thread left for them they wait in vain.
            if len(hanging) == len(running) and len(hanging) in (self.nr_conns, self.cfg.threads):
                os._exit(0)  # sys.exit would wait for the threads
        super().notify()

    def _report(self, hanging):
        for thread, request in hanging:
            frame = sys._current_frames().get(thread)
            where = "".join(traceback.format_stack(frame)[-3:]) if frame else ""
            self.log.critical(
                "%r has not returned after %s s, this worker is replaced. It is at:\n%s",
                request.path,
                self.cfg.graceful_timeout,
                where,
            )
