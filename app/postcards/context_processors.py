"""What the foot of every page tells: who rendered it, and when."""

import os
import socket
from typing import Any

from django.http import HttpRequest
from django.utils import timezone


def served_by(request: HttpRequest) -> dict[str, Any]:
    """The servers between the visitor and this code, as the request shows them, and this very process."""
    gunicorn = request.META.get("SERVER_SOFTWARE", "").startswith("gunicorn")
    proxy = ["nginx"] if "X-Real-IP" in request.headers else []
    return {
        "chain": [*proxy, "Gunicorn" if gunicorn else "development server", "Django"],
        "worker": os.getpid(),
        "host": socket.gethostname(),
        "rendered_at": timezone.now(),
    }
