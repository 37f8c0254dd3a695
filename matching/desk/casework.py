"""The rest of a person's case on one screen: next move, follow-ups, visits, how talks stand (never a text), calls."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import rules, states
from accounts.models import FollowUp, User, VolunteerProfile
from matching.desk import calls, scope, talks, words
from matching.models import Appointment, Call, Match

SHOWN = 5


def read(person: User, profile: VolunteerProfile | None, worker: User, now: datetime) -> dict[str, Any]:
    """What `desk/_casework.html` shows; a fixed number of queries."""
    pairs = list(_pairs(person, worker))
    made = Call.objects.filter(person=person).select_related("by", "person").order_by("-at")
    follow_ups = list(person.follow_ups.filter(done_at__isnull=True).select_related("made_by"))
    return {
        "follow_ups": follow_ups,
        "follow_ups_done": list(person.follow_ups.filter(done_at__isnull=False).order_by("-done_at")[:SHOWN]),
        "may_work": rules.may_vet(worker, person),
        "visits": _visits(person, worker, now),
        "talks": _talks(pairs, person, worker),
        "calls": calls.done(made[:SHOWN], now),
        "next_move": next_move(person, profile, follow_ups, pairs, now),
    }


def next_move(
    person: User, profile: VolunteerProfile | None, follow_ups: list[FollowUp], pairs: list[Match], now: datetime
) -> tuple[str, str] | None:
    """The one thing to do first, and where; None: nothing waits."""
    held = person.suspensions.filter(state__in=[states.PAUSED, states.APPEALED]).first()
    if held:
        return _("Über den angehaltenen Zugang entscheiden"), reverse("desk:suspension", args=[held.pk])
    if follow_ups and follow_ups[0].due_on <= timezone.localdate(now):
        return follow_ups[0].text, "#wiedervorlage"
    waiting = next((match for match in pairs if match.state == "accepted" or match.state == "proposed"), None)
    if waiting:
        said = _("Zusage besprechen") if waiting.state == "accepted" else _("Vorschlag freigeben")
        return said, reverse("desk:case", args=[waiting.request_id])
    if profile and not (profile.welcomed_at or profile.stopped_at):
        return _("Kennenlernen und begrüßen"), reverse("desk:steps", args=[person.pk])
    return None


def _pairs(person: User, worker: User):
    rows = scope.matches(worker).filter(Q(resident=person) | Q(volunteer=person)).live()
    return rows.for_cards().order_by("-proposed_at", "id")


def _visits(person: User, worker: User, now: datetime) -> list[tuple[Appointment, str, str, str]]:
    """The next ones and the last ones, each with the other's name and its page, "" for the worker's own."""
    rows = Appointment.objects.filter(match__in=scope.matches(worker), state__in=["agreed", "done"])
    mine = rows.filter(Q(match__resident=person) | Q(match__volunteer=person)).select_related(
        "match__resident", "match__volunteer", "adult"
    )
    ahead = list(mine.filter(end__gte=now).order_by("start", "id")[:SHOWN])
    past = list(mine.filter(end__lt=now).order_by("-start", "id")[:SHOWN])
    return [
        (row, words.moment(row.start, now), _other(row.match, person).full_name, _page_of(row, worker))
        for row in [*ahead, *past]
    ]


def _page_of(row: Appointment, worker: User) -> str:
    """Nobody is the worker of their own pair."""
    own = worker.pk in (row.match.resident_id, row.match.volunteer_id)
    return "" if own else reverse("desk:visit", args=[row.pk])


def _talks(pairs: list[Match], person: User, worker: User) -> list[tuple[str, talks.Talk]]:
    found = talks.of(pairs, worker)
    return [(_other(match, person).full_name, found[match.pk]) for match in pairs if match.pk in found]


def _other(match: Match, person: User) -> User:
    return match.volunteer if match.resident_id == person.pk else match.resident
