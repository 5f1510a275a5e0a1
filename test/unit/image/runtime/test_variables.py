import unittest

from wsgi_on_aws.variables import missing_variable

ABOUT_VARIABLES = {
    "KeyError: 'MAIL_PASSWORD'": "MAIL_PASSWORD",
    "Traceback:\n  File x\nKeyError: 'A1'": "A1",
    "django.core.exceptions.ImproperlyConfigured: Set the DB_URL environment variable": "DB_URL",
    "decouple.UndefinedValueError: API_KEY not found. Declare it as envvar or define a default value.": "API_KEY",
    'environs.exceptions.EnvError: Environment variable "PORT" not set': "PORT",
    "RuntimeError: TOKEN must be set": "TOKEN",
    "ValueError: missing SENTRY_DSN": "SENTRY_DSN",
    "error: m needs environment variables that are not set: HOME, ONE, TWO. Write": "ONE",
}
ABOUT_OTHER_THINGS = [
    "KeyError: 'HOME'",
    "KeyError: 'lower'",
    "ModuleNotFoundError: No module named 'MISSING'",
    "NameError: name 'DEBUG' is not defined",
    "ValueError: invalid literal for int() with base 10: '1x'",
    "django.core.exceptions.ImproperlyConfigured: The SECRET_KEY setting must not be empty.",
    "",
]


class MissingVariable(unittest.TestCase):
    def test_messages_that_name_one(self):
        for message, name in ABOUT_VARIABLES.items():
            with self.subTest(message):
                self.assertEqual(missing_variable(message, {"HOME": "/"}), name)

    def test_other_messages(self):
        for message in ABOUT_OTHER_THINGS:
            with self.subTest(message):
                self.assertIsNone(missing_variable(message, {"HOME": "/"}))
