"""The small changes of a why-not which the office can make by itself after a word with the resident."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from core.errors import Invalid
from matching import loading, times
from matching.models import HelpRequest, RequestWindow
from matching.suggestions import why_not


def key(change: Mapping[str, Any], request: HelpRequest) -> str:
    """What the button of this change sends; "" for a change that is not the request's to make."""
    if change["code"] not in _APPLY or (
        change["code"] in _OF_WINDOWS and request.timing == HelpRequest.Timing.FLEXIBLE
    ):
        return ""
    return f"{change['code']}:{change.get('minutes') or change.get('slug') or ''}"


def as_request_changes(request: HelpRequest, wanted: str, *, now: datetime) -> dict[str, Any]:
    """
    The keys and values for `change_request`.

    Only what the why-not offers at this moment is taken. Raises Invalid for anything else.
    """
    for change in why_not(request, now=now).changes:
        if wanted and key(change, request) == wanted:
            return _APPLY[change["code"]](request, change)
    raise Invalid


def _stretch(request: HelpRequest, change: Mapping[str, Any]) -> dict[str, Any]:
    minutes = int(change["minutes"])
    return _windows(
        request, lambda row: _wider(row, minutes), lambda a, b: (max(a - minutes, 0), min(b + minutes, 1440))
    )


def _wider(row: RequestWindow, minutes: int) -> tuple[datetime, datetime]:
    more = timedelta(minutes=minutes)
    return row.start - more, row.end + more  # type: ignore[operator,return-value]  # a dated window has both


def _any_time(request: HelpRequest, change: Mapping[str, Any]) -> dict[str, Any]:
    zone = loading.zone_of(request.quarter)

    def whole_day(row: RequestWindow) -> tuple[datetime, datetime]:
        return times.local_interval(row.start.astimezone(zone).date(), *times.DAY_MINUTES, zone)  # type: ignore[union-attr]

    return _windows(request, whole_day, lambda a, b: times.DAY_MINUTES)


def _windows(
    request: HelpRequest,
    dated: Callable[[RequestWindow], tuple[datetime, datetime]],
    weekly: Callable[[int, int], tuple[int, int]],
) -> dict[str, Any]:
    rows = list(request.windows.all())
    if request.timing == HelpRequest.Timing.DATED:
        return {"windows": [dict(zip(("start", "end"), dated(row), strict=True)) for row in rows]}
    hours = [(row, *weekly(row.start_minute or 0, row.end_minute or 0)) for row in rows]
    return {
        "weekly": [
            {"weekday": row.weekday, "start": _clock(start), "end": _clock(end), "rule": row.rule, "since": row.since}
            for row, start, end in hours
        ]
    }


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _without_skill(request: HelpRequest, change: Mapping[str, Any]) -> dict[str, Any]:
    return {"skills": [skill.slug for skill in request.skills.all() if skill.slug != change["slug"]]}


_OF_WINDOWS = ("stretch", "any_time")
_APPLY: dict[str, Callable[[HelpRequest, Mapping[str, Any]], dict[str, Any]]] = {
    "stretch": _stretch,
    "any_time": _any_time,
    "shorter": lambda request, change: {"duration_minutes": request.duration_minutes - int(change["minutes"])},
    "language": lambda request, change: {"languages": []},
    "gender": lambda request, change: {"gender_wish": ""},
    "without_skill": _without_skill,
}
