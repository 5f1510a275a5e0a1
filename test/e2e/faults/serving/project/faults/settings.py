"""Hosts, static files and logging come from the stack: it lays them over these settings."""

import os

SECRET_KEY = os.environ.get("SECRET_KEY", "for the build alone")
ROOT_URLCONF = "faults.urls"
WSGI_APPLICATION = "faults.wsgi.application"
INSTALLED_APPS = ["django.contrib.staticfiles", "faults"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
STATIC_URL = "/static/"
