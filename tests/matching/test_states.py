"""The life of a match as a table: every state x every move, by the verbs themselves."""

import pytest

from core.errors import NotAllowed, NotVisible, WrongState
from matching import actions, states
from matching.models import HelpRequest, Match
from tests.people import NOW, a_match, a_request

WORKER = {"release", "reject"}
VOLUNTEER = {"accept", "decline"}
MOVES = sorted({move for _state, move in states.MATCH_MOVES} - {"close", "expire"})

EXPECTED = {
    ("proposed", "release"): "asked",
    ("proposed", "reject"): "rejected",
    ("proposed", "close"): "closed",
    ("asked", "accept"): "accepted",
    ("asked", "decline"): "declined",
    ("asked", "expire"): "expired",
    ("asked", "close"): "closed",
    ("accepted", "confirm"): "confirmed",
    ("accepted", "refuse"): "refused",
    ("accepted", "reject"): "rejected",
    ("accepted", "close"): "closed",
    ("confirmed", "end"): "ended",
    ("confirmed", "complete"): "completed",
}


def test_table_says_what_product_md_says():
    assert states.MATCH_MOVES == EXPECTED


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("state", states.MATCH_STATES)
@pytest.mark.django_db
def test_every_state_and_move_by_the_verb(state, move, ada, ben, cleo):
    match = a_match(a_request(ada), ben, state=state)
    who = cleo if move in WORKER else ben if move in VOLUNTEER else ada
    if (state, move) in EXPECTED:
        moved = actions.move_match(match_id=match.pk, move=move, by=who, now=NOW, reason="weil")
        assert moved.state == EXPECTED[state, move]
        assert moved.events.get().after == moved.state
        return
    before = Match.objects.values().get(pk=match.pk)
    with pytest.raises((WrongState, NotAllowed, NotVisible)):  # NotVisible: not yet shown to them in this state
        actions.move_match(match_id=match.pk, move=move, by=who, now=NOW, reason="weil")
    assert Match.objects.values().get(pk=match.pk) == before
    assert not match.events.exists()


@pytest.mark.parametrize("state", states.REQUEST_STATES)
@pytest.mark.django_db
def test_request_is_withdrawn_from_where_the_table_allows(state, ada):
    request = a_request(ada, state=state)
    if (state, "withdraw") in states.REQUEST_MOVES:
        assert actions.withdraw_request(request_id=request.pk, by=ada, now=NOW).state == states.WITHDRAWN
    else:
        with pytest.raises(WrongState):
            actions.withdraw_request(request_id=request.pk, by=ada, now=NOW)
        assert HelpRequest.objects.get(pk=request.pk).state == state
