"""The database from DATABASE_URL or DATABASE_HOST, …_PORT, …_NAME, …_USER and …_PASSWORD; else a file for a laptop."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dj_database_url

# Several Gunicorn processes share the file. WAL lets readers go on while one writes; IMMEDIATE makes a writer wait for
# its turn (up to `timeout` seconds) at the start, where a transaction that turns to writing later would fail at once.
# https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
}


def database_from(environ: Mapping[str, str], sqlite_file: Path) -> dict[str, Any]:
    """The value of DATABASES["default"]."""
    database = _from_parts(environ) if "DATABASE_HOST" in environ else _from_url(environ, sqlite_file)
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = SQLITE_OPTIONS
    # Gunicorn's workers `gevent` and `uvicorn` have no threads that could keep a connection: there the stack says 0.
    return database | {"CONN_MAX_AGE": int(environ.get("CONN_MAX_AGE", "60")), "CONN_HEALTH_CHECKS": True}


def _from_url(environ: Mapping[str, str], sqlite_file: Path) -> dict[str, Any]:
    return dict(dj_database_url.parse(environ.get("DATABASE_URL") or f"sqlite:///{sqlite_file}"))


def _from_parts(environ: Mapping[str, str]) -> dict[str, Any]:
    parts = {key: environ.get(f"DATABASE_{key}", "") for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}
    return {"ENGINE": "django.db.backends.postgresql"} | parts
