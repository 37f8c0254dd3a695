"""The city in numbers for the coordinator: no names, no texts, and no number small enough to point at somebody."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from accounts.models import VolunteerProfile
from matching import states
from matching.desk.unasked import UNASKED
from matching.desk.waiting import able
from matching.fairness import gini
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
    asked_lately: str
    spread: str


class _Counted:
    """
    What was counted in one quarter: days waited per open request, found or not per request, never asked or not.

    Of those who can be asked now: asked in the last six weeks or not, and how often within DAYS_BACK.
    """

    def __init__(self) -> None:
        self.waited: list[int] = []
        self.found: list[bool] = []
        self.never_asked: list[bool] = []
        self.asked_lately: list[bool] = []
        self.asks: list[int] = []

    def __iadd__(self, other: "_Counted") -> "_Counted":
        self.waited += other.waited
        self.found += other.found
        self.never_asked += other.never_asked
        self.asked_lately += other.asked_lately
        self.asks += other.asks
        return self


def read(now: datetime) -> dict[str, Any]:
    """The context of `desk/numbers.html` in six queries."""
    quarters = list(Quarter.objects.only("name", "slug"))
    counted = _count(now)
    whole = _Counted()
    for quarter in quarters:
        whole += counted[quarter.pk]
    rows = [_row(quarter.name, counted[quarter.pk]) for quarter in quarters]
    total = _total(whole, [counted[quarter.pk] for quarter in quarters])
    return {"rows": rows, "total": total, "days": DAYS_BACK, "weeks": UNASKED.days // 7}


def _total(whole: _Counted, each: Sequence[_Counted]) -> Row:
    """The city. Nobody computes a hidden number from its sums and the rows that are shown."""
    return replace(
        _row(gettext("Ganze Stadt"), whole),
        open=total_of([len(one.waited) for one in each]),
        volunteers=total_of([len(one.never_asked) for one in each]),
        never_asked=total_of([sum(one.never_asked) for one in each]),
    )


def total_of(numbers: Sequence[int]) -> str:
    """
    The sum of what stands in the rows, in words that leave each hidden number all it can be.

    The hidden ones (below SMALLEST_SHOWN) add up to S. Said is a round number of the shown sum and of S kept between
    what one of them may be at most and what all but one may be at most: so 0 and the largest both fit each of them.
    """
    hidden = [number for number in numbers if number < SMALLEST_SHOWN]
    shown, most = sum(numbers) - sum(hidden), SMALLEST_SHOWN - 1
    if not shown and (len(hidden) < 3 or sum(hidden) < SMALLEST_SHOWN):
        return _below(SMALLEST_SHOWN * (2 if len(hidden) == 2 else 1))
    if len(hidden) == 1:
        return _rounded(shown + SMALLEST_SHOWN // 2)
    return _rounded(shown + min(max(sum(hidden), most), most * (len(hidden) - 1)) if hidden else shown)


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
    _count_asks(counted, now)
    return counted


def _count_asks(counted: dict[UUID | None, _Counted], now: datetime) -> None:
    """Who is asked at all is what matters here: whoever offers themselves is not counted as asked."""
    asked = Match.objects.filter(asked_at__gte=now - timedelta(days=DAYS_BACK)).exclude(origin=Match.Origin.SELF_OFFER)
    asks = dict(asked.order_by().values("volunteer").annotate(count=Count("pk")).values_list("volunteer", "count"))
    rows = able(now).order_by().values_list("user", "user__quarter", "last_asked_at")
    for person, quarter, last in rows:
        counted[quarter].asked_lately.append(last is not None and last > now - UNASKED)
        counted[quarter].asks.append(asks.get(person, 0))


def _row(name: str, counted: _Counted) -> Row:
    share = _percent(counted.found)
    return Row(
        name=name,
        open=_exact(len(counted.waited)),
        waiting=_days(counted.waited),
        share=share,
        share_in_words=_of_hundred(share),
        volunteers=_exact(len(counted.never_asked)),
        never_asked=_exact(sum(counted.never_asked)),
        asked_lately=_of_hundred(_percent(counted.asked_lately)),
        spread=_spread(counted.asks),
    )


def _of_hundred(share: int | None) -> str:
    return _too_few() if share is None else gettext("%(share)s von 100") % {"share": share}


def _spread(asks: Sequence[int]) -> str:
    """How unevenly asks are spread: 0 where everybody is asked as often, near 1 where it is always the same person."""
    return number_format(gini(asks), 2) if len(asks) >= SMALLEST_SHOWN else _too_few()


def _exact(number: int) -> str:
    return _below(SMALLEST_SHOWN) if number < SMALLEST_SHOWN else str(number)


def _below(number: int) -> str:
    return gettext("unter %(number)s") % {"number": number}


def _rounded(number: int) -> str:
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
