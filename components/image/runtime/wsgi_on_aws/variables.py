"""Environment variables that a project's settings ask for."""

import importlib
import os
import re
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wsgi_on_aws.stop import stop

# Names that had to be made up at build, one a line: so a container that lacks several can say all of them at once.
NEEDED_FILE = Path(__file__).parent.parent / "needed-variables.txt"

_NAME = re.compile(r"\b[A-Z][A-Z0-9_]*[A-Z0-9]\b")
# "KeyError: 'X'" (os.environ), "Set the X environment variable" (django-environ), "X not found. Declare it as envvar"
# (decouple), "Environment variable X not set" (environs), and what people write themselves.
_ABOUT_VARIABLES = re.compile(
    r"^KeyError: '|environ|env ?var|not set|not found|be set|missing|required|undefined", re.IGNORECASE
)
_OTHER_ERRORS = re.compile(r"^(NameError|ImportError|ModuleNotFoundError|AttributeError|SyntaxError|TypeError)\b")


def missing_variable(error: str, environ: Mapping[str, str]) -> str | None:
    """The variable that the last line of a traceback complains about, if it does and that variable is not set."""
    message = error.strip().rpartition("\n")[2]
    if _OTHER_ERRORS.match(message) or not _ABOUT_VARIABLES.search(message):
        return None
    return next((name for name in _NAME.findall(message) if name not in environ), None)


def project_settings(module: str) -> dict[str, Any]:
    """The settings of a module. Ends the process with one line when it asks for variables that are not set."""
    try:
        found = importlib.import_module(module)
    except Exception as error:
        name = missing_variable(traceback.format_exception_only(error)[-1], os.environ)
        if name is None:
            raise
        needed = NEEDED_FILE.read_text().split() if NEEDED_FILE.exists() else []
        names = [name, *(other for other in needed if other not in os.environ and other != name)]
        stop(
            f"{module} needs environment variables that are not set: {', '.join(names)}. "
            "Write them under env or secrets in the stack's settings."
        )
    return {key: getattr(found, key) for key in dir(found) if key.isupper()}
