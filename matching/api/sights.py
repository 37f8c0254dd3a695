"""
Who sees what of a request and of a match: decided here for the whole API, one table per kind.

Source: product.md, "People and what they may see". Names in full, addresses and coordinates are in none of these; the
address has its own verb.
"""

from datetime import datetime
from typing import Any, Literal

from django.utils import timezone

from accounts import roles
from accounts.models import User
from accounts.trust import holding
from core.serializers import Clock
from matching import reasons, rules, states
from matching.models import HelpRequest, Match, RequestWindow
from places import distance
from places.models import Place

Role = Literal["volunteer", "resident", "worker"]
PARTS_OF_DAY = [(0, "night"), (6 * 60, "morning"), (12 * 60, "afternoon"), (18 * 60, "evening")]
_clock = Clock().to_representation


def times_of(request: HelpRequest) -> dict[str, Any]:
    """When it may happen, as it was entered."""
    rows = list(request.windows.all())
    return {
        "timing": request.timing,
        "windows": [{"start": row.start, "end": row.end} for row in rows if row.start],
        "weekly": [_weekly(row) for row in rows if row.weekday is not None],
        "flexible_until": request.flexible_until,
    }


def rough_times(request: HelpRequest) -> list[dict[str, Any]]:
    """Days and parts of the day only: `{"day" | "weekday", "part"}`, each once, in order."""
    rows = [_rough(row) for row in request.windows.all()]
    return [row for number, row in enumerate(rows) if row not in rows[:number]]


def role_in(match: Match, viewer: User) -> Role:
    """As whom this person looks; who is one of the two is never its worker."""
    if viewer.pk == match.volunteer_id:
        return "volunteer"
    return "resident" if roles.acts_for(viewer, match.resident) else "worker"


def match_as_seen(match: Match, viewer: User) -> dict[str, Any]:
    """A match out of `for_api`, as this person may see it; None stands for what is not theirs to see."""
    role = role_in(match, viewer)
    worker, told = role == "worker", _is_told(match, role)
    running = match.state in (states.CONFIRMED, states.COMPLETED)
    return {
        "id": match.pk,
        "seen_as": role,
        "state": match.state,
        "origin": match.origin,
        "version": match.version,
        "moves": rules.moves_of(viewer, match),
        # they know the hour, the resident's languages, and that the two met before
        "reasons": reasons.say(match.reasons, to=role, known=match.request.skills.all()) if told else [],
        "request": _asked_for(match, role),
        "resident": _resident(match, role),
        "volunteer": _volunteer(match, role),
        "distance_band": band(match.request.place, match.volunteer.place),
        "slot_start": match.slot_start if told else None,
        "deadline": match.deadline,
        "proposed_at": match.proposed_at,
        "asked_at": match.asked_at,
        "accepted_at": match.accepted_at,
        "confirmed_at": match.confirmed_at,
        "ended_at": match.ended_at,
        "order": _order(match) if running else None,
        "code_word": match.door_word or None,
        "score": match.score if worker else None,
        "parts": match.parts if worker else None,
        "needs_review": match.needs_review if worker else None,
        "end_reason": match.end_reason if worker else None,
    }


def band(one: Place | None, other: Place | None) -> str | None:
    """ "same", "near" or "far" between two cells; None where one of them is not known."""
    if one is None or other is None or not one.cell or not other.cell:
        return None
    return distance.band(one.cell, other.cell)


def _asked_for(match: Match, role: Role) -> dict[str, Any]:
    """Text and hours are closed for a volunteer who is out of it, or whose offer nobody has looked at."""
    request, told = match.request, _is_told(match, role)
    return {
        "id": request.pk,
        "quarter": request.quarter,
        "skills": sorted(skill.slug for skill in request.skills.all()),
        "description": request.description if told else None,
        "duration_minutes": request.duration_minutes,
        "languages": request.languages,
        **times_of(request),
        **({} if told else {"windows": [], "weekly": []}),
    }


def _is_told(match: Match, role: Role) -> bool:
    return role != "volunteer" or rules.tells_volunteer(match)


def _resident(match: Match, role: Role) -> dict[str, Any]:
    return {
        "id": match.resident_id if role == "worker" else None,
        "first_name": match.resident.first_name if _is_told(match, role) else None,
        "last_name": match.resident.last_name if role == "worker" else None,
    }


def _volunteer(match: Match, role: Role) -> dict[str, Any]:
    profile = getattr(match.volunteer, "volunteer_profile", None)
    return {
        "id": match.volunteer_id if role == "worker" else None,
        "first_name": match.volunteer.first_name,
        "last_name": match.volunteer.last_name if role == "worker" else None,
        "about": profile.about if profile else "",
        "checked": checked_of(match.volunteer, timezone.now()),
    }


def checked_of(volunteer: User, now: datetime) -> list[str]:
    """Kinds of vetting that are good today."""
    today = timezone.localdate(now)
    held = holding(volunteer.vettings.all())
    return sorted(kind for kind, until in held.items() if until is None or until >= today)


def _order(match: Match) -> dict[str, Any] | None:
    order = getattr(match, "order", None)
    return order and {"number": order.number, "carrier": order.carrier, "what": order.what, "dated": order.dated}


def _weekly(row: RequestWindow) -> dict[str, Any]:
    start, end = _clock(row.start_minute), _clock(row.end_minute)  # type: ignore[arg-type]
    return {"weekday": row.weekday, "start": start, "end": end, "rule": row.rule, "since": row.since}


def _rough(row: RequestWindow) -> dict[str, Any]:
    if row.start is None:
        return {"day": None, "weekday": row.weekday, "rule": row.rule, "part": _part(row.start_minute or 0)}
    start = timezone.localtime(row.start)
    return {"day": start.date(), "weekday": None, "rule": "", "part": _part(start.hour * 60 + start.minute)}


def _part(minute: int) -> str:
    return [name for begins, name in PARTS_OF_DAY if begins <= minute][-1]
