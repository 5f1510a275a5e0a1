"""At build: `manage.py collectstatic` without any secret, then compressed variants beside the files.

Settings that insist on variables get placeholders. Which ones they want only shows by running them: each failure names
one, so it is run until none is left.
"""

import os
import subprocess
import sys
from pathlib import Path

from wsgi_on_aws.compress import compress
from wsgi_on_aws.variables import NEEDED_FILE, missing_variable

# What the host gives every application, so that settings which read it find it.
FROM_HOST = {
    "SECRET_KEY": "placeholder-of-the-image-build-never-used-at-run-time-0123456789",
    "ALLOWED_HOSTS": "localhost",
    "CSRF_TRUSTED_ORIGINS": "http://localhost",
    "DATABASE_URL": "sqlite:////tmp/placeholder.sqlite3",
    "MEDIA_ROOT": "/tmp/placeholder-media",
    "SITE_SCHEME": "http",
}
# "1" is a number, a truth, a text and valid JSON; the others are tried when the settings refuse it. The last is a key
# as Fernet wants it.
PLACEHOLDERS = (
    "1",
    "https://placeholder.invalid/1",
    "sqlite:////tmp/placeholder.sqlite3",
    "placeholder",
    "cGxhY2Vob2xkZXItcGxhY2Vob2xkZXItcGxhY2Vob2w=",
)
MOST_ATTEMPTS = 100
NO_STATIC_ROOT = (
    "the settings have no STATIC_ROOT, and the environment is not laid over them (settingsOverlay). "
    'Write STATIC_ROOT = os.environ["STATIC_ROOT"] there.'
)


def collect(manage_py: str, environ: dict[str, str]) -> list[str]:
    """Runs collectstatic and returns the variables that needed placeholders. Ends the process when it cannot work."""
    tried: dict[str, int] = {}  # index into PLACEHOLDERS
    for _ in range(MOST_ATTEMPTS):
        given = {name: PLACEHOLDERS[index] for name, index in tried.items()}
        failure = _run(manage_py, {**environ, **given})
        if failure is None:
            return list(tried)
        name = missing_variable(failure, {**environ, **given})
        newest = next(reversed(tried), None)
        if name:
            tried[name] = 0
        elif newest and tried[newest] + 1 < len(PLACEHOLDERS):
            tried[newest] += 1
        else:
            break
    if "STATIC_ROOT" in failure and not environ.get("WSGI_ON_AWS_SETTINGS"):
        sys.exit(f"error: {NO_STATIC_ROOT}")
    sys.exit(f"{failure}\nerror: collectstatic failed (placeholders given: {', '.join(tried) or 'none'})")


def _run(manage_py: str, environ: dict[str, str]) -> str | None:
    command = [sys.executable, manage_py, "collectstatic", "--noinput", "--verbosity", "0"]
    run = subprocess.run(
        command, env=environ, cwd=Path(manage_py).parent, stderr=subprocess.PIPE, text=True, check=False
    )
    if run.returncode == 0:
        return None
    if "Unknown command: 'collectstatic'" in run.stderr:
        print("django.contrib.staticfiles is not installed: there are no static files")
        return None
    return run.stderr


def main() -> None:
    manage_py, static_root = sys.argv[1:]
    environ = {**os.environ, **FROM_HOST, "STATIC_ROOT": static_root}
    needed = collect(manage_py, environ)
    if needed:
        print(f"placeholders at build, to be set under env or secrets: {', '.join(needed)}")
    NEEDED_FILE.write_text("".join(f"{name}\n" for name in needed))
    files = sum(path.is_file() for path in Path(static_root).rglob("*"))
    if files == 0 and not os.environ.get("WSGI_ON_AWS_SETTINGS"):
        print("no static files were collected: with settingsOverlay off, STATIC_ROOT has to come from the environment")
    print(f"{files} static files, {compress(Path(static_root))} compressed variants")


if __name__ == "__main__":
    main()
