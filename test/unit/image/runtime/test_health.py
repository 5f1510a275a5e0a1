import asyncio
import unittest
from types import SimpleNamespace
from unittest import mock

from asgiref.sync import iscoroutinefunction
from django import conf

from wsgi_on_aws import health

PAGE = object()
OTHERS = [("/", "GET"), ("/healthz", "POST"), ("/healthz/", "GET")]


def request(path, method):
    return SimpleNamespace(path_info=path, method=method)


class Health(unittest.TestCase):
    def setUp(self):
        if not conf.settings.configured:
            conf.settings.configure()
        self.imports = self.enterContext(mock.patch.object(health, "get_resolver"))

    def test_answers_its_path_alone(self):
        middleware = health.health(lambda _: PAGE)
        answers = [middleware(request("/healthz", method)) for method in ("GET", "HEAD")]
        self.assertEqual([answer.status_code for answer in answers], [200, 200])
        self.assertEqual(self.imports.call_count, 2)
        for other in OTHERS:
            self.assertIs(middleware(request(*other)), PAGE)

    def test_is_a_coroutine_before_coroutines(self):
        async def page(_):
            return PAGE

        middleware = health.health(page)
        self.assertTrue(iscoroutinefunction(middleware))
        self.assertFalse(iscoroutinefunction(health.health(lambda _: PAGE)))
        self.assertEqual(asyncio.run(middleware(request("/healthz", "GET"))).status_code, 200)
        for other in OTHERS:
            self.assertIs(asyncio.run(middleware(request(*other))), PAGE)
