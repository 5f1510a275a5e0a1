from django.urls import path

from faults import views

urlpatterns = [
    path("page/", views.page),
    path("quick/", views.quick),
    path("write/<int:number>/", views.write),
    path("slow/<int:seconds>/", views.slow),
    path("hang/", views.hang),
    path("upload/", views.upload),
    path("cached/<slug:name>/", views.cached),
]
