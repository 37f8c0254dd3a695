"""Small sentences of the desk: how long something waits, what a request is about, who can only be called."""

from collections.abc import Iterable
from datetime import datetime, time

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts import skills
from accounts.models import Skill
from core.words import day_in_words, hours_in_words, moment_in_words, series_in_words, span_in_words
from matching.models import HelpRequest, RequestWindow


def waiting(since: datetime | None, now: datetime) -> str:
    """'seit heute', 'seit gestern', 'seit 6 Tagen'; empty where nothing has begun."""
    if since is None:
        return ""
    days = (timezone.localdate(now) - timezone.localdate(since)).days
    if days <= 0:
        return gettext("seit heute")
    if days == 1:
        return gettext("seit gestern")
    return ngettext("seit %(days)s Tag", "seit %(days)s Tagen", days) % {"days": days}


def kinds_of_help(kinds: Iterable[Skill]) -> str:
    return ", ".join(skills.name(skill) for skill in kinds) or gettext("Noch nichts gewählt")


def moment(at: datetime | None, now: datetime) -> str:
    return moment_in_words(at, today=timezone.localdate(now)) if at else ""


def times(request: HelpRequest, now: datetime) -> list[str]:
    """When the help is wished, one line per window."""
    if request.timing != HelpRequest.Timing.FLEXIBLE:
        return [_window(row, now) for row in request.windows.all()]
    if request.flexible_until is None:
        return [gettext("irgendwann")]
    until = day_in_words(request.flexible_until, today=timezone.localdate(now))
    return [gettext("irgendwann bis %(day)s") % {"day": until}]


def _window(row: RequestWindow, now: datetime) -> str:
    if row.start and row.end:
        return span_in_words(row.start, row.end, today=timezone.localdate(now))
    hours = hours_in_words(_clock(row.start_minute or 0), _clock(row.end_minute or 0))
    days = series_in_words(row.rule, row.weekday or 0, since=row.since, today=timezone.localdate(now))
    return f"{days}, {hours}"


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
