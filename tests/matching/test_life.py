"""
Hypothesis walks the life of requests and matches by arbitrary verbs of arbitrary people.

After every step the rows agree with a small model: states only along the table, counters equal to what they count.
"""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import VolunteerProfile
from core.errors import HouseError
from matching import actions, states
from matching.models import HelpRequest, Match, MatchEvent, RequestEvent
from tests import people
from tests.people import NOW, a_request, a_volunteer

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["propose", "offer", "withdraw", "tick", *actions.matches.VERBS]),
        st.integers(0, 2),  # which volunteer
        st.sampled_from(["ada", "volunteer", "cleo"]),
        st.integers(0, 1),  # which request
    ),
    min_size=1,
    max_size=25,
)


@pytest.mark.django_db
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_walk_keeps_every_promise(steps, django_db_setup):
    from django.db import transaction

    with transaction.atomic():
        _walk(steps)
        transaction.set_rollback(True)


def _walk(steps) -> None:
    ada, cleo = people.ada(), people.cleo()
    volunteers = [people.ben(), a_volunteer("Emil"), a_volunteer("Fina")]
    VolunteerProfile.objects.update(hours_per_week=40)
    requests = [a_request(ada), a_request(ada, helpers_needed=2)]
    now = NOW
    for move, which, who, target in steps:
        now += timedelta(minutes=30)
        person = {"ada": ada, "cleo": cleo, "volunteer": volunteers[which]}[who]
        with suppress(HouseError):  # a refusal is an answer; anything else is a bug
            _make(move, person, requests[target], volunteers[which], now)
        _check(requests, volunteers)


def _make(move, person, request, volunteer, now) -> None:
    if move == "propose":
        actions.propose_match(request_id=request.pk, volunteer_id=volunteer.pk, by=person, now=now)
    elif move == "offer":
        actions.offer_help(request_id=request.pk, by=person, now=now)
    elif move == "withdraw":
        actions.withdraw_request(request_id=request.pk, by=person, now=now)
    elif move == "tick":
        actions.expire_matches(now=now + timedelta(hours=1))
    else:
        match = Match.objects.filter(request=request, volunteer=volunteer).order_by("-proposed_at").first()
        if match:
            actions.move_match(match_id=match.pk, move=move, by=person, now=now, reason="weil", spoken=True)


def _check(requests, volunteers) -> None:
    for request in HelpRequest.objects.filter(pk__in=[one.pk for one in requests]):
        matches = list(request.matches.all())
        yes = [m for m in matches if m.state == states.ACCEPTED and not m.needs_review]
        kept = [m for m in matches if m.state in (states.CONFIRMED, states.COMPLETED)]
        if request.state in (states.OPEN, states.FILLED):
            assert request.confirmed_helpers == len(kept)
            assert request.accepted_helpers == len(yes) + len(kept)
            assert (request.state == states.FILLED) == (len(kept) == request.helpers_needed)
        if request.state in (states.WITHDRAWN, states.DONE):
            assert not any(m.is_live for m in matches)
    for volunteer in volunteers:
        live = Match.objects.live().filter(volunteer=volunteer).count()
        assert VolunteerProfile.objects.get(user=volunteer).live_matches == live
    for event in MatchEvent.objects.exclude(move__in=["propose", "offer", "clear"]):
        assert states.MATCH_MOVES[event.before, event.move] == event.after
    for event in RequestEvent.objects.all():
        assert states.REQUEST_MOVES[event.before, event.move] == event.after
    for match in Match.objects.all():
        assert match.events.order_by("-at", "-id").first().after == match.state
