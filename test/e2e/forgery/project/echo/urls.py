from django.urls import re_path

from echo.views import deaf, echo, redirect

urlpatterns = [
    re_path("^(?:.*/)?redirect/$", redirect),
    re_path("^(?:.*/)?deaf/.*/$", deaf),
    re_path("^(?!.*nowhere).*/$", echo),
]
