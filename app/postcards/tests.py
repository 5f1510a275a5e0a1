"""What visitors, nginx and the load balancer rely on. Run with `python manage.py test`."""

import re
from io import BytesIO
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings
from PIL import Image

from postcards.models import Postcard
from postcards.pictures import MAX_MEGABYTES

PLAIN_STATIC = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # none collected
CARD = {"name": "Ana", "message": "Sun, salt & fish."}


def photo(size: tuple[int, int] = (40, 20), format: str = "JPEG") -> SimpleUploadedFile:
    """A picture as a phone takes it: on its side, and with the name of its maker in the metadata."""
    exif = Image.Exif()
    exif[0x0112] = 6  # orientation: turn a quarter to the right
    exif[0x010F] = "SecretMaker"
    data = BytesIO()
    Image.new("RGB", size, "teal").save(data, format, exif=exif)
    return SimpleUploadedFile("../holiday.jpg", data.getvalue(), "image/jpeg")


@override_settings(SECURE_SSL_REDIRECT=False, STORAGES=settings.STORAGES | PLAIN_STATIC)
class SiteTestCase(TestCase):
    def setUp(self) -> None:
        media = TemporaryDirectory()
        self.addCleanup(media.cleanup)
        self.enterContext(self.settings(MEDIA_ROOT=media.name))

    def write(self, **changes: object) -> HttpResponse:
        return self.client.post("/write/", CARD | changes)


class WritingTests(SiteTestCase):
    def test_a_postcard_appears_on_the_wall_and_is_confirmed_once(self) -> None:
        self.assertRedirects(self.write(), "/", fetch_redirect_response=False)
        first, second = self.client.get("/"), self.client.get("/")
        self.assertContains(first, "Sun, salt &amp; fish.")
        self.assertContains(first, "Your postcard is on the wall")
        self.assertNotContains(second, "Your postcard is on the wall")

    def test_a_form_from_elsewhere_is_refused_with_a_page_of_ours(self) -> None:
        response = Client(enforce_csrf_checks=True).post("/write/", CARD)
        self.assertContains(response, "This postcard was not sent", status_code=403)
        self.assertFalse(Postcard.objects.exists())

    def test_an_incomplete_postcard_is_not_kept(self) -> None:
        self.assertContains(self.write(name=" "), "This field is required.")
        self.assertFalse(Postcard.objects.exists())


class PictureTests(SiteTestCase):
    def refused(self, data: bytes, reason: str) -> None:
        response = self.write(picture=SimpleUploadedFile("a.jpg", data, "image/jpeg"))
        self.assertFormError(response.context["form"], "picture", reason)
        self.assertFalse(Postcard.objects.exists())

    def test_a_picture_is_drawn_anew_under_a_random_name(self) -> None:
        self.write(picture=photo())
        picture = Postcard.objects.get().picture
        self.assertRegex(picture.name, r"^postcards/[0-9a-f-]{36}\.webp$")
        with picture.open() as file:
            data = file.read()
        self.assertNotIn(b"SecretMaker", data)
        with Image.open(BytesIO(data)) as image:
            self.assertEqual((image.format, image.size), ("WEBP", (20, 40)))

    def test_a_large_picture_is_made_smaller(self) -> None:
        self.write(picture=photo((4000, 1000)))
        postcard = Postcard.objects.get()
        self.assertEqual((postcard.picture_width, postcard.picture_height), (400, 1600))

    def test_what_is_no_picture_is_refused(self) -> None:
        invalid = "Upload a valid image. The file you uploaded was either not an image or a corrupted image."
        self.refused(b"<?php echo 1;", invalid)

    def test_a_picture_that_is_cut_off_is_refused(self) -> None:
        self.refused(photo((400, 400)).read()[:-200], "Please choose a JPEG, PNG, WebP or GIF picture.")

    def test_other_formats_are_refused(self) -> None:
        bitmap = BytesIO()
        Image.new("RGB", (4, 4)).save(bitmap, "BMP")
        self.refused(bitmap.getvalue(), "Please choose a JPEG, PNG, WebP or GIF picture.")

    def test_too_many_bytes_are_refused(self) -> None:
        padding = b"\0" * (MAX_MEGABYTES * 1024 * 1024)
        self.refused(photo().read() + padding, "Please choose a picture of at most 5 MB.")

    def test_too_many_pixels_are_refused(self) -> None:
        self.refused(photo((6000, 5000)).read(), "Please choose a picture of at most 24 megapixels.")


class ServingTests(SiteTestCase):
    def test_the_gallery_may_be_cached_even_for_a_visitor_with_cookies(self) -> None:
        self.client.get("/write/")
        self.write(picture=photo())
        response = self.client.get("/gallery/")
        self.assertContains(response, Postcard.objects.get().picture.url)
        self.assertEqual(response.headers["Cache-Control"], "public, max-age=0, s-maxage=60")
        self.assertNotIn("Vary", response.headers)
        self.assertFalse(response.cookies)
        self.assertNotContains(response, "Your postcard is on the wall")

    def test_the_wall_is_never_cached(self) -> None:
        self.assertIn("no-store", self.client.get("/").headers["Cache-Control"])

    def test_health_needs_neither_a_known_host_nor_the_database_nor_https(self) -> None:
        with self.settings(SECURE_SSL_REDIRECT=True), self.assertNumQueries(0):
            response = self.client.get("/healthz", headers={"host": "10.0.0.7"})
        self.assertEqual((response.status_code, response.content), (200, b"ok\n"))

    def test_other_pages_refuse_an_unknown_host(self) -> None:
        with self.assertLogs("django.security.DisallowedHost", "ERROR"):
            self.assertEqual(self.client.get("/", headers={"host": "10.0.0.7"}).status_code, 400)

    def test_pages_have_nothing_inline_and_a_policy_that_says_so(self) -> None:
        self.write(picture=photo())
        for page in ("/", "/write/", "/gallery/", "/missing/"):
            response = self.client.get(page)
            self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
            self.assertIsNone(re.search(rb"<style|<script(?! type=\"module\" src=)| style=| on\w+=", response.content))

    def test_an_unknown_page_and_a_fault_are_answered_with_pages_of_ours(self) -> None:
        self.assertContains(self.client.get("/missing/"), "Return to sender", status_code=404)
        self.client.raise_request_exception = False
        with self.settings(MESSAGE_STORAGE="missing.Storage"), self.assertLogs("django.request", "ERROR"):
            self.assertContains(self.client.get("/"), "Lost in the mail", status_code=500)
