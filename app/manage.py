#!/usr/bin/env python
"""Django's command-line utility for administrative tasks."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_config.settings")
    if sys.argv[1:2] == ["runserver"]:
        # The development server never serves visitors, and without DEBUG it serves no CSS either.
        os.environ.setdefault("DJANGO_DEBUG", "1")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
