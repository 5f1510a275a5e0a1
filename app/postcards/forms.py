"""The form with which a visitor writes a postcard."""

from django import forms
from django.core.files.base import ContentFile

from postcards.models import Postcard
from postcards.pictures import FORMATS, MAX_MEGABYTES, to_webp


class PostcardForm(forms.ModelForm):
    class Meta:
        model = Postcard
        fields = ["name", "message", "picture"]
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "message": forms.Textarea(attrs={"rows": 5}),
            "picture": forms.FileInput(attrs={"accept": ",".join(FORMATS.values())}),
        }
        labels = {"picture": "Picture (optional)"}
        help_texts = {"picture": f"JPEG, PNG, WebP or GIF, at most {MAX_MEGABYTES} MB."}

    def clean_picture(self) -> ContentFile | None:
        picture = self.cleaned_data["picture"]
        return to_webp(picture) if picture else None
