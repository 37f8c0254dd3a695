"""The city in numbers for the coordinator: no names, no texts, and no number small enough to point at somebody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext, ngettext

from accounts.models import VolunteerProfile
from matching import states
from matching.models import HelpRequest, Match
from places.models import Quarter

DAYS_BACK = 90
SMALLEST_SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One quarter, or the city, in words. `share`: percent for the bar, None where there were too few."""

    name: str
    open: str
    waiting: str
    share: int | None
    share_in_words: str
    volunteers: str
    never_asked: str


class _Counted:
    """What was counted in one quarter: days waited per open request, found or not per request, asked or not."""

    def __init__(self) -> None:
        self.waited: list[int] = []
        self.found: list[bool] = []
        self.never_asked: list[bool] = []

    def __iadd__(self, other: "_Counted") -> "_Counted":
        self.waited += other.waited
        self.found += other.found
        self.never_asked += other.never_asked
        return self


def read(now: datetime) -> dict[str, Any]:
    """The context of `desk/numbers.html` in four queries."""
    quarters = list(Quarter.objects.only("name", "slug"))
    counted = _count(now)
    whole = _Counted()
    for quarter in quarters:
        whole += counted[quarter.pk]
    rows = [_row(quarter.name, counted[quarter.pk], str_of=_exact) for quarter in quarters]
    # Rounded, so that nobody computes a hidden number from the sum and the rows that are shown.
    return {"rows": rows, "total": _row(gettext("Ganze Stadt"), whole, str_of=_rounded), "days": DAYS_BACK}


def _count(now: datetime) -> dict[UUID | None, _Counted]:
    counted: dict[UUID | None, _Counted] = defaultdict(_Counted)
    for quarter, since in HelpRequest.objects.open().order_by().values_list("quarter", "open_since"):
        counted[quarter].waited.append(max((now - (since or now)).days, 0))
    recent = HelpRequest.objects.filter(open_since__gte=now - timedelta(days=DAYS_BACK)).exclude(state=states.DRAFT)
    helped = Exists(Match.objects.filter(request=OuterRef("pk"), confirmed_at__isnull=False))
    for quarter, found in recent.order_by().values_list("quarter", helped):
        counted[quarter].found.append(found)
    ready = VolunteerProfile.objects.filter(welcomed_at__isnull=False, user__is_active=True)
    for quarter, asked in ready.order_by().values_list("user__quarter", "last_asked_at"):
        counted[quarter].never_asked.append(asked is None)
    return counted


def _row(name: str, counted: _Counted, *, str_of: Any) -> Row:
    share = _percent(counted.found)
    return Row(
        name=name,
        open=str_of(len(counted.waited)),
        waiting=_days(counted.waited),
        share=share,
        share_in_words=_too_few() if share is None else gettext("%(share)s von 100") % {"share": share},
        volunteers=str_of(len(counted.never_asked)),
        never_asked=str_of(sum(counted.never_asked)),
    )


def _exact(number: int) -> str:
    if number < SMALLEST_SHOWN:
        return gettext("unter %(number)s") % {"number": SMALLEST_SHOWN}
    return str(number)


def _rounded(number: int) -> str:
    if number < SMALLEST_SHOWN:
        return _exact(number)
    return gettext("rund %(number)s") % {"number": round(number, -1)}


def _percent(found: Sequence[bool]) -> int | None:
    return round(100 * sum(found) / len(found)) if len(found) >= SMALLEST_SHOWN else None


def _days(waited: Sequence[int]) -> str:
    if len(waited) < SMALLEST_SHOWN:
        return _too_few()
    days = round(median(waited))
    return ngettext("%(days)s Tag", "%(days)s Tage", days) % {"days": days}


def _too_few() -> str:
    return gettext("zu wenige")
