"""The sample project with psycopg's pool, which excludes connections that Django keeps."""

from site_config.settings import *  # noqa: F403

DATABASES["default"] |= {"CONN_MAX_AGE": 0, "OPTIONS": {"pool": {"min_size": 2, "max_size": 4}}}  # noqa: F405
