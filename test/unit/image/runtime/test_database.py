import contextlib
import io
import unittest
from unittest import mock

from wsgi_on_aws import database
from wsgi_on_aws.database import SQLITE_OPTIONS, database_from

SQLITE = {"ENGINE": "django.db.backends.sqlite3", "NAME": "/app/db.sqlite3"}
FILE = {"DATABASE_URL": "sqlite:////srv/data/db.sqlite3"}
SERVER = {"DATABASE_URL": "postgres://us%2Fer:p%40ss@db:5432/name"}
PLACE = {"HOST": "db", "PORT": "5432", "NAME": "name", "USER": "us/er", "PASSWORD": "p@ss"}


class Database(unittest.TestCase):
    def setUp(self):
        driver = mock.patch.object(database, "find_spec", lambda name: name == "psycopg")
        driver.start()
        self.addCleanup(driver.stop)

    def test_sqlite(self):
        expected = {"ENGINE": SQLITE["ENGINE"], "NAME": "/srv/data/db.sqlite3", "OPTIONS": SQLITE_OPTIONS}
        self.assertEqual(database_from(FILE, SQLITE), expected)
        self.assertEqual(database_from(FILE, {}), expected)

    def test_options_of_the_project_win(self):
        options = database_from(FILE, SQLITE | {"OPTIONS": {"timeout": 5}})["OPTIONS"]
        self.assertEqual(options, SQLITE_OPTIONS | {"timeout": 5})

    def test_postgres(self):
        expected = {
            "ENGINE": "django.db.backends.postgresql",
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {},
            **PLACE,
        }
        self.assertEqual(database_from(SERVER, {}), expected)
        parts = {f"DATABASE_{key}": value for key, value in PLACE.items()}
        self.assertEqual(database_from(parts, {}), expected)
        self.assertEqual(database_from(SERVER, SQLITE | {"OPTIONS": {"timeout": 5}}), expected)
        with_ssl = database_from({"DATABASE_URL": SERVER["DATABASE_URL"] + "?sslmode=require"}, {})
        self.assertEqual(with_ssl, expected | {"OPTIONS": {"sslmode": "require"}})

    def test_engine_for_the_same_database_stays(self):
        gis = "django.contrib.gis.db.backends.postgis"
        own = {"ENGINE": gis, "CONN_MAX_AGE": 0, "ATOMIC_REQUESTS": True, "OPTIONS": {"pool": True}}
        found = database_from(SERVER, own)
        self.assertEqual(found, own | PLACE)
        self.assertEqual(database_from(FILE, own)["ENGINE"], SQLITE["ENGINE"])
        self.assertTrue(database_from(FILE, own)["ATOMIC_REQUESTS"])

    def test_the_host_says_how_long_connections_are_kept(self):
        short = {"CONN_MAX_AGE": "0"}
        for project in ({}, {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600}):
            self.assertEqual(database_from(SERVER | short, project)["CONN_MAX_AGE"], 0)
        self.assertEqual(database_from(FILE | short, {"CONN_MAX_AGE": 60})["CONN_MAX_AGE"], 0)
        pooled = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"pool": True}}
        self.assertNotIn("CONN_MAX_AGE", database_from(SERVER | {"CONN_MAX_AGE": "60"}, pooled))

    def test_nothing_said_and_other_kinds_are_the_projects(self):
        self.assertIsNone(database_from({}, SQLITE))
        self.assertIsNone(database_from({"DATABASE_URL": "mysql://db/name"}, SQLITE))

    def test_a_missing_driver_is_said_in_one_line(self):
        said = io.StringIO()
        with mock.patch.object(database, "find_spec", lambda name: None), contextlib.redirect_stderr(said):
            with self.assertRaises(SystemExit) as end:
                database_from(SERVER, {})
        self.assertEqual(end.exception.code, 4)
        self.assertRegex(said.getvalue(), r"^error: .*psycopg\[binary\].*\n$")

    def test_a_managed_password_wraps_the_engine(self):
        arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1"
        parts = {"DATABASE_HOST": "db", "DATABASE_NAME": "name", "DATABASE_PASSWORD_SECRET": arn}
        gis = {"ENGINE": "django.contrib.gis.db.backends.postgis", "OPTIONS": {"pool": True}}
        said = io.StringIO()
        with mock.patch.object(database, "find_spec", lambda name: name in ("psycopg", "botocore")):
            for project, engine in ((SQLITE, database.ENGINES["postgres"]), (gis, gis["ENGINE"])):
                plain = database_from({**parts, "DATABASE_PASSWORD_SECRET": ""}, project)
                wrapped = {"ENGINE": database.MANAGED_ENGINE, "WRAPPED_ENGINE": engine, "PASSWORD_SECRET": arn}
                self.assertEqual(plain["ENGINE"], engine)
                self.assertEqual(database_from(parts, project), plain | wrapped)
            self.assertEqual(database_from(SERVER | {"DATABASE_PASSWORD_SECRET": arn}, {})["PASSWORD"], "p@ss")
            with contextlib.redirect_stderr(said), self.assertRaises(SystemExit):
                database_from(parts | {"DATABASE_PASSWORD_SECRET": "sentinel"}, {})
        with contextlib.redirect_stderr(said), self.assertRaises(SystemExit):  # no botocore
            database_from(parts, {})
        self.assertRegex(said.getvalue(), r'^error: .* not the ARN .*\nerror: .* "botocore" .*\n$')
        self.assertNotIn("sentinel", said.getvalue())
