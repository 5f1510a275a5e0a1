"""Static files under names with a hash of their content, without Django's strictness about what packages leave out."""

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.exceptions import SuspiciousOperation


class LenientManifestStaticFilesStorage(ManifestStaticFilesStorage):
    """A file that is not there keeps its plain name: the browser gets a 404 for it, not the site a 500.

    Packages ship JavaScript whose source map they leave out, and templates name images that were lost: neither shows
    with Django's default storage, which a project was written with (https://code.djangoproject.com/ticket/33353).
    """

    manifest_strict = False

    def hashed_name(self, name, content=None, filename=None):
        try:
            return super().hashed_name(name, content, filename)
        except (ValueError, SuspiciousOperation):
            return name
