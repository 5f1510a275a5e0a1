"""The sample project, but each request makes a connection of its own."""

from site_config.settings import *  # noqa: F403, all settings but the one below are the project's

DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405, it comes from there
