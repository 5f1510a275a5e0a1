import unittest
from copy import deepcopy

from wsgi_on_aws.overlay import (
    FILTERS,
    HEALTH_MIDDLEWARE,
    LOGGING,
    REQUEST_ID_FILTER,
    REQUEST_ID_MIDDLEWARE,
    STATIC_STORAGE,
    overlaid,
)

ENVIRON = {
    "SECRET_KEY": "from-environment",
    "ALLOWED_HOSTS": "a.example.com, b.example.com",
    "CSRF_TRUSTED_ORIGINS": "https://a.example.com",
    "DATABASE_URL": "sqlite:////srv/data/db.sqlite3",
    "STATIC_ROOT": "/srv/static-build",
    "MEDIA_ROOT": "/srv/media",
    "SITE_SCHEME": "https",
}
STARTPROJECT = {
    "DEBUG": True,
    "SECRET_KEY": "django-insecure-x",
    "ALLOWED_HOSTS": [],
    "MIDDLEWARE": ["django.middleware.security.SecurityMiddleware"],
    "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "/app/db.sqlite3"}},
    "STATIC_URL": "static/",
}


def storage(project, environ=ENVIRON):
    return overlaid(project, environ)["STORAGES"]["staticfiles"]["BACKEND"]


class Overlay(unittest.TestCase):
    def test_startproject(self):
        settings = overlaid(STARTPROJECT, ENVIRON)
        expected = {
            "DEBUG": False,
            "SECRET_KEY": "from-environment",
            "ALLOWED_HOSTS": ["a.example.com", "b.example.com"],
            "CSRF_TRUSTED_ORIGINS": ["https://a.example.com"],
            "MIDDLEWARE": [
                REQUEST_ID_MIDDLEWARE,
                HEALTH_MIDDLEWARE,
                "django.middleware.security.SecurityMiddleware",
            ],
            "STATIC_URL": "/static/",
            "STATIC_ROOT": "/srv/static-build",
            "MEDIA_URL": "/media/",
            "MEDIA_ROOT": "/srv/media",
            "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
            "SECURE_SSL_REDIRECT": True,
            "SESSION_COOKIE_SECURE": True,
            "CSRF_COOKIE_SECURE": True,
            "SILENCED_SYSTEM_CHECKS": ["security.W004"],
            "LOGGING": LOGGING,
        }
        self.assertEqual({name: settings[name] for name in expected}, expected)
        self.assertEqual(settings["DATABASES"]["default"]["NAME"], "/srv/data/db.sqlite3")
        self.assertEqual(settings["STORAGES"]["staticfiles"], {"BACKEND": STATIC_STORAGE})
        self.assertEqual(settings["STORAGES"]["default"], {"BACKEND": "django.core.files.storage.FileSystemStorage"})

    def test_an_empty_environment_leaves_what_it_would_decide(self):
        settings = overlaid(STARTPROJECT, {})
        for name in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASES"):
            self.assertEqual(settings[name], STARTPROJECT[name])
        for name in ("SECURE_SSL_REDIRECT", "MEDIA_ROOT", "STATIC_ROOT", "SILENCED_SYSTEM_CHECKS"):
            self.assertNotIn(name, settings)

    def test_plain_http_locks_nobody_out(self):
        project = {"SECURE_SSL_REDIRECT": True, "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True}
        settings = overlaid(project, ENVIRON | {"SITE_SCHEME": "http"})
        self.assertEqual([settings[name] for name in project], [False, False, False])
        self.assertNotIn("SILENCED_SYSTEM_CHECKS", settings)

    def test_strict_transport_security_is_of_nginx_or_of_the_project(self):
        never = {"SECURE_HSTS_SECONDS": 0}
        own = {"SECURE_HSTS_SECONDS": 31536000, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True, "SECURE_HSTS_PRELOAD": True}
        for project in ({}, never, own):
            settings = overlaid(project, ENVIRON)
            self.assertEqual({name: value for name, value in settings.items() if "HSTS" in name}, project)

    def test_what_the_project_decides_stays(self):
        project = {
            "CSRF_TRUSTED_ORIGINS": ["https://partner.example.com"],
            "SILENCED_SYSTEM_CHECKS": ["models.W042"],
            "STATIC_URL": "https://cdn.example.com/",
            "FILE_UPLOAD_DIRECTORY_PERMISSIONS": 0o750,
            "DATABASES": {"other": {"NAME": "x"}},
        }
        settings = overlaid(project, ENVIRON)
        self.assertEqual(settings["CSRF_TRUSTED_ORIGINS"], ["https://partner.example.com", "https://a.example.com"])
        self.assertEqual(settings["SILENCED_SYSTEM_CHECKS"], ["models.W042", "security.W004"])
        for name in ("STATIC_URL", "FILE_UPLOAD_DIRECTORY_PERMISSIONS"):
            self.assertEqual(settings[name], project[name])
        self.assertEqual(settings["DATABASES"]["other"], {"NAME": "x"})

    def test_logging_of_the_project_gets_the_request_id_and_nothing_else(self):
        formatters = {"json": {"format": "%(request_id)s %(message)s"}}
        project = {
            "version": 1,
            "filters": {"request_id": {"()": "log_request_id.filters.RequestIDFilter"}},
            "formatters": formatters,
            "handlers": {
                "plain": {"class": "logging.StreamHandler"},
                "filtered": {"class": "logging.FileHandler", "filters": ["request_id"], "formatter": "json"},
            },
        }
        unchanged = deepcopy(project)
        self.assertEqual(
            overlaid({"LOGGING": project}, ENVIRON)["LOGGING"],
            {
                "version": 1,
                "filters": {**project["filters"], **FILTERS},
                "formatters": formatters,
                "handlers": {
                    "plain": {"class": "logging.StreamHandler", "filters": [REQUEST_ID_FILTER]},
                    "filtered": {
                        "class": "logging.FileHandler",
                        "filters": [REQUEST_ID_FILTER, "request_id"],
                        "formatter": "json",
                    },
                },
            },
        )
        self.assertEqual(project, unchanged)

    def test_logging_that_another_configurer_reads_stays(self):
        self.assertEqual(overlaid({"LOGGING": "/app/logging.ini"}, ENVIRON)["LOGGING"], "/app/logging.ini")

    def test_static_storages(self):
        own = "mysite.storage.Static"
        table = {
            "django.contrib.staticfiles.storage.StaticFilesStorage": STATIC_STORAGE,
            "django.contrib.staticfiles.storage.ManifestStaticFilesStorage": STATIC_STORAGE,
            "whitenoise.storage.CompressedManifestStaticFilesStorage": STATIC_STORAGE,
            "storages.backends.s3.S3StaticStorage": STATIC_STORAGE,
            own: own,
        }
        for given, expected in table.items():
            with self.subTest(given):
                self.assertEqual(storage({"STORAGES": {"staticfiles": {"BACKEND": given}}}), expected)
                old_name = overlaid({"STATICFILES_STORAGE": given}, ENVIRON)
                self.assertEqual(old_name["STORAGES"]["staticfiles"]["BACKEND"], expected)
                self.assertNotIn("STATICFILES_STORAGE", old_name)

    def test_options_of_a_storage_of_the_project_stay(self):
        own = {"BACKEND": "mysite.storage.Static", "OPTIONS": {"a": 1}}
        s3 = {"BACKEND": "storages.backends.s3.S3Storage"}
        storages = overlaid({"STORAGES": {"default": s3, "staticfiles": own}}, ENVIRON)["STORAGES"]
        self.assertEqual(storages, {"default": s3, "staticfiles": own})
