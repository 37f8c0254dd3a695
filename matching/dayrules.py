"""
On which days, and when on them, a pair may meet: checks that hold on the day of the visit, and the rules for the young.

The law of the day. Pure; the same on arrays stands in `matching.roster.young`, and a test holds both together.

- Every step that the kinds of help need holds on the day itself. A helper under 18 needs `youth.NEEDS` too.
- Under 18 the band of the age on that day decides: the kinds of help, the hours between which they may help (on school
  days after school), how long on one day with what is agreed already, and how many hours in that week.
- Somebody without a birthday on record counts as grown up.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo

from accounts import youth
from accounts.youth import Band
from matching.facts import Interval, RequestFacts, VolunteerFacts, age_on, birthday
from matching.localdays import local_days

WHOLE_DAY = (0, 1440)


def wished(request: RequestFacts, *, today: date, zone: tzinfo) -> tuple[date, date]:
    """The first and the last day the request is about; today where it names none."""
    return between(request.windows, zone) if request.windows else (today, today)


def between(windows: Sequence[Interval], zone: tzinfo) -> tuple[date, date]:
    """The first and the last local day of these windows, at least one."""
    last = max(end for _start, end in windows) - timedelta(microseconds=1)
    first = min(start for start, _end in windows)
    return first.astimezone(zone).date(), last.astimezone(zone).date()


def is_young(volunteer: VolunteerFacts, day: date) -> bool:
    return volunteer.born_on is not None and age_on(volunteer.born_on, day) < youth.ADULT


def lacking(request: RequestFacts, volunteer: VolunteerFacts, day: date) -> frozenset[str]:
    """The steps needed that do not hold on this day."""
    needs = request.needs | set(youth.NEEDS) if is_young(volunteer, day) else request.needs
    return frozenset(need for need in needs if not _holds(volunteer.vetted, need, day))


def checked(request: RequestFacts, volunteer: VolunteerFacts, day: date) -> bool:
    """Every step needed holds on this day."""
    return not lacking(request, volunteer, day)


def checked_between(request: RequestFacts, volunteer: VolunteerFacts, first: date, last: date) -> bool:
    """On one of these days at least: checks only run out, but a birthday may do without the parents' yes."""
    if checked(request, volunteer, first):
        return True
    grown = birthday(volunteer.born_on, youth.ADULT) if volunteer.born_on else first
    return first < grown <= last and checked(request, volunteer, grown)


def band_on(request: RequestFacts, volunteer: VolunteerFacts, day: date) -> Band | None:
    """The band of a young helper for this help on this day; None where they may not."""
    assert volunteer.born_on is not None
    band = request.youth.band(age_on(volunteer.born_on, day), day)
    return band if band and request.minors_may and band.admits(request.skills) else None


def old_enough(request: RequestFacts, volunteer: VolunteerFacts, day: date) -> bool:
    return not is_young(volunteer, day) or band_on(request, volunteer, day) is not None


def minutes(request: RequestFacts, volunteer: VolunteerFacts, day: date, zone: tzinfo) -> tuple[int, int] | None:
    """
    Minutes of the local day between which they may meet; None: not on this day.

    Where a check is missing or they are too young on all wished days, a gate of its own says so and no day is shut
    for it: else nobody would see that this check alone stands between the two.
    """
    first, last = wished(request, today=day, zone=zone)
    if not checked(request, volunteer, day) and checked_between(request, volunteer, first, last):
        return None
    if not is_young(volunteer, day) or not old_enough(request, volunteer, last):
        return WHOLE_DAY
    band = band_on(request, volunteer, day)
    if band is None or _minutes_taken(volunteer, day, zone) + _minutes(request.duration) > band.minutes_a_day:
        return None
    return request.youth.hours(band, day)


def hours_a_week(request: RequestFacts, volunteer: VolunteerFacts, day: date) -> float:
    """How many hours they may help in the week of this day: as they want, the young no more than the band says."""
    band = band_on(request, volunteer, day) if is_young(volunteer, day) else None
    return min(volunteer.hours_per_week, band.hours_a_week) if band else volunteer.hours_per_week


def _minutes_taken(volunteer: VolunteerFacts, day: date, zone: tzinfo) -> int:
    """Agreed visits of this day, in either role."""
    return sum(_on_day(start, end, day, zone) for start, end, _cell in volunteer.busy)


def _on_day(start: datetime, end: datetime, day: date, zone: tzinfo) -> int:
    return sum(last - first for one, first, last in local_days(start, end, zone) if one == day)


def _minutes(span: timedelta) -> int:
    return -(-span // timedelta(minutes=1))


def _holds(vetted: dict[str, date | None], need: str, on: date) -> bool:
    if need not in vetted:
        return False
    until = vetted[need]
    return until is None or until >= on
