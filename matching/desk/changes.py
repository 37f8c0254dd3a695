"""The small changes of a why-not, each one click: of the request after a word with the resident, or of a border."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.actions.policies import open_border
from accounts.models import User
from core.errors import Invalid
from matching import actions, loading, times
from matching.models import HelpRequest, RequestWindow, Round
from matching.reasons import say_change
from matching.suggestions import PEOPLES, why_not


@dataclass(frozen=True)
class Change:
    """A change that would help. `key`: one click makes it; `people`: the list of those to talk to."""

    words: str
    key: str
    people: str

    @property
    def opens(self) -> bool:
        """It is the quarter's to make, not the resident's."""
        return self.key.startswith("quarter:")


def key(change: Mapping[str, Any], request: HelpRequest) -> str:
    """What the button of this change sends; "" for a change that somebody else has to make."""
    if change["code"] == "quarter":
        return f"quarter:{change['id']}"
    if change["code"] not in _APPLY or (
        change["code"] in _OF_WINDOWS and request.timing == HelpRequest.Timing.FLEXIBLE
    ):
        return ""
    said = [change["code"], change.get("minutes") or change.get("slug") or "", change.get("side", "")]
    return ":".join(str(part) for part in said).rstrip(":")


def people(change: Mapping[str, Any], request: HelpRequest) -> str:
    """The code for the list of those who would have to change something; "" where the request can be changed."""
    return change["code"] if change["code"] in PEOPLES and not key(change, request) else ""


def in_words(why_not: Mapping[str, Any], request: HelpRequest) -> list[Change]:
    """Every change of a why-not that would help, best first; `request` with its skills read."""
    known = request.skills.all()
    return [
        Change(say_change(change, known=known), key(change, request), people(change, request))
        for change in why_not.get("changes") or []
    ]


def make(request: HelpRequest, wanted: str, *, by: User, now: datetime) -> Round:
    """
    Make one change and look for somebody again at once, for this request alone.

    Only what the why-not offers at this moment is taken. Raises Invalid for anything else, and what the verbs raise.
    """
    offered = [one for one in why_not(request, now=now).changes if wanted and key(one, request) == wanted]
    if not offered:
        raise Invalid(
            _("Diese Änderung hilft beim jetzigen Stand nicht mehr. Auf der Seite des Falls steht, was jetzt hilft.")
        )
    if offered[0]["code"] == "quarter":
        open_border(quarter_id=request.quarter_id, neighbour_id=offered[0]["id"], admitted=True, by=by, now=now)
    else:
        changed = _APPLY[offered[0]["code"]](request, offered[0])
        actions.change_request(request_id=request.pk, by=by, now=now, changes=changed)
    only = [request.pk]
    return actions.run_small_round(quarter=request.quarter, requests=only, named=only, by=by, now=now)


def came_of(found: Round) -> str:
    """What the small round after a change found, in one sentence."""
    people = [row.volunteer.full_name for row in found.results.select_related("volunteer") if row.volunteer]
    if people:
        return _("Geändert. Vorgeschlagen ist jetzt: %(people)s.") % {"people": ", ".join(people)}
    if found.places:
        return _("Geändert. Noch passt niemand.")
    return _("Die Bitte ist geändert. Hier sind die neuen Vorschläge.")


def _stretch(request: HelpRequest, change: Mapping[str, Any]) -> dict[str, Any]:
    minutes, side = int(change["minutes"]), change.get("side", "both")
    before, after = minutes * (side != "later"), minutes * (side != "earlier")

    def dated(row: RequestWindow) -> tuple[datetime, datetime]:
        assert row.start is not None  # a dated window has both
        assert row.end is not None
        return row.start - timedelta(minutes=before), row.end + timedelta(minutes=after)

    return _windows(request, dated, lambda a, b: (max(a - before, 0), min(b + after, 1440)))


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
