import json
import threading
import unittest
from unittest import mock

from wsgi_on_aws import managed_password, secrets_manager
from wsgi_on_aws.managed_password import HOLD_SECONDS, PAUSES, ManagedPassword, is_refused
from wsgi_on_aws.secrets_manager import SecretUnreadable, read_password

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1"


class Refused(Exception):
    """What a driver raises, in libpq's words."""

    def __init__(self, text='FATAL:  password authentication failed for user "app"'):
        super().__init__(text)


class Rotation(unittest.TestCase):
    """A clock that stands unless somebody sleeps, a secret, and a database that takes one password."""

    def setUp(self):
        self.secret = self.accepted = "first"
        self.now = 1000.0
        self.reads = 0
        self.when = {}  # what happens while somebody sleeps until then
        for name, fake in (("read_password", self.read), ("time", self)):
            patch = mock.patch.object(managed_password, name, fake)
            patch.start()
            self.addCleanup(patch.stop)
        self.held = ManagedPassword(ARN)

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds
        for at in [at for at in self.when if at <= self.now]:
            self.when.pop(at)()

    def read(self, arn):
        self.assertEqual(arn, ARN)
        self.reads += 1
        if isinstance(self.secret, Exception):
            raise self.secret
        return self.secret

    def connect(self):
        return self.held.connect(self.server, Refused)

    def server(self, password):
        if password != self.accepted:
            raise Refused
        return password

    def rotate(self, password="second"):
        self.secret = self.accepted = password

    def test_it_is_read_once_and_again_when_it_is_refused(self):
        self.assertEqual([self.connect() for _ in range(3)], ["first"] * 3)
        self.assertEqual(self.reads, 1)
        self.rotate()
        self.assertEqual([self.connect() for _ in range(3)], ["second"] * 3)
        self.assertEqual((self.reads, self.now), (2, 1000.0))

    def test_a_secret_that_follows_the_database_is_waited_for(self):
        self.connect()
        self.accepted = "second"
        self.when[self.now + 1.4] = self.rotate
        self.assertEqual(self.connect(), "second")
        self.assertEqual((self.reads, self.now), (1 + 3, 1000.0 + 1.5))

    def test_a_wrong_secret_is_an_error_soon_and_at_once_for_the_next(self):
        self.accepted = "other"
        with self.assertLogs(managed_password.logger, "ERROR") as logged, self.assertRaises(Refused):
            self.connect()
        self.assertEqual((self.reads, self.now), (1 + len(PAUSES), 1000.0 + sum(PAUSES)))
        self.assertIn(ARN, logged.output[0])
        self.assertNotIn("first", logged.output[0])
        with self.assertRaises(Refused):
            self.connect()
        self.assertEqual(self.reads, 1 + len(PAUSES))
        self.now += HOLD_SECONDS
        self.secret = "other"
        self.assertEqual(self.connect(), "other")

    def test_a_secret_that_cannot_be_read_is_asked_for_again_later_only(self):
        self.secret = SecretUnreadable("why")
        for _ in range(3):
            with self.assertRaisesRegex(SecretUnreadable, "^why$"):
                self.connect()
        self.assertEqual(self.reads, 1)
        self.now += HOLD_SECONDS
        self.secret = "first"
        self.assertEqual(self.connect(), "first")
        self.rotate()
        self.secret = SecretUnreadable("later")
        for _ in range(2):
            with self.assertRaisesRegex(SecretUnreadable, "^later$"):
                self.connect()
        self.assertEqual(self.reads, 3)

    def test_other_errors_go_up_and_read_nothing(self):
        def down(password):
            raise Refused("connection refused")

        with self.assertRaisesRegex(Refused, "^connection refused$"):
            self.held.connect(down, Refused)
        self.assertEqual(self.reads, 1)

    def test_threads_that_are_refused_together_read_it_once(self):
        self.connect()
        self.rotate()
        together = threading.Barrier(8)
        found = []

        def refused_first(password):
            if password == "first":
                together.wait(5)
            return self.server(password)

        threads = [threading.Thread(target=lambda: found.append(self.held.connect(refused_first, Refused)))
                   for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
        self.assertEqual((found, self.reads), (["second"] * 8, 2))


class Parts(unittest.TestCase):
    def test_refusals(self):
        table = {
            'connection to server at "db", port 5432 failed: FATAL:  password authentication failed for user "app"': True,
            'FATAL:  database "password" does not exist': False,
            "connection refused": False,
        }
        for text, expected in table.items():
            self.assertEqual(is_refused(Refused(text)), expected, text)
        for name in ("sqlstate", "pgcode"):
            error = Refused("in another language")
            setattr(error, name, "28P01")
            self.assertTrue(is_refused(error), name)

    def test_what_a_secret_holds(self):
        with mock.patch.object(secrets_manager, "_get_secret_value") as value:
            value.return_value = json.dumps({"username": "app", "password": "p@ss"})
            self.assertEqual(read_password(ARN), "p@ss")
            for text in ("", "sentinel", "[]", '"sentinel"', '{"username": "sentinel"}', '{"password": ""}'):
                value.return_value = text
                with self.subTest(text), self.assertRaises(SecretUnreadable) as refused:
                    read_password(ARN)
                self.assertIn(f"{ARN}: no password. ", str(refused.exception))
                self.assertNotIn("sentinel", str(refused.exception))
