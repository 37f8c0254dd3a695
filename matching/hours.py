"""The volunteer's log of hours: every visit that is over, month by month, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from matching import states, words
from matching.models import Appointment


@dataclass(frozen=True)
class Visit:
    """Without a name: the log is a proof of time and may be shown to others."""

    start: datetime
    minutes: int
    kinds: str


@dataclass(frozen=True)
class Month:
    name: str
    minutes: int
    visits: list[Visit]


def months_of(user: User) -> list[Month]:
    """Where nobody tapped "Bin fertig", the planned time counts."""
    rows = Appointment.objects.filter(match__volunteer=user, state=states.DONE_VISIT).order_by("-start", "id")
    visits = [_visit(row) for row in rows.select_related("match__request").prefetch_related("match__request__skills")]
    months = groupby(
        visits, key=lambda visit: (timezone.localtime(visit.start).year, timezone.localtime(visit.start).month)
    )
    return [_month(list(group)) for _key, group in months]


def _visit(row: Appointment) -> Visit:
    return Visit(row.start, row.minutes or row.planned_minutes, words.kinds(row.match.request.skills.all()))


def _month(visits: list[Visit]) -> Month:
    name = date_format(timezone.localtime(visits[0].start), "F Y")
    return Month(name, sum(visit.minutes for visit in visits), visits)
