"""What a confirmed match needs on paper: the dated order of the responsible carrier, and a word for the door."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from matching.models import Match, Order

KEEP_ORDER = timedelta(days=3 * 365)  # claims after an accident come late
CODE_WORDS = (
    "Ahorn", "Amsel", "Apfel", "Birke", "Birne", "Buche", "Dachs", "Distel", "Eibe", "Eiche", "Erle", "Esche",
    "Falke", "Farn", "Feige", "Flieder", "Forelle", "Ginster", "Hafer", "Hasel", "Heide", "Igel", "Iltis",
    "Kamille", "Kastanie", "Kiefer", "Kirsche", "Klee", "Kranich", "Lavendel", "Lerche", "Linde", "Luchs", "Malve",
    "Marder", "Meise", "Minze", "Mohn", "Möhre", "Nelke", "Otter", "Pappel", "Pflaume", "Quitte", "Rabe", "Reiher",
    "Robbe", "Salbei", "Schilf", "Sperling", "Storch", "Tanne", "Thymian", "Ulme", "Veilchen", "Wacholder", "Weide",
    "Wiesel", "Zander", "Zeder",
)  # fmt: skip


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
