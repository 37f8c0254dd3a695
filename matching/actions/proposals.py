"""How a match begins: proposed by a worker or a round, or offered by a volunteer."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User, VolunteerProfile
from core.database import clash_means, find
from core.errors import NotAllowed, WrongState
from core.limits import count_up
from matching import reasons, rules, states, weighing
from matching.actions.steps import lock_request, record, take_load
from matching.errors import AlreadyFilled, AlreadyPaired, NotAPair
from matching.models import HelpRequest, Match, Round, Weighing
from matching.planner import Pair
from matching.suggestions import Suggestion, failed_gates, suggestion_for

DAY = timedelta(days=1)
TRIES_OF_ONE = 6  # looking, changing something, looking again, offering; to halve somebody's hours takes more
TRIES_A_DAY = 40


@transaction.atomic
def propose_match(
    *,
    request_id: object,
    volunteer_id: object,
    by: User | None,
    now: datetime,
    round: Round | None = None,  # noqa: A002 - the field's word
    found: Suggestion | Pair | None = None,
) -> Match:
    """
    Propose one volunteer for one open request: by hand, or by the matcher (then `by` is None) in a `round` or a wave.

    `found`: what the matcher computed a moment ago. Raises NotVisible, NotAllowed, WrongState, NotAPair (a gate
    stands between them), AlreadyPaired, NoCapacity.
    """
    rows = HelpRequest.objects.visible_to(by) if by else HelpRequest.objects.all()
    request = lock_request(find(rows, request_id).pk)
    if by and not rules.may_propose(by, request):
        raise NotAllowed
    if request.state != states.OPEN:
        raise WrongState
    volunteer = find(User.objects.filter(volunteer_profile__isnull=False), volunteer_id)
    suggestion: Suggestion | Pair = found or _weighed(request, volunteer, now=now)
    origin = Match.Origin.HAND if by else Match.Origin.ROUND
    fields = {"state": states.PROPOSED, "origin": origin, "round": round}
    return _create(request, volunteer, suggestion, by=by, now=now, move="propose", **fields)


@transaction.atomic
def offer_help(*, request_id: object, by: User, now: datetime) -> Match:
    """
    A volunteer offers themselves for an open request; a worker looks before the resident hears of it.

    Raises NotVisible, NotAPair, AlreadyPaired, AlreadyFilled, NoCapacity.
    """
    request = lock_request(find(HelpRequest.objects.coarse_for(by), request_id).pk)
    suggestion = check_offer(request=request, by=by, now=now)
    moments = {"asked_at": now, "accepted_at": now, "needs_review": True}
    fields = {"state": states.ACCEPTED, "origin": Match.Origin.SELF_OFFER, **moments}
    return _create(request, by, suggestion, by=by, now=now, move="offer", **fields)


def count_try(*, request_id: object, by: User, now: datetime) -> None:
    """
    One look at whether this person fits this request, before the answer is worked out. Raises NotVisible, TooMany.

    Whoever changes their hours, radius or languages between looks could read the resident's from the answers. Both
    doors count outside the offer's transaction: an answer that is rolled back has been seen all the same.
    """
    request = find(HelpRequest.objects.coarse_for(by), request_id)
    count_up("offer", by.pk, most=TRIES_A_DAY, per=DAY, now=now)
    count_up("offer", f"{by.pk} {request.pk}", most=TRIES_OF_ONE, per=DAY, now=now)


def check_offer(*, request: HelpRequest, by: User, now: datetime) -> Suggestion:
    """
    Judge as `offer_help` would, and change nothing. Raises NotAPair, AlreadyPaired, AlreadyFilled.

    NotAPair without its gates: they would tell the volunteer of a block, an earlier rejection, the resident's wishes.
    """
    if request.accepted_helpers >= request.helpers_needed:
        raise AlreadyFilled
    try:
        return _weighed(request, by, now=now)
    except NotAPair:
        raise NotAPair from None


def _weighed(request: HelpRequest, volunteer: User, *, now: datetime) -> Suggestion:
    """The pair as the matcher sees it now. Raises AlreadyPaired or NotAPair with a sentence per gate."""
    profile = VolunteerProfile.objects.get(user=volunteer)
    suggestion = suggestion_for(request, profile, now=now)
    if suggestion is None:
        failed = failed_gates(request, profile, now=now)
        if failed[0] == "live":
            raise AlreadyPaired
        raise NotAPair(fields={"gates": [reasons.say_gate(gate) for gate in failed]})
    return suggestion


def _create(
    request: HelpRequest,
    volunteer: User,
    found: Suggestion | Pair,
    *,
    by: User | None,
    now: datetime,
    move: str,
    **fields: Any,
) -> Match:
    with clash_means(AlreadyPaired):
        match = Match.objects.create(
            request=request,
            resident=request.resident,
            volunteer=volunteer,
            score=found.score,
            parts=found.parts,
            reasons=found.reasons,
            slot_start=found.slot_start,
            weighing=_weighing(request, fields.get("round")),
            proposed_at=now,
            **fields,
        )
    take_load(volunteer)
    record(match, move, before="", by=by, now=now)
    return match


def _weighing(request: HelpRequest, found_by: Round | None) -> Weighing | None:
    """The version the pair came by: its round's, where a round found it, else the one in force now."""
    return found_by.weighing if found_by else weighing.current(request.quarter)
