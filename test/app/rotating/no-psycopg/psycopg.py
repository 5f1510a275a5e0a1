"""Stands before the real psycopg on the path, as if only psycopg2 were installed."""

raise ImportError("not in this test")
