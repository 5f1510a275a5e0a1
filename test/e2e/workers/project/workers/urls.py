from django.urls import path

from workers import views

urlpatterns = [
    path("", views.page),
    path("write/", views.write),
    path("read/", views.read),
    path("who/", views.who),
    path("sleep/", views.sleep),
    path("sleep/async/", views.sleep_async),
    path("sleep/database/", views.sleep_in_database),
]
