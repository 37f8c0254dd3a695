"""
From "this week, in the afternoon" to windows, and back again. Pure calculation.

Hours are pairs of local minutes since midnight; windows are pairs of aware moments.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from core import series

if TYPE_CHECKING:
    from matching.models import HelpRequest, RequestWindow

Hours = tuple[int, int]

PARTS: dict[str, Hours] = {  # parts of the day, minutes since midnight
    "morning": (8 * 60, 12 * 60),
    "noon": (12 * 60, 14 * 60),
    "afternoon": (14 * 60, 18 * 60),
    "evening": (18 * 60, 21 * 60),
}
WHOLE_DAY: Hours = (8 * 60, 20 * 60)  # when somebody has no wish
A_DAY = timedelta(days=1)
SATURDAY = 5  # as `date.weekday` counts


def hours_of(parts: Iterable[str], exact: Hours | None = None) -> list[Hours]:
    """The hours meant: the exact ones if said, else the named parts with neighbours joined, else the whole day."""
    if exact:
        return [exact]
    joined: list[Hours] = []
    for start, end in sorted(PARTS[part] for part in parts):
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined or [WHOLE_DAY]


def days_of(when: str, *, today: date, other: date | None = None) -> list[date]:
    """The days meant by "today", "tomorrow", "week" (until Sunday), "next" (week, from Monday on) or "other"."""
    if when == "other":
        return [other] if other else []
    sunday = _sunday(today)
    first, last = {
        "tomorrow": (today + A_DAY, today + A_DAY),
        "week": (today, sunday),
        "next": (sunday + A_DAY, sunday + 7 * A_DAY),
    }.get(when, (today, today))
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def offers_week(today: date) -> bool:
    """Is "this week" something to choose? At the weekend it is today and tomorrow."""
    return today.weekday() < SATURDAY


def windows_of(days: list[date], hours: list[Hours], *, now: datetime, minutes: int) -> list[tuple[datetime, datetime]]:
    """The windows of these days and hours that lie ahead and hold `minutes`; a begun one starts at the next quarter."""
    soonest = _next_quarter(now)
    found = [(max(_at(day, start), soonest), _at(day, end)) for day in days for start, end in hours]
    return [(start, end) for start, end in found if end - start >= timedelta(minutes=minutes)]


def series_of(weekday: int, rhythm: str, *, today: date, begins: date | None, ends: date | None) -> dict[str, str]:
    """`rule` and `since` of a weekly wish in the keys of `change_request`; empty for plainly every week."""
    since = begins or today
    rule = series.rule_of(rhythm or "every", weekday=weekday, until=ends, later=since > today)
    return {"rule": rule, "since": since.isoformat()} if rule else {}


def rhythm_chosen(windows: Iterable["RequestWindow"]) -> dict:
    """`rhythm`, `begins` and `ends` read back from the windows of a series; empty for plainly every week."""
    ruled = [window for window in windows if window.rule and window.since]
    if not ruled:
        return {}
    begins = min(window.since for window in ruled if window.since)
    return {"rhythm": series.rhythm_of(ruled[0].rule), "begins": begins, "ends": series.parsed(ruled[0].rule).until}


def choice_of(request: "HelpRequest", *, today: date) -> dict:
    """What the person had chosen, read back from a saved request; empty while nothing was saved."""
    windows = list(request.windows.all())
    if request.timing == request.Timing.FLEXIBLE:
        return {"when": "flexible", "until": request.flexible_until} if request.flexible_until else {}
    if not windows:
        return {}
    if request.timing == request.Timing.WEEKLY:
        hours = {(w.start_minute or 0, w.end_minute or 0) for w in windows}
        days = {"when": "weekly", "weekdays": sorted({w.weekday or 0 for w in windows})}
        return days | rhythm_chosen(windows) | _hours_chosen(hours)
    dates = sorted({timezone.localdate(w.start) for w in windows})
    hours = {
        (_minute(w.start), _minute(w.end) or 1440)
        for w in windows
        if w.start and w.end and timezone.localdate(w.start) == dates[-1]
    }
    return _days_chosen(dates, today=today) | _hours_chosen(hours)


def part_of(minute: int) -> str:
    """The part of the day this minute falls into; early hours are morning, late ones evening."""
    named = [name for name, (start, _end) in PARTS.items() if start <= minute]
    return named[-1] if named else "morning"


def _days_chosen(days: list[date], *, today: date) -> dict:
    if len(days) > 1:
        return {"when": "week"} if days[0] <= _sunday(today) else {}  # the office also takes down the next week
    near = {today: "today", today + A_DAY: "tomorrow"}.get(days[0])
    return {"when": near} if near else {"when": "other", "date": days[0]}


def _sunday(today: date) -> date:
    return today + timedelta(days=6 - today.weekday())


def _hours_chosen(hours: set[Hours]) -> dict:
    if hours == {WHOLE_DAY}:
        return {}
    parts = [
        name for name, (start, end) in PARTS.items() if any(first <= start and end <= last for first, last in hours)
    ]
    if set(hours_of(parts)) == hours:
        return {"parts": parts}
    first, last = min(hours)
    return {"start": _clock(first), "end": _clock(last)}


def _at(day: date, minute: int) -> datetime:
    """Local wall clock: 10 o'clock stays 10 o'clock on the days when the clock changes."""
    midnight = datetime(day.year, day.month, day.day)  # noqa: DTZ001
    return timezone.make_aware(midnight + timedelta(minutes=minute))


def _minute(at: datetime) -> int:
    local = timezone.localtime(at)
    return local.hour * 60 + local.minute


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}" if minute < 1440 else "23:59"


def _next_quarter(now: datetime) -> datetime:
    past = timedelta(minutes=now.minute % 15, seconds=now.second, microseconds=now.microsecond)
    return now - past + timedelta(minutes=15) if past else now
