from django.urls import re_path

from echo.views import echo, redirect

urlpatterns = [re_path("^(?:.*/)?redirect/$", redirect), re_path("^(?!.*nowhere).*/$", echo)]
