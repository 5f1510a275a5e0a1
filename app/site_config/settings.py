"""Settings of the postcard wall.

Whatever differs between a laptop and a server comes from the environment, so that one image runs everywhere. On a
laptop `manage.py migrate` and `manage.py runserver` work without any variable.
All settings: https://docs.djangoproject.com/en/5.2/ref/settings/
"""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from site_config.database import database_from

BASE_DIR = Path(__file__).resolve().parent.parent


def listed(name: str, default: str = "") -> list[str]:
    """The comma-separated values of an environment variable."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


DEBUG = os.environ.get("DJANGO_DEBUG") == "1"

# Without a key each process makes its own: enough for a laptop, tests and `collectstatic`, and never a known one.
SECRET_KEY = os.environ.get("SECRET_KEY") or get_random_secret_key()

ALLOWED_HOSTS = listed("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = listed("CSRF_TRUSTED_ORIGINS")

# There are no accounts, hence no sessions: the cached page must be the same for everyone, and the rest needs none.
INSTALLED_APPS = [
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "postcards",
]

MIDDLEWARE = [
    "site_config.middleware.health",  # first: it answers before anything looks at the Host header
    "django.middleware.security.SecurityMiddleware",
    "site_config.middleware.content_security_policy",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "site_config.urls"
WSGI_APPLICATION = "site_config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "postcards.context_processors.served_by",
            ],
        },
    },
]

DATABASES = {"default": database_from(os.environ, BASE_DIR / "db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles")
MEDIA_URL = "/media/"
MEDIA_ROOT = os.environ.get("MEDIA_ROOT", BASE_DIR / "media")
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755  # nginx, another user, reads what is uploaded; files are 0o644 by default

# Names with a hash of the content (`site.5d41402a.css`) let browsers keep static files for good.
STATIC_BACKEND = "StaticFilesStorage" if DEBUG else "ManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": f"django.contrib.staticfiles.storage.{STATIC_BACKEND}"},
}

# How visitors reach the site. nginx sets X-Forwarded-Proto itself, whatever the visitor sent, so it can be trusted.
HTTPS = os.environ.get("SITE_SCHEME") == "https"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SECURE = HTTPS  # the cookie of the messages follows it too
# An hour, as Django advises for a start; preload lists want a year, so this promises nothing for ever. Without these lines nginx
# says the hour, for this name alone: leave them out unless all subdomains have https.
SECURE_HSTS_SECONDS = 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": []}},  # no mail, no second copy on the console: all goes to the root
}
