"""Gunicorn's worker class `gthread` without threads that are lost for good.

Nothing can end a thread of Python from outside, and `gthread` gives its sign of life beside its threads. So a view that waits
for ever (a call without a time limit, a lock) keeps its thread for ever: each takes away a part of the site, and after the
last one it answers nothing until somebody restarts it.
"""

import contextlib
import os
import sys
import threading
import time
import traceback


class LeavesHanging:
    """Replaces the worker once nobody waits any more for a request that it works on.

    That is after `--graceful-timeout`, the longest time that nginx waits for an answer and a stop for a request. The worker
    takes no further request, finishes the others, and ends; Gunicorn starts a new one. A long download does not hang: what
    counts is the time until the application returns.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._begun = {}  # thread -> (when, path)

    def load_wsgi(self):
        super().load_wsgi()
        application = self.wsgi

        def watched(environ, start_response):
            with self._watch(environ.get("PATH_INFO")):
                return application(environ, start_response)

        self.wsgi = watched

    @contextlib.contextmanager
    def _watch(self, path):
        self._begun[threading.get_ident()] = (time.monotonic(), path)
        try:
            yield
        finally:
            del self._begun[threading.get_ident()]

    def notify(self):
        """Called every second, also while the worker finishes its last requests."""
        latest = time.monotonic() - self.cfg.graceful_timeout
        running = list(self._begun.items())
        hanging = [(thread, path) for thread, (when, path) in running if when < latest]
        if hanging:
            if self.alive:
                self._report(hanging)
                self.alive = False
            # Requests that wait for a thread count as connections; with no thread left for them they wait in vain.
            if len(hanging) == len(running) and len(hanging) in (self.nr_conns, self.cfg.threads):
                os._exit(0)  # sys.exit would wait for the threads
        super().notify()

    def _report(self, hanging):
        for thread, path in hanging:
            frame = sys._current_frames().get(thread)
            where = "".join(traceback.format_stack(frame)[-3:]) if frame else ""
            self.log.critical(
                "%r has not returned after %s s, this worker is replaced. It is at:\n%s",
                path,
                self.cfg.graceful_timeout,
                where,
            )
