"""What the sources share: sentences about a request, a line of a pair, the one who knows already."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Replace
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.reach import by_phone, is_called
from core.words import minutes_in_words, moment_in_words, span_in_words
from matching import words
from matching.calls.registry import Answer, CallLine
from matching.models import Appointment, Call, HelpRequest, Match

SIDES = ("resident", "volunteer")


def line(kind: str, row: Any, person: User, match: Match, **more: Any) -> CallLine:
    """A line about a pair, of the request's quarter."""
    return CallLine(
        kind=kind,
        about=key(row),
        person=person,
        quarter=match.request.quarter,
        request_id=match.request_id,
        pair=frozenset((match.resident_id, match.volunteer_id)),
        **more,
    )


def other(match: Match, person: User) -> User:
    return match.volunteer if person.pk == match.resident_id else match.resident


def help_in_words(request: HelpRequest, now: datetime) -> tuple[str, ...]:
    """What it is about: kinds of help, when, how long, and what the resident said."""
    kinds = gettext("Es geht um: %(kinds)s.") % {"kinds": words.kinds(request.skills.all())}
    when = gettext("Wann: %(times)s, ungefähr %(minutes)s.") % {
        "times": "; ".join(words.when(request, now=now)),
        "minutes": minutes_in_words(request.duration_minutes),
    }
    own = gettext("In eigenen Worten: „%(text)s“") % {"text": request.description} if request.description else ""
    return tuple(part for part in (kinds, when, own) if part)


def moment(at: datetime, now: datetime) -> str:
    return moment_in_words(at, today=timezone.localdate(now))


def span(row: Appointment, now: datetime) -> str:
    return span_in_words(row.start, row.end, today=timezone.localdate(now))


def told(kind: str, person: str) -> Exists:
    """Was this row's news passed on to `person` (a path from the row) already?"""
    return Exists(_calls(kind, person).filter(outcome=Call.Outcome.ANSWERED))


def with_told(rows: QuerySet, kind: str) -> QuerySet:
    """Rows of a match, each with its pair and who of the two was told already."""
    rows = rows.select_related("match__resident", "match__volunteer", "match__request__quarter")
    return rows.annotate(told_resident=told(kind, "match__resident"), told_volunteer=told(kind, "match__volunteer"))


def untold(to: str = "", *, reached: Callable[[str], Q] = by_phone) -> Q:
    """Somebody with only a telephone was not told; `to`: path from the row to its match. `reached`: or `by_call`."""
    resident = reached(f"{to}resident") & Q(told_resident=False)
    return resident | reached(f"{to}volunteer") & Q(told_volunteer=False)


def to_tell(row: Any, match: Match, knows: object) -> list[User]:
    """The sides with only a telephone that were not told; `knows`: key of whoever did it."""
    sides = [getattr(match, side) for side in SIDES if not getattr(row, f"told_{side}")]
    return [person for person in sides if is_called(person) and person.pk != knows]


def spoken_to(kind: str, person: str) -> Exists:
    """Did the office speak to them about this row, with an answer or a word to note? Tries alone are none."""
    return Exists(_calls(kind, person).filter(outcome__in=[Call.Outcome.ANSWERED, Call.Outcome.NOTED]))


def _calls(kind: str, person: str) -> QuerySet[Call]:
    about = Replace(Cast(OuterRef("pk"), CharField()), Value("-"), Value(""))  # SQLite keeps keys without dashes
    return Call.objects.filter(kind=kind, about=about, person=OuterRef(person))


def key(row: Any) -> str:
    """The row's key as `Call.about` keeps it, and as it stands in an address."""
    return str(row.pk).replace("-", "")


def noted(**_: Any) -> None:
    """News were passed on: nothing changes but the call that says so."""


def heard(label: Any) -> tuple[Answer, ...]:
    return (Answer("told", label, noted, kind="primary"),)
