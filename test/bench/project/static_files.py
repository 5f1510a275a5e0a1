"""At build: the two static files that are measured, under hashed names, with the variants that the product's image makes."""

import sys
from pathlib import Path

import django
from wsgi_on_aws.compress import compress

folder = Path(sys.argv[1])
scripts = sorted((Path(django.__file__).parent / "contrib/admin/static/admin/js").rglob("*.js"))
source = b"".join(path.read_bytes() for path in scripts)
# Real JavaScript as people write it, with comments: Django's own for its admin pages.
(folder / "small.5d41402abc4b.js").write_bytes(source[: 1 << 10])
(folder / "large.7d793037a076.js").write_bytes(source[: 100 << 10])
print(compress(folder), "compressed variants")
