"""The addresses of the site. Uploads are under /media/: nginx serves them, here only the development server does."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import path

from postcards import views

urlpatterns = [
    path("", views.wall, name="wall"),
    path("write/", views.write, name="write"),
    path("gallery/", views.gallery, name="gallery"),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]
