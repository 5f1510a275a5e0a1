"""Which of a project's settings the environment replaces.

The host decides where the site is reached, where its database is and who serves its files; so those win over the
project. How the project works stays its own: apps, middleware, database options, logging, its own storage classes.
"""

from collections.abc import Mapping
from typing import Any

from wsgi_on_aws.database import database_from

Settings = dict[str, Any]

STATIC_STORAGE = "wsgi_on_aws.static_storage.LenientManifestStaticFilesStorage"
# Django's own would stop at a missing source map, WhiteNoise's does what nginx does, those of `storages` upload: not at
# build, and not here. A class of the project itself stays.
REPLACED_STORAGES = ("django.contrib.staticfiles.", "whitenoise.", "storages.")

HEALTH_MIDDLEWARE = "wsgi_on_aws.health.health"
REQUEST_ID_MIDDLEWARE = "wsgi_on_aws.request_id.request_id"

# A name that no project has: several packages call theirs `request_id`.
REQUEST_ID_FILTER = "wsgi_on_aws.request_id"
FILTERS = {REQUEST_ID_FILTER: {"()": "wsgi_on_aws.request_id.RequestIdFilter"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": FILTERS,
    "formatters": {"line": {"format": "{levelname} {name} {request_id}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": [REQUEST_ID_FILTER]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
}


def overlaid(project: Mapping[str, Any], environ: Mapping[str, str]) -> Settings:
    """The project's settings with the environment laid over them."""
    settings = dict(project) | {"DEBUG": False}
    settings |= _site(settings, environ)
    settings |= _https(settings, environ)
    settings |= _files(settings, environ)
    # Django ignores neither: it refuses STORAGES beside this older name (4.2 to 5.0).
    settings.pop("STATICFILES_STORAGE", None)
    database = database_from(environ, settings.get("DATABASES", {}).get("default", {}))
    if database:
        settings["DATABASES"] = {**settings.get("DATABASES", {}), "default": database}
    # First: health answers before ALLOWED_HOSTS, redirects and sessions are looked at, and what any of them logs has an id.
    settings["MIDDLEWARE"] = [REQUEST_ID_MIDDLEWARE, HEALTH_MIDDLEWARE, *settings.get("MIDDLEWARE", [])]
    # Without one Django prints no error once DEBUG is off.
    settings["LOGGING"] = _with_request_id(settings["LOGGING"]) if settings.get("LOGGING") else LOGGING
    return settings


def _with_request_id(logging: Any) -> Any:
    """A project's LOGGING, whose formats may use `request_id`. The filter comes first: those of the project see the id."""
    if not isinstance(logging, Mapping):  # as LOGGING_CONFIG wants it, which then is not Django's: a file, for example
        return logging
    handlers = {
        name: {**handler, "filters": [REQUEST_ID_FILTER, *(handler.get("filters") or [])]}
        for name, handler in (logging.get("handlers") or {}).items()
    }
    return {**logging, "filters": {**(logging.get("filters") or {}), **FILTERS}, "handlers": handlers}


def _site(settings: Settings, environ: Mapping[str, str]) -> Settings:
    changes: Settings = {}
    if environ.get("SECRET_KEY"):
        changes["SECRET_KEY"] = environ["SECRET_KEY"]
    if hosts := _listed(environ, "ALLOWED_HOSTS"):
        changes["ALLOWED_HOSTS"] = hosts
    # Added, not replaced: what a project trusts besides itself is another site, of which the host knows nothing.
    origins = [*settings.get("CSRF_TRUSTED_ORIGINS", []), *_listed(environ, "CSRF_TRUSTED_ORIGINS")]
    return changes | {"CSRF_TRUSTED_ORIGINS": list(dict.fromkeys(origins))}


def _https(settings: Settings, environ: Mapping[str, str]) -> Settings:
    # nginx sets this header itself, whatever the visitor sent; any other header would be the visitor's to forge.
    changes: Settings = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}
    scheme = environ.get("SITE_SCHEME")
    if scheme:  # both ways: a redirect to https that nobody serves would lock every visitor out
        https = scheme == "https"
        changes |= dict.fromkeys(("SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"), https)
        if https:
            # nginx says how long browsers shall stay with https, as the stack's `securityHeaders` have it. What a project sets
            # in SECURE_HSTS_* is sent in its place. Django's check knows only these; nothing else is silenced.
            changes["SILENCED_SYSTEM_CHECKS"] = [*settings.get("SILENCED_SYSTEM_CHECKS", []), "security.W004"]
    return changes


def _files(settings: Settings, environ: Mapping[str, str]) -> Settings:
    changes: Settings = {}
    storages = dict(settings.get("STORAGES", {}))
    storages.setdefault("default", {"BACKEND": settings.get("DEFAULT_FILE_STORAGE") or _FILE_SYSTEM})
    static = (
        storages.get("staticfiles", {}).get("BACKEND") or settings.get("STATICFILES_STORAGE") or REPLACED_STORAGES[0]
    )
    if static.startswith(REPLACED_STORAGES):
        storages["staticfiles"] = {"BACKEND": STATIC_STORAGE}
    else:
        storages.setdefault("staticfiles", {"BACKEND": static})
    changes["STORAGES"] = storages
    if environ.get("STATIC_ROOT"):
        changes["STATIC_ROOT"] = environ["STATIC_ROOT"]
    changes |= _url(settings, "STATIC_URL", "/static/")
    if environ.get("MEDIA_ROOT"):
        changes["MEDIA_ROOT"] = environ["MEDIA_ROOT"]
        changes |= _url(settings, "MEDIA_URL", "/media/")
        # nginx, another user, reads what is uploaded; Gunicorn's umask would lock its folders.
        if settings.get("FILE_UPLOAD_DIRECTORY_PERMISSIONS") is None:
            changes["FILE_UPLOAD_DIRECTORY_PERMISSIONS"] = 0o755
    return changes


_FILE_SYSTEM = "django.core.files.storage.FileSystemStorage"


def _url(settings: Settings, name: str, served: str) -> Settings:
    """The path that nginx serves, unless the project names another server (a CDN)."""
    elsewhere = str(settings.get(name) or "").startswith(("http://", "https://", "//"))
    return {} if elsewhere else {name: served}


def _listed(environ: Mapping[str, str], name: str) -> list[str]:
    return [item.strip() for item in environ.get(name, "").split(",") if item.strip()]
