"""What a confirmed match needs on paper: the dated order of the responsible carrier."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from matching.models import Match, Order

KEEP_ORDER = timedelta(days=3 * 365)  # claims after an accident come late


def write_order(match: Match, *, now: datetime) -> Order:
    """Who, for whom, what, when; its number is short enough to read out on the telephone."""
    day = timezone.localtime(now).date()
    skills = ", ".join(skill.name_de for skill in match.request.skills.all())
    return Order.objects.create(
        match=match,
        number=f"{day:%y%m%d}-{match.pk.hex[:8]}",
        carrier=match.request.quarter.carrier or settings.CARRIER_NAME,
        what=skills[:300],
        dated=day,
        created_at=now,
        delete_on=day + KEEP_ORDER,
    )
