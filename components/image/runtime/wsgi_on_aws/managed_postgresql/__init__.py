"""The project's own database backend for PostgreSQL, with a password that changes while the process lives."""
