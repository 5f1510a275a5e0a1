"""The two answers that are measured: small data, and a page that is worth a cache."""

import time

from django.http import JsonResponse
from django.shortcuts import render

# What an answer with some queries and a template of a real site costs, whatever the machine: seconds of CPU.
PAGE_SECONDS = 0.010

WORDS = (
    "harbour lantern meadow copper violet thunder orchard compass feather granite willow ember saffron "
    "glacier marble cinnamon river anchor juniper velvet prairie cobalt maple horizon"
).split()
ROWS = [
    {
        "id": number,
        "title": " ".join(WORDS[(number * step) % len(WORDS)] for step in (1, 5, 7)),
        "price": f"{(number * 7919) % 9000 / 100 + 10:.2f}",
        "stock": (number * 104729) % 997,
    }
    for number in range(1, 76)
]


def json(request):
    return JsonResponse({"status": "ok", "user": None, "items": ROWS[:2], "total": len(ROWS)})


def page(request):
    started = time.thread_time()
    answer = render(request, "page.html", {"rows": ROWS})
    while time.thread_time() - started < PAGE_SECONDS:
        sum(range(1000))
    return answer
