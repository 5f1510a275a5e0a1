"""The end of a process that lacks something its user can give."""

import sys
from typing import NoReturn

# Gunicorn's exit code of an application that cannot be loaded: it stops, where it would restart a worker for ever.
APP_LOAD_ERROR = 4


def stop(message: str) -> NoReturn:
    """One line instead of a traceback."""
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(APP_LOAD_ERROR)
