"""What Django loads as ENGINE: the project's engine (plain, PostGIS, instrumented), asked for the password each time.

`database_from` writes both keys, WRAPPED_ENGINE and PASSWORD_SECRET, into DATABASES["default"].
"""

from typing import Any

from django.conf import settings
from django.db.utils import load_backend

from wsgi_on_aws.managed_password import ManagedPassword, managed_password

_Engine = load_backend(settings.DATABASES["default"]["WRAPPED_ENGINE"]).DatabaseWrapper


class DatabaseClient(_Engine.client_class):
    """`manage.py dbshell`."""

    def runshell(self, parameters):
        wrapper = self.connection
        wrapper.settings_dict = {**wrapper.settings_dict, "PASSWORD": wrapper.managed_password.current()}
        super().runshell(parameters)


class DatabaseWrapper(_Engine):
    client_class = DatabaseClient

    def __init__(self, settings_dict, *args, **kwargs):
        super().__init__(_with_pool(settings_dict, self.Database), *args, **kwargs)

    @property
    def managed_password(self) -> ManagedPassword:
        return managed_password(self.settings_dict["PASSWORD_SECRET"])

    def get_connection_params(self):
        return super().get_connection_params() | {"password": self.managed_password.current()}

    def get_new_connection(self, conn_params):
        return self.managed_password.connect(
            lambda password: super(DatabaseWrapper, self).get_new_connection({**conn_params, "password": password}),
            self.Database.OperationalError,
        )


def _with_pool(settings_dict: dict[str, Any], driver: Any) -> dict[str, Any]:
    """psycopg's pool makes its connections in threads of its own, from parameters that it keeps: so it gets a class of
    connections that asks for the password. psycopg2 knows no pool, as Django itself says.
    """
    pool = settings_dict["OPTIONS"].get("pool")
    if not pool or not hasattr(driver, "Connection"):
        return settings_dict
    pool = {} if pool is True else pool
    kind = pool.get("connection_class", driver.Connection)
    asking = _asking(kind, managed_password(settings_dict["PASSWORD_SECRET"]), driver.OperationalError)
    options = {**settings_dict["OPTIONS"], "pool": {**pool, "connection_class": asking}}
    return {**settings_dict, "OPTIONS": options}


def _asking(kind: type, secret: ManagedPassword, refusals: type[Exception]) -> type:
    class AskingConnection(kind):
        @classmethod
        def connect(cls, conninfo="", **params):
            inherited = super().connect
            return secret.connect(lambda password: inherited(conninfo, **{**params, "password": password}), refusals)

    return AskingConnection
