"""Who else could have been chosen for a request of a round, and what another choice means for the others, in words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext

from accounts.models import User
from core.words import list_in_words
from matching import scoring, states
from matching.desk import words
from matching.desk.case import Part, parts_in_words, percent
from matching.models import Match, RoundResult
from matching.swapping import Consequence, Swap


@dataclass(frozen=True)
class Other:
    """A candidate. `elsewhere`: for whom this round proposes them now."""

    volunteer: User
    percent: int
    parts: list[Part]
    slot: str
    elsewhere: str


def others(match: Match, now: datetime) -> list[Other]:
    """The candidates which the round remembers for this request, best first, without those it has already."""
    row = RoundResult.objects.filter(
        round=match.round_id, request=match.request_id, volunteer=match.volunteer_id
    ).first()
    taken = set(Match.objects.live().filter(request=match.request_id).values_list("volunteer", flat=True))
    said = [one for one in (row.candidates if row else []) if UUID(one["v"]) not in taken]
    people = User.objects.filter(is_active=True).select_related("quarter").in_bulk([one["v"] for one in said])
    elsewhere = _elsewhere(match, people)
    known = [(people[UUID(one["v"])], one) for one in said if UUID(one["v"]) in people]
    found = [_other(person, one, match, elsewhere, now) for person, one in known]
    return sorted(found, key=lambda one: -one.percent)


def _other(person: User, said: dict[str, Any], match: Match, elsewhere: dict[UUID, list[str]], now: datetime) -> Other:
    assert match.round is not None  # of a round: the view looked
    return Other(
        volunteer=person,
        percent=percent(scoring.total(said["parts"], match.round.weights)) or 0,
        parts=parts_in_words(said["parts"]),
        slot=words.moment(parse_datetime(said["slot"]), now),
        elsewhere=list_in_words(elsewhere[person.pk]),
    )


def _elsewhere(match: Match, people: dict[UUID, User]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = defaultdict(list)
    rows = Match.objects.filter(round=match.round_id, state=states.PROPOSED, volunteer__in=people)
    for row in rows.select_related("resident").order_by("proposed_at", "id"):
        found[row.volunteer_id].append(row.resident.full_name)
    return found


def cost_in_words(swap: Swap) -> list[str]:
    """What the swap costs, then what it means for each request."""
    return [_fit(swap), *_places(swap), *[_consequence(one) for one in swap.consequences]]


def _fit(swap: Swap) -> str:
    points = round(abs(swap.fit) * 100)
    if not points:
        return gettext("Zusammen passt es gleich gut.")
    if swap.fit < 0:
        return ngettext(
            "Zusammen passt es um %(points)s Punkt schlechter.",
            "Zusammen passt es um %(points)s Punkte schlechter.",
            points,
        ) % {"points": points}
    return ngettext(
        "Zusammen passt es um %(points)s Punkt besser.", "Zusammen passt es um %(points)s Punkte besser.", points
    ) % {"points": points}


def _places(swap: Swap) -> list[str]:
    """Only where it is not as before."""
    count = abs(swap.places)
    if swap.places < 0:
        said = ngettext("%(count)s Bitte verliert jemanden.", "%(count)s Plätze werden wieder frei.", count)
    elif swap.places:
        said = ngettext("%(count)s Bitte mehr bekommt jemanden.", "%(count)s Plätze mehr sind besetzt.", count)
    else:
        return []
    return [said % {"count": count}]


def _consequence(one: Consequence) -> str:
    said = {
        "resident": one.request.resident.full_name,
        "after": list_in_words([person.full_name for person in one.after]),
        "before": list_in_words([person.full_name for person in one.before]),
    }
    if not one.after:
        return gettext("%(before)s hilft %(resident)s dann nicht, und dafür kommt niemand.") % said
    if not one.before:
        return gettext("%(resident)s bekommt jetzt %(after)s.") % said
    return gettext("%(resident)s bekommt %(after)s statt %(before)s.") % said
