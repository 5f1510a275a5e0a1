"""One view for each thing that a test asks for; the first part of the path is free, so that each feature has paths of its own."""

from django.urls import path

from site_of_features import views

urlpatterns = [
    path(f"{prefix}{name}", view)
    for prefix in ("", "<slug:area>/")
    for name, view in {
        "": views.seen,
        "seen": views.seen,
        "page/<slug:name>": views.page,
        "page/<slug:name>/": views.page,
        "sleep/<int:milliseconds>": views.sleep,
        "busy": views.busy,
        "calls/<slug:name>": views.calls,
        "connection": views.connection,
        "stream": views.stream,
        "take": views.take,
        "keep/<str:name>": views.keep,
        "fail/<int:status>": views.fail,
    }.items()
]
