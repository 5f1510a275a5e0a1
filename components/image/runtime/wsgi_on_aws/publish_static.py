"""In a release: copies the image's static files into the volume that nginx serves.

Files of earlier versions stay, for pages that visitors loaded before the release still name them.
"""

import filecmp
import shutil
import sys
from pathlib import Path

SOURCE = Path("/srv/static-build")
TARGET = Path("/srv/static")


def publish(source: Path, target: Path) -> tuple[int, int]:
    """Copies new and changed files, each in one step; returns how many were copied and how many were there already."""
    copied = same = 0
    for path in sorted(source.rglob("*")):
        place = target / path.relative_to(source)
        if path.is_dir():
            place.mkdir(mode=0o755, exist_ok=True)
        elif place.is_file() and filecmp.cmp(path, place, shallow=False):
            same += 1
        else:
            part = place.with_name(f".{place.name}.part")
            shutil.copyfile(path, part)
            part.chmod(0o644)
            part.replace(place)
            copied += 1
    return copied, same


if __name__ == "__main__":
    copied, same = publish(SOURCE, TARGET)
    sys.stdout.write(f"static files: {copied} new or changed, {same} there already\n")
