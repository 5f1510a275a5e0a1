"""What the tests of the worker classes need of Django; hosts, database and key come from the environment (settingsOverlay)."""

SECRET_KEY = "replaced by the stack"
ROOT_URLCONF = "workers.urls"
MIDDLEWARE = []
