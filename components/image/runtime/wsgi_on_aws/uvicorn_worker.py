"""Gunicorn's worker class for ASGI: `uvicorn_worker.UvicornWorker`, held to what the other classes do.

What that class lacks, as found with gunicorn 27.0.1, uvicorn-worker 0.4.0 and uvicorn 0.54.0:

- A worker that is replaced (`--max-requests`) closes connections whose request it has not read yet: 10 of 3,000 requests
  failed under 8 clients, POSTs among them.
- It gives no sign of life while it waits for its last requests, so Gunicorn kills it over those that take longer than half of
  `--timeout`; with `--timeout 1` it is killed while it works well.
- It waits for these requests for ever, where `--graceful-timeout` is meant to end it.
- It takes any number of requests at the same time, each of which may hold a connection to the database; uvicorn's own limit
  answers 503, health checks among them. Here the further ones wait, as they do for a thread of `gthread`. WebSockets
  are not counted.

Lifespan: Django has none, and says so; uvicorn takes that for an answer ("appears unsupported" in the log). Forwarded headers:
uvicorn trusts addresses, and a unix socket has none, so the command line has to say `--forwarded-allow-ips "*"`.
Open WebSockets are closed with 1012 (service restart) at a stop.
"""

import asyncio
import sys

from gunicorn.arbiter import Arbiter
from uvicorn.server import Server
from uvicorn_worker import UvicornWorker as Base

# Seconds for one step of a connection: from the queue to the worker, and from there to a request that has been read. Both take
# a round of the event loop; a busy one is late for this sleep, too.
STEP = 0.1
BEAT = 1.0  # seconds between two signs of life, as Gunicorn's own classes have it


class PatientServer(Server):
    async def shutdown(self, sockets=None):
        await asyncio.sleep(STEP)
        for server in self.servers:
            server.close()
        await asyncio.sleep(STEP)
        await super().shutdown(sockets)


class Limited:
    """An ASGI application that works on so many requests at the same time; others wait for their turn."""

    def __init__(self, app, most: int) -> None:
        self._app = app
        self._turns = asyncio.Semaphore(most)

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        async with self._turns:
            return await self._app(scope, receive, send)


class UvicornWorker(Base):
    async def _serve(self):
        self.config.timeout_graceful_shutdown = self.cfg.graceful_timeout
        self.config.app = self.wsgi
        self.config.load()
        self.config.loaded_app = Limited(self.config.loaded_app, self.cfg.worker_connections)
        self._install_sigquit_handler()
        beating = asyncio.create_task(self._beat())
        server = PatientServer(self.config)
        await server.serve(sockets=self.sockets)
        beating.cancel()
        if not server.started:
            sys.exit(Arbiter.WORKER_BOOT_ERROR)

    async def _beat(self):
        while True:
            self.notify()
            await asyncio.sleep(BEAT)
