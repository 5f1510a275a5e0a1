"""The database's password where RDS manages it: it changes every 7 days, while the process lives.

Read when the first connection is made, kept for the process, read again when PostgreSQL refuses it.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from wsgi_on_aws.secrets_manager import SecretUnreadable, read_password

logger = logging.getLogger(__name__)

Connection = TypeVar("Connection")

# A rotation changes the password in the database first and the current version of the secret a moment later. AWS advises
# to try again: https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html#rotation-strategy
PAUSES = (0.0, 0.5, 1.0, 2.0)  # seconds before each further look
# So long the last bad news holds for all threads: a wrong secret must neither queue visitors nor call AWS for each of them.
HOLD_SECONDS = 5.0


def is_refused(error: Exception) -> bool:
    """Whether PostgreSQL refused the password (28P01).

    libpq hands over no code for what fails before a connection is there; psycopg and psycopg2 only carry its message.
    The message is PostgreSQL's English one: RDS's `lc_messages` is English unless a parameter group changes it.
    """
    code = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    return code == "28P01" or "password authentication failed" in str(error)


class ManagedPassword:
    """The password of one secret, the same for all threads of the process."""

    def __init__(self, arn: str) -> None:
        self.arn = arn
        self._lock = threading.Lock()
        self._password: str | None = None
        self._unreadable = ""  # why, when the last attempt to read it failed
        self._holds_until = 0.0

    def current(self) -> str:
        """The password as last read.

        @raises SecretUnreadable
        """
        with self._lock:
            if self._password is None:
                self._still_bad()
                self._password = self._read()
            return self._password

    def renewed(self, refused: str) -> str | None:
        """Another password than the one that PostgreSQL refused, or None when the secret still holds that one.

        @raises SecretUnreadable
        """
        with self._lock:
            if self._password != refused:
                return self._password  # another thread has read it meanwhile
            if self._still_bad():
                return None
            for pause in PAUSES:
                time.sleep(pause)
                password = self._read()
                if password != refused:
                    logger.info("the database's password has changed, as %s says", self.arn)
                    self._password = password
                    return password
            logger.error("PostgreSQL refuses the password that %s holds", self.arn)
            self._hold("")
            return None

    def connect(self, connect: Callable[[str], Connection], refusals: type[Exception]) -> Connection:
        """Connects with the password, and again when it was refused and there is a newer one.

        @raises SecretUnreadable
        """
        password: str | None = self.current()
        while True:
            try:
                return connect(password)
            except refusals as error:
                password = self.renewed(password) if is_refused(error) else None
                if password is None:
                    raise

    def _read(self) -> str:
        try:
            return read_password(self.arn)
        except SecretUnreadable as error:
            self._hold(str(error))
            raise

    def _hold(self, unreadable: str) -> None:
        self._unreadable, self._holds_until = unreadable, time.monotonic() + HOLD_SECONDS

    def _still_bad(self) -> bool:
        held = time.monotonic() < self._holds_until
        if held and self._unreadable:
            raise SecretUnreadable(self._unreadable)
        return held


_passwords: dict[str, ManagedPassword] = {}


def managed_password(arn: str) -> ManagedPassword:
    """The one of this process for a secret."""
    return _passwords.setdefault(arn, ManagedPassword(arn))
