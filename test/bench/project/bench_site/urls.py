from django.urls import path

from bench_site import views

urlpatterns = [
    path("healthz", views.json),
    path("json/", views.json),
    path("page", views.page),
]
