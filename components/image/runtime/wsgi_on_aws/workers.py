"""Gunicorn's own worker classes `sync` and `gthread`, which lose no request that waits when they stop.

Gunicorn's master removes the socket from its folder, then tells the workers to stop. From that moment on nginx asks another
Gunicorn, but whoever had connected before waits in the socket's queue, and Gunicorn's classes close it without a look: with
16 clients and 2 workers `sync` reset 14 to 16 requests at each stop, `gthread` one in every ninth. A POST among them cannot
be sent again. With `--max-requests` the queue stays with the master, so there is nothing to do.
"""

import errno
import time

from gunicorn.workers import gthread, sync

from wsgi_on_aws.hanging import LeavesHanging

NOBODY_WAITS = (errno.EAGAIN, errno.EWOULDBLOCK, errno.ECONNABORTED)


class SyncWorker(sync.SyncWorker):
    stopping = False

    def handle_exit(self, sig, frame):
        self.stopping = True
        super().handle_exit(sig, frame)

    def run(self):
        super().run()
        if self.stopping:
            self._empty_queues(time.monotonic() + self.cfg.graceful_timeout)

    def _empty_queues(self, deadline: float) -> None:
        """At a reload (HUP) the socket stays, and with it visitors who come: somebody else's, once the time is over."""
        while time.monotonic() < deadline and any([self._take_one(listener) for listener in self.sockets]):
            self.notify()

    def _take_one(self, listener) -> bool:
        try:
            self.accept(listener)
        except OSError as error:
            if error.errno not in NOBODY_WAITS:
                raise
            return False
        return True


class ThreadWorker(LeavesHanging, gthread.ThreadWorker):
    stopping = False

    def handle_exit(self, sig, frame):
        self.stopping = True
        super().handle_exit(sig, frame)

    def set_accept_enabled(self, enabled):
        if self.stopping and not enabled:
            for listener in self.sockets:
                self._take_all(listener)
        super().set_accept_enabled(enabled)

    def _take_all(self, listener) -> None:
        taken = -1
        while self.nr_conns != taken:
            taken = self.nr_conns
            self.accept(listener)
