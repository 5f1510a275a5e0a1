"""In a release: copies the image's static files into the volume that nginx serves.

Files of earlier versions stay, for pages that visitors loaded before the release still name them. What would be served in
place of a file of this version goes: a variant of what the file had been, and what stands at its path without being a file.

Arguments: addresses of files that must be there, as `/static/errors/502.html`.
"""

import filecmp
import shutil
import sys
from pathlib import Path

from wsgi_on_aws.compress import VARIANTS

SOURCE = Path("/srv/static-build")
TARGET = Path("/srv/static")


def missing(source: Path, addresses: list[str]) -> list[str]:
    """Those without a file: nginx would answer 404 where it was to show them."""
    return [address for address in addresses if not (source / address.removeprefix("/static/")).is_file()]


def publish(source: Path, target: Path) -> tuple[int, int]:
    """Copies new and changed files, each in one step; returns how many were copied and how many were there already."""
    copied = same = 0
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            if place.is_file():
                place.unlink()
            place.mkdir(mode=0o755, exist_ok=True)
            continue
        _remove_old_variants(path, place)
        if place.is_file() and filecmp.cmp(path, place, shallow=False):
            same += 1
        else:
            if place.is_dir():
                shutil.rmtree(place)
            part = place.with_name(f".{place.name}.part")
            shutil.copyfile(path, part)
            part.chmod(0o644)
            part.replace(place)
            copied += 1
    return copied, same


def _remove_old_variants(path: Path, place: Path) -> None:
    """Those that this version has none of: nginx would go on sending them, whatever the file is now."""
    for suffix in VARIANTS:
        variant = place.with_name(place.name + suffix)
        if variant.is_file() and not path.with_name(path.name + suffix).exists():
            variant.unlink()


if __name__ == "__main__":
    if pages := missing(SOURCE, sys.argv[1:]):
        sys.exit(f"errorPages: the project has no static file {', '.join(pages)}. Write one that collectstatic collects.")
    copied, same = publish(SOURCE, TARGET)
    sys.stdout.write(f"static files: {copied} new or changed, {same} there already\n")
