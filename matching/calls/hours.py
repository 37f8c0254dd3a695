"""When to call: inside office hours, in the part of the day somebody likes."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from core.holidays import holidays_between

OFFICE = (time(9), time(17))
PARTS = {
    User.CallTime.MORNING: (time(9), time(12)),
    User.CallTime.NOON: (time(12), time(14)),
    User.CallTime.AFTERNOON: (time(14), time(17)),
    User.CallTime.EVENING: (time(17), time(19)),
}
PAUSE = timedelta(hours=2)  # after a try
PRESSES = timedelta(hours=3)  # so short before it is too late
SOON = timedelta(minutes=15)


def next_try(person: User, *, now: datetime, until: datetime) -> datetime:
    """
    The next moment that suits the person and the office; sooner and at any office hour where that would be too late.

    `until`: aware, when it is too late. In a quarter of an hour where the office does not open before it.
    """
    part = PARTS.get(User.CallTime(person.call_time), OFFICE)
    calmly = [(PAUSE, part), (PAUSE, OFFICE)] if until - now >= PRESSES else []
    tries = [_open(now + pause, *hours) for pause, hours in [*calmly, (SOON, OFFICE)]]
    in_time = next((at for at in tries if at < until), None)
    return in_time or (tries[-1] if until <= now else now + SOON)


def after_open(lasting: timedelta, *, since: datetime) -> datetime:
    """The moment by which the office was open for `lasting` since then."""
    while True:
        first = _open(since, *OFFICE)
        last = _at(timezone.localdate(first), OFFICE[1])
        if last - first >= lasting:
            return first + lasting
        lasting, since = lasting - (last - first), last


def opens_at(now: datetime) -> datetime | None:
    """When calling begins again; None while one may call, which goes on for those who like the evening."""
    at = _open(now, OFFICE[0], PARTS[User.CallTime.EVENING][1])
    return None if at <= now else at


def suits_now(person: User, *, now: datetime) -> bool:
    """Is this a part of the day they like?"""
    part = PARTS.get(User.CallTime(person.call_time))
    return part is None or part[0] <= timezone.localtime(now).time() < part[1]


def _open(soonest: datetime, first: time, last: time) -> datetime:
    """`soonest`, or when these hours next begin on a day on which the office is open."""
    local = timezone.localtime(soonest)
    day = local.date() if local.time() < last else local.date() + timedelta(days=1)
    open_day = _working_day(day)
    return max(local, _at(open_day, first))


def _working_day(day: date) -> date:
    """This day, or the next one on which the office is open."""
    closed = holidays_between(day, day + timedelta(days=10))
    while day.weekday() > 4 or day in closed:
        day += timedelta(days=1)
    return day


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
