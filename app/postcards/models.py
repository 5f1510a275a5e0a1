"""What the database keeps."""

from uuid import uuid4

from django.db import models


def random_name(postcard: "Postcard", filename: str) -> str:
    """A name that says nothing of the visitor's file and that nobody can guess. Pictures are always stored as WebP."""
    return f"postcards/{uuid4()}.webp"


class Postcard(models.Model):
    """A greeting that somebody left on the wall."""

    name = models.CharField("your name", max_length=60)
    message = models.TextField(max_length=500)
    picture = models.ImageField(
        upload_to=random_name, width_field="picture_width", height_field="picture_height", blank=True
    )
    # Kept so that a page knows the size of its pictures without opening the files.
    picture_width = models.PositiveIntegerField(null=True, editable=False)
    picture_height = models.PositiveIntegerField(null=True, editable=False)
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        indexes = [models.Index(fields=["-written_at", "-id"], name="newest_first")]

    def __str__(self) -> str:
        return f"{self.name}: {self.message[:40]}"
