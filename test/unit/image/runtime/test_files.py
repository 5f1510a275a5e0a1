import gzip
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from wsgi_on_aws import compress
from wsgi_on_aws.publish_static import missing, publish


class Files(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.source = Path(folder.name, "source")
        self.target = Path(folder.name, "target")
        self.cache = Path(folder.name, "cache")
        for part in (self.source / "css", self.target):
            part.mkdir(parents=True)

    def names(self, folder):
        return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


class Publish(Files):
    def test_new_and_changed_files_are_copied_and_old_ones_stay(self):
        (self.source / "css/a.css").write_text("a")
        (self.source / "b.css").write_text("b")
        self.assertEqual(publish(self.source, self.target), (2, 0))
        untouched = (self.target / "b.css").stat().st_ino
        (self.source / "css/a.css").write_text("A")  # the same size
        (self.source / "c.css").write_text("c")
        (self.target / "old.css").write_text("old")
        self.assertEqual(publish(self.source, self.target), (2, 1))
        self.assertEqual(self.names(self.target), ["b.css", "c.css", "css/a.css", "old.css"])
        self.assertEqual((self.target / "css/a.css").read_text(), "A")
        self.assertEqual((self.target / "b.css").stat().st_ino, untouched)
        self.assertEqual((self.target / "css/a.css").stat().st_mode & 0o777, 0o644)

    def test_what_must_be_there_is_named_when_it_is_not(self):
        (self.source / "css/a.css").write_text("a")
        pages = ["/static/css/a.css", "/static/css", "/static/down.html"]
        self.assertEqual(missing(self.source, pages), ["/static/css", "/static/down.html"])

    def test_a_variant_does_not_outlive_the_content_it_was_made_of(self):
        for name in ("robots.txt", "robots.txt.gz", "robots.txt.br", "old.css", "old.css.gz"):
            (self.source / name).write_text(name)
        publish(self.source, self.target)
        (self.source / "robots.txt").write_text("short")
        for name in ("robots.txt.gz", "old.css", "old.css.gz"):
            (self.source / name).unlink()
        publish(self.source, self.target)
        self.assertEqual(self.names(self.target), ["old.css", "old.css.gz", "robots.txt", "robots.txt.br"])

    def test_a_file_becomes_a_folder_and_a_folder_a_file(self):
        (self.source / "css/a.css").write_text("a")
        (self.source / "docs").write_text("docs")
        publish(self.source, self.target)
        (self.source / "css/a.css").unlink()
        (self.source / "css").rmdir()
        (self.source / "css").write_text("css")
        (self.source / "docs").unlink()
        (self.source / "docs").mkdir()
        (self.source / "docs/a.html").write_text("a")
        self.assertEqual(publish(self.source, self.target), (2, 0))
        self.assertEqual(self.names(self.target), ["css", "docs/a.html"])


class Compress(Files):
    def compress(self):
        variants = {".gz": compress._gzip, ".br": lambda content: content}
        with mock.patch.object(compress, "CACHE", self.cache), mock.patch.object(compress, "VARIANTS", variants):
            return compress.compress(self.source)

    def test_only_what_gets_smaller(self):
        text = "a { color: red }\n" * 99
        (self.source / "css/long.css").write_text(text)
        (self.source / "css/short.css").write_text("a{}")
        (self.source / "picture.png").write_text(text)
        self.assertEqual(self.compress(), 1)
        self.assertEqual(self.names(self.source), ["css/long.css", "css/long.css.gz", "css/short.css", "picture.png"])
        self.assertEqual(gzip.decompress((self.source / "css/long.css.gz").read_bytes()).decode(), text)
        self.assertEqual(self.compress(), 0)

    def test_the_same_content_is_compressed_once(self):
        (self.source / "a.css").write_text("a" * 999)
        self.compress()
        (self.source / "b.css").write_text("a" * 999)
        with mock.patch.object(compress, "_gzip", side_effect=AssertionError):
            self.assertEqual(self.compress(), 1)
