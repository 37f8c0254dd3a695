"""What every template may use: names of the service and the city, the viewer's quarter office, the text size."""

from django.conf import settings
from django.http import HttpRequest


def house(request: HttpRequest) -> dict:
    """
    Values for every page.

    `office_quarter`: the viewer's Quarter or None; `text_size`: "normal" or "large" (profile, else cookie).
    """
    user = getattr(request, "user", None)
    known = bool(user and user.is_authenticated)
    size = user.text_size if known else request.COOKIES.get("text_size", "normal")
    return {
        "SERVICE_NAME": settings.SERVICE_NAME,
        "CITY_NAME": settings.CITY_NAME,
        "CITY_PHONE": settings.CITY_PHONE,
        "DEMO": settings.DEMO,
        "office_quarter": user.quarter if known else None,
        "text_size": "large" if size == "large" else "normal",
    }
