"""The three pages: the wall, the form, and the gallery that nginx may keep."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from postcards.forms import PostcardForm
from postcards.models import Postcard


@require_safe
@never_cache
def wall(request: HttpRequest) -> HttpResponse:
    """The newest postcards. Never cached: it carries the visitor's own messages, and a new postcard shows at once."""
    return render(request, "postcards/wall.html", {"postcards": Postcard.objects.all()[:30]})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def write(request: HttpRequest) -> HttpResponse:
    """The form. After a success it redirects, so that reloading the page does not send the postcard again."""
    form = PostcardForm(request.POST or None, request.FILES or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Thank you! Your postcard is on the wall.")
        return redirect("wall")
    return render(request, "postcards/write.html", {"form": form})


@require_safe
@cache_control(public=True, max_age=0, s_maxage=60)
def gallery(request: HttpRequest) -> HttpResponse:
    """The newest pictures and a count: the same for everybody, so nginx may keep it a minute; browsers ask again."""
    pictured = ~Q(picture="")
    totals = Postcard.objects.aggregate(
        postcards=Count("pk"), pictures=Count("pk", filter=pictured), writers=Count("name", distinct=True)
    )
    pictures = Postcard.objects.filter(pictured)[:60]
    return render(request, "postcards/gallery.html", {"totals": totals, "pictures": pictures})
