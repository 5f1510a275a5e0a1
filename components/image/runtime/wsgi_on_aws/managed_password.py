"""The password RDS manages and rotates, read from Secrets Manager (being written)."""
