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
    """The next moment that suits the person and the office; in a quarter of an hour where time presses."""
    if until - now < PRESSES:
        return now + SOON
    first, last = PARTS.get(User.CallTime(person.call_time), OFFICE)
    soonest = timezone.localtime(now + PAUSE)
    day = soonest.date()
    if soonest.time() >= last:
        day, soonest = day + timedelta(days=1), _at(day + timedelta(days=1), first)
    open_day = _working_day(day)
    return _at(open_day, first) if open_day != day else max(soonest, _at(day, first))


def suits_now(person: User, *, now: datetime) -> bool:
    """Is this a part of the day they like?"""
    part = PARTS.get(User.CallTime(person.call_time))
    return part is None or part[0] <= timezone.localtime(now).time() < part[1]


def _working_day(day: date) -> date:
    """This day, or the next one on which the office is open."""
    closed = holidays_between(day, day + timedelta(days=10))
    while day.weekday() > 4 or day in closed:
        day += timedelta(days=1)
    return day


def _at(day: date, clock: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))
