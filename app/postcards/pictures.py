"""Uploaded pictures. They are not stored as sent but drawn anew: what hides in a file (a place, a script) stays out."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageOps

FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
MAX_MEGABYTES = 5
MAX_MEGAPIXELS = 24  # a small file can unpack to far more memory than a container has
LONGEST_SIDE = 1600


def to_webp(upload: UploadedFile) -> ContentFile:
    """The picture as WebP, upright, at most 1600 pixels a side, without metadata; ValidationError if it is none."""
    if (upload.size or 0) > MAX_MEGABYTES * 1024 * 1024:
        raise ValidationError(f"Please choose a picture of at most {MAX_MEGABYTES} MB.", code="too_large")
    upload.seek(0)
    try:
        with Image.open(upload, formats=list(FORMATS)) as image:
            _check_pixels(image)
            return ContentFile(_encode(image), name="picture.webp")
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises for unknown, broken or cut-off files
        raise ValidationError("Please choose a JPEG, PNG, WebP or GIF picture.", code="not_a_picture") from error


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > MAX_MEGAPIXELS * 1_000_000:
        raise ValidationError(f"Please choose a picture of at most {MAX_MEGAPIXELS} megapixels.", code="too_large")


def _encode(image: Image.Image) -> bytes:
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    webp = BytesIO()
    ImageOps.exif_transpose(image).save(webp, "WEBP", quality=80)
    return webp.getvalue()
