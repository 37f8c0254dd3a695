"""When a volunteer can help: the weekly windows, those with a rule beside them, and dated exceptions."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.finding import running_profile
from accounts.models import Availability, AvailabilityException, User
from core import series
from core.database import find
from core.errors import Invalid

_log = logging.getLogger("gemeinsinn.accounts")
_DAY = 24 * 60
_MOST_WINDOWS = 70
_MOST_EXCEPTIONS = 60


@dataclass(frozen=True)
class Window:
    """
    A weekly window in local time; weekday 0 is Monday, minutes since midnight, the end excluded.

    `rule`: RRULE of a series (`core.series`) that counts from `since`; "" for every week.
    """

    weekday: int
    start_minute: int
    end_minute: int
    rule: str = ""
    since: date | None = None


@transaction.atomic
def set_availability(
    *, person_id: object, by: User, now: datetime, windows: Iterable[Window], keep_series: bool = False
) -> list[Availability]:
    """
    Replace all weekly windows; overlapping or touching ones become one. Raises NotVisible, Invalid.

    `windows`: Window rows in any order, also such with a rule; none means: free at no fixed time. `keep_series`: the
    windows with a rule stay as they are, only the plain ones are replaced.
    """
    profile = running_profile(person_id, by=by)
    kept = [_window(row) for row in profile.availabilities.exclude(rule="")] if keep_series else []
    rows = [Availability(profile=profile, **vars(window)) for window in joined([*windows, *kept])]
    profile.availabilities.all().delete()
    Availability.objects.bulk_create(rows)
    _log.info("availability set person=%s windows=%d by=%s", profile.user_id, len(rows), by.pk)
    return rows


@transaction.atomic
def add_series(*, person_id: object, by: User, now: datetime, window: Window) -> None:
    """One window with a rule beside those that are there; twice is once. Raises NotVisible, Invalid."""
    profile = running_profile(person_id, by=by)
    before = [_window(row) for row in profile.availabilities.all()]
    set_availability(person_id=person_id, by=by, now=now, windows=[*before, window])


@transaction.atomic
def remove_series(*, availability_id: object, person_id: object, by: User, now: datetime) -> None:
    """This window with its rule no longer holds. Raises NotVisible."""
    find(running_profile(person_id, by=by).availabilities.exclude(rule=""), availability_id).delete()


@transaction.atomic
def add_exception(
    *,
    person_id: object,
    by: User,
    now: datetime,
    first_day: date,
    last_day: date | None = None,
    start_minute: int = 0,
    end_minute: int = _DAY,
    available: bool = False,
) -> AvailabilityException:
    """Away on these days (or, `available`, there besides the weekly windows). Raises NotVisible, Invalid."""
    profile = running_profile(person_id, by=by)
    last_day = last_day or first_day
    _check_days(first_day, last_day, today=timezone.localdate(now))
    _check_minutes(start_minute, end_minute)
    if profile.exceptions.count() >= _MOST_EXCEPTIONS:
        raise Invalid(
            fields={"first_day": [_("Das sind schon sehr viele Tage. Bitte löschen Sie erst alte Einträge.")]}
        )
    return AvailabilityException.objects.create(
        profile=profile,
        first_day=first_day,
        last_day=last_day,
        start_minute=start_minute,
        end_minute=end_minute,
        available=available,
    )


@transaction.atomic
def remove_exception(*, exception_id: object, person_id: object, by: User, now: datetime) -> None:
    """The exception no longer holds. Raises NotVisible."""
    find(running_profile(person_id, by=by).exceptions.all(), exception_id).delete()


def joined(windows: Iterable[Window]) -> list[Window]:
    """The same hours as few, separate windows in order, those with a rule last and as they are. Raises Invalid."""
    rows = list(windows)
    for window in rows:
        _check_window(window)
    whole = _joined_plain(window for window in rows if not window.rule)
    ruled = {_agreed(window) for window in rows if window.rule}
    if len(whole) + len(ruled) > _MOST_WINDOWS:
        raise Invalid(fields={"windows": [_("Das sind zu viele einzelne Zeiten. Bitte fassen Sie sie zusammen.")]})
    return [*whole, *sorted(ruled, key=lambda w: (w.weekday, w.start_minute, str(w)))]


def _joined_plain(windows: Iterable[Window]) -> list[Window]:
    whole: list[Window] = []
    for window in sorted(windows, key=lambda w: (w.weekday, w.start_minute, w.end_minute)):
        before = whole[-1] if whole else None
        if before and before.weekday == window.weekday and window.start_minute <= before.end_minute:
            whole[-1] = Window(before.weekday, before.start_minute, max(before.end_minute, window.end_minute))
        else:
            whole.append(Window(window.weekday, window.start_minute, window.end_minute))
    return whole


def _agreed(window: Window) -> Window:
    """With its rule and its first day as they are kept."""
    try:
        rule, since = series.agreed(window.rule, window.since, window.weekday)
    except series.BadRule as wrong:
        raise Invalid(fields={"windows": [wrong.detail]}) from wrong
    return replace(window, rule=rule, since=since)


def _check_window(window: Window) -> None:
    if not 0 <= window.weekday <= 6:
        raise Invalid(fields={"windows": [_("Diesen Wochentag kennen wir nicht.")]})
    _check_minutes(window.start_minute, window.end_minute)


def _window(row: Availability) -> Window:
    return Window(row.weekday, row.start_minute, row.end_minute, row.rule, row.since)


def _check_days(first: date, last: date, *, today: date) -> None:
    if last < first:
        raise Invalid(fields={"last_day": [_("Der letzte Tag liegt vor dem ersten.")]})
    if last < today:
        raise Invalid(fields={"last_day": [_("Diese Tage sind schon vorbei.")]})
    if (last - today).days > 3 * 366:
        raise Invalid(fields={"last_day": [_("Bitte planen Sie höchstens drei Jahre voraus.")]})


def _check_minutes(start: int, end: int) -> None:
    if not 0 <= start < end <= _DAY:
        raise Invalid(fields={"windows": [_("Das Ende muss nach dem Anfang liegen.")]})
