"""At build: variants of static files that nginx's gzip_static and brotli_static send as they are."""

import gzip
import hashlib
import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# What has a loss-free compression of its own (images, fonts of the web, video, archives) gains nothing.
SUFFIXES = frozenset(
    ".css .csv .eot .htm .html .ico .js .json .map .md .mjs .otf .svg .ttf .txt .wasm .webmanifest .xml".split()
)
# A folder that lives longer than one build: what has the same content is not compressed again.
CACHE = Path("/var/cache/wsgi-on-aws")


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=9, mtime=0)


def _brotli(content: bytes) -> bytes:
    return subprocess.run(
        ["brotli", "--best", "--stdout", "-"], input=content, stdout=subprocess.PIPE, check=True
    ).stdout


VARIANTS: dict[str, Callable[[bytes], bytes]] = {".gz": _gzip, ".br": _brotli}


def compress(folder: Path) -> int:
    """Writes .gz and .br beside each file that gets smaller by it; returns how many. What is there already stays."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES]
    with ThreadPoolExecutor() as pool:
        return sum(pool.map(_variants, files))


def _variants(path: Path) -> int:
    content = path.read_bytes()
    written = 0
    for suffix, compressed in VARIANTS.items():
        target = path.with_name(path.name + suffix)
        if target.exists():
            continue
        variant = _cached(content, suffix, compressed)
        if len(variant) < len(content):
            target.write_bytes(variant)
            shutil.copystat(path, target)
            written += 1
    return written


def _cached(content: bytes, suffix: str, compressed: Callable[[bytes], bytes]) -> bytes:
    kept = CACHE / (hashlib.sha256(content).hexdigest() + suffix)
    if kept.exists():
        return kept.read_bytes()
    variant = compressed(content)
    CACHE.mkdir(parents=True, exist_ok=True)
    # Renamed into place: another build that shares the cache never reads half a file.
    part = kept.with_name(f"{kept.name}.{id(content)}")
    part.write_bytes(variant)
    part.replace(kept)
    return variant
