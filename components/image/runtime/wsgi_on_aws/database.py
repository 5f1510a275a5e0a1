"""DATABASES["default"] from DATABASE_URL, or from DATABASE_HOST, _PORT, _NAME, _USER and _PASSWORD.

CONN_MAX_AGE says in seconds how long connections are kept, where it is set: no longer than a request by workers that have no
thread that outlives it, or each request would leave an open connection behind.
With DATABASE_PASSWORD_SECRET, the ARN of a secret, in place of the last one the password is read when connections are made.
"""

import re
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django

from wsgi_on_aws.stop import stop

Database = dict[str, Any]

# Engines that speak to the same database are the project's choice: PostGIS, SpatiaLite, instrumented ones.
KINDS = {"sqlite": ("sqlite", "spatialite"), "postgres": ("postg",)}
ENGINES = {"sqlite": "django.db.backends.sqlite3", "postgres": "django.db.backends.postgresql"}
# Wraps the engine where the password changes while the process lives.
MANAGED_ENGINE = "wsgi_on_aws.managed_postgresql"
SECRET_ARN = r"arn:[\w-]+:secretsmanager:[\w-]+:\d+:secret:\S+"

# Several processes share the file. WAL lets readers go on while one writes; IMMEDIATE makes a writer wait for its turn
# (up to `timeout` seconds) at the start, where a transaction that turns to writing later would fail at once.
# https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes (before 5.1 there is only the timeout)
SQLITE_OPTIONS: Database = {"timeout": 20}
if django.VERSION >= (5, 1):
    SQLITE_OPTIONS |= {
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL",
    }


def database_from(environ: Mapping[str, str], project: Mapping[str, Any]) -> Database | None:
    """The environment says where the database is; engine and options for that kind of database stay the project's.

    None when the environment says nothing, or a kind of URL that only the project itself can read.
    """
    kind, place = _from_parts(environ) if environ.get("DATABASE_HOST") else _from_url(environ.get("DATABASE_URL", ""))
    if kind is None:
        return None
    same_kind = any(word in str(project.get("ENGINE", "")) for word in KINDS[kind])
    kept = {key: value for key, value in project.items() if same_kind or key not in ("ENGINE", "OPTIONS")}
    options = {**kept.get("OPTIONS", {}), **place.pop("OPTIONS", {})}
    pooled = "pool" in options  # psycopg's pool and persistent connections exclude each other
    age = environ.get("CONN_MAX_AGE", "")
    kept |= {"CONN_MAX_AGE": int(age)} if age and not pooled else {}
    if kind == "sqlite":
        return {"ENGINE": ENGINES[kind]} | kept | place | {"OPTIONS": {**SQLITE_OPTIONS, **options}}
    if not (find_spec("psycopg") or find_spec("psycopg2")):
        stop('the database is PostgreSQL and the project has no driver. Add "psycopg[binary]" to its requirements.')
    persistent = {} if pooled else {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    found = {"ENGINE": ENGINES[kind]} | persistent | kept | place | {"OPTIONS": options}
    secret = environ.get("DATABASE_PASSWORD_SECRET") if environ.get("DATABASE_HOST") else None
    return _managed(found, secret) if secret else found


def _managed(found: Database, secret: str) -> Database:
    if not re.fullmatch(SECRET_ARN, secret):
        stop("DATABASE_PASSWORD_SECRET is not the ARN of a secret in Secrets Manager.")  # perhaps it is the password
    if not find_spec("botocore"):
        stop("DATABASE_PASSWORD_SECRET needs a package that the image lacks. Add \"botocore\" to the project's requirements.")
    return found | {"ENGINE": MANAGED_ENGINE, "WRAPPED_ENGINE": found["ENGINE"], "PASSWORD_SECRET": secret}


def _from_parts(environ: Mapping[str, str]) -> tuple[str, Database]:
    return "postgres", {key: environ.get(f"DATABASE_{key}", "") for key in ("HOST", "PORT", "NAME", "USER", "PASSWORD")}


def _from_url(url: str) -> tuple[str | None, Database]:
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme == "sqlite":
        return "sqlite", {"NAME": name}
    if parts.scheme in ("postgres", "postgresql"):
        place = {
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "OPTIONS": dict(parse_qsl(parts.query)),  # ?sslmode=require
        }
        return "postgres", place
    return None, {}
