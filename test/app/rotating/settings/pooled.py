"""The sample project with psycopg's pool, which excludes connections that Django keeps."""

from site_config.settings import *  # noqa: F403, all settings but the one below are the project's

DATABASES["default"] |= {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": {"min_size": 2, "max_size": 4}}}  # noqa: F405, it comes from there
