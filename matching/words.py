"""A request and its times in words: exactly for those who may know, roughly for everybody else."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts import skills
from accounts.models import Skill
from core.words import day_in_words, full_day, hours_in_words, list_in_words, series_in_words
from matching import timing
from matching.models import HelpRequest, RequestWindow

Hours = tuple[time, time]
SMALL_WORDS = ("Zum", "Zur", "Zu", "Auf", "Mit", "Am", "Kleine", "Zusammen", "Regelmäßig")  # of German names


def kinds(wanted: Iterable[Skill]) -> str:
    """The kinds of help: "Einkaufen und zum Arzt begleiten"."""
    names = [skills.name(skill) for skill in wanted]
    return list_in_words([*names[:1], *map(_within, names[1:])]) or _("Noch nichts ausgewählt")


def _within(name: str) -> str:
    """A name after another: its first word small, where it is none that German writes with a capital."""
    first = name.split(" ", 1)[0]
    return name[:1].lower() + name[1:] if first in SMALL_WORDS else name


def when(request: HelpRequest, *, now: datetime) -> list[str]:
    """The times in words, one line per day or weekday; runs of days with the same hours are one line."""
    today = timezone.localdate(now)
    windows = list(request.windows.all())
    if request.timing == HelpRequest.Timing.FLEXIBLE:
        return [_until(request.flexible_until, today)]
    if request.timing == HelpRequest.Timing.WEEKLY:
        return _weekly(windows, today)
    return _dated(windows, today)


def roughly(request: HelpRequest, *, now: datetime) -> str:
    """The time as everybody may know it: days and parts of the day, no hours."""
    today = timezone.localdate(now)
    windows = list(request.windows.all())
    if request.timing == HelpRequest.Timing.FLEXIBLE:
        return _until(request.flexible_until, today)
    if request.timing == HelpRequest.Timing.WEEKLY:
        return _("%(days)s, %(parts)s") % {"days": _repeated(windows, today), "parts": _parts_of(windows)}
    dates = sorted({timezone.localdate(w.start) for w in windows if w.start})
    if not dates:
        return _("nach Absprache")
    return _("%(days)s, %(parts)s") % {"days": _days(dates, today), "parts": _parts_of(windows)}


def part_in_words(part: str) -> str:
    return {
        "morning": _("vormittags"),
        "noon": _("mittags"),
        "afternoon": _("nachmittags"),
        "evening": _("abends"),
    }[part]


def _until(last: date | None, today: date) -> str:
    if last is None:
        return _("irgendwann")
    return _("irgendwann bis %(day)s") % {"day": day_in_words(last, today=today)}


def _weekly(windows: list[RequestWindow], today: date) -> list[str]:
    by_hours: dict[tuple[str, str], list[RequestWindow]] = {}
    for window in windows:
        hours = hours_in_words(_clock(window.start_minute or 0), _clock(window.end_minute or 0))
        by_hours.setdefault((hours, window.rule), []).append(window)
    return [
        _("%(days)s, %(hours)s") % {"days": _repeated(rows, today), "hours": hours}
        for (hours, _rule), rows in by_hours.items()
    ]


def _repeated(windows: list[RequestWindow], today: date) -> str:
    """The days without the hours: "jede Woche: Dienstag und Freitag", "jeden zweiten Dienstag"."""
    plain = sorted({window.weekday or 0 for window in windows if not window.rule})
    said = [_("jede Woche: %(days)s") % {"days": list_in_words([_weekday(day) for day in plain])}] if plain else []
    ruled = [window for window in windows if window.rule]
    said += [series_in_words(one.rule, one.weekday or 0, since=one.since, today=today) for one in ruled]
    return list_in_words(list(dict.fromkeys(said)))


def _dated(windows: list[RequestWindow], today: date) -> list[str]:
    by_day: dict[date, list[Hours]] = {}
    for window in windows:
        if window.start and window.end:
            start, end = timezone.localtime(window.start), timezone.localtime(window.end)
            by_day.setdefault(start.date(), []).append((start.time(), end.time()))
    runs: list[tuple[list[date], str]] = []
    for day, hours in sorted(by_day.items()):
        said = list_in_words([hours_in_words(*pair) for pair in hours])
        if runs and runs[-1][1] == said and day - runs[-1][0][-1] == timedelta(days=1):
            runs[-1][0].append(day)
        else:
            runs.append(([day], said))
    return [f"{_days(days, today)}, {said}" for days, said in runs] or [_("Noch keine Zeit ausgewählt")]


def _days(days: list[date], today: date) -> str:
    """One day, or "von morgen bis Freitag, 6. März", or the days one by one where they have gaps."""
    said = [day_in_words(day, today=today) for day in days]
    without_gap = (days[-1] - days[0]).days == len(days) - 1
    if len(days) > 2 and without_gap:
        return _("jeden Tag von %(first)s bis %(last)s") % {"first": said[0], "last": full_day(days[-1], today=today)}
    return list_in_words(said)


def _parts_of(windows: list[RequestWindow]) -> str:
    """The parts of the day these windows touch for at least an hour, in the order of the day."""
    touched = [name for name, hours in timing.PARTS.items() if any(_touches(w, hours) for w in windows)]
    if len(touched) >= 3:
        return _("den ganzen Tag über")
    begun = [part for part, _group in groupby(sorted(timing.part_of(_span(w)[0]) for w in windows))]
    return list_in_words([part_in_words(part) for part in touched or begun])


def _touches(window: RequestWindow, hours: timing.Hours) -> bool:
    start, end = _span(window)
    return min(end, hours[1]) - max(start, hours[0]) >= 60


def _span(window: RequestWindow) -> timing.Hours:
    """The window's local minutes since midnight."""
    if window.start and window.end:
        start, end = timezone.localtime(window.start), timezone.localtime(window.end)
        return start.hour * 60 + start.minute, (end.hour * 60 + end.minute) or 1440
    return window.start_minute or 0, window.end_minute or 0


def _weekday(day: int) -> str:
    return str(WEEKDAYS[day])


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
