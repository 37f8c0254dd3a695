"""Every person x every verb: who may move a match, as a table one can read."""

import pytest

from accounts.models import RoleAssignment
from core.errors import HouseError
from matching import actions, rules
from tests import people
from tests.people import NOW, a_match, a_person, a_quarter, a_request

STATE_OF = {
    "release": "proposed",
    "reject": "proposed",
    "accept": "asked",
    "decline": "asked",
    "confirm": "accepted",
    "refuse": "accepted",
    "end": "confirmed",
    "complete": "confirmed",
}
MAY = {
    "resident": {"confirm", "refuse", "end", "complete"},
    "trusted": {"confirm", "refuse", "end", "complete"},
    "volunteer": {"accept", "decline", "end", "complete"},
    "worker": {"release", "reject", "accept", "decline", "confirm", "refuse", "end", "complete"},
    "other worker": set(),
    "former worker": set(),
    "suspended volunteer": set(),
    "coordinator": set(),
    "stranger": set(),
}
BEFORE_A_YES = {"resident", "trusted"}  # they hear of a match once somebody said yes
SEES_NOTHING = {"other worker", "former worker", "coordinator", "stranger"}


def somebody(who: str):
    if who == "resident":
        return people.ada()
    if who in ("volunteer", "suspended volunteer"):
        ben = people.ben()
        ben.suspended_at = NOW if who.startswith("suspended") else None
        ben.save()
        return ben
    if who == "worker":
        return people.cleo()
    person = a_person(who.title().replace(" ", ""))
    if who == "trusted":
        people.trusts(people.ada(), person)
    if who == "other worker":
        RoleAssignment.objects.create(user=person, role="worker", quarter=a_quarter("Nachbarhof", west=7.02))
    if who == "former worker":
        RoleAssignment.objects.create(user=person, role="worker", quarter=person.quarter, until=NOW)
    if who == "coordinator":
        RoleAssignment.objects.create(user=person, role="coordinator")
    return person


@pytest.mark.parametrize("move", STATE_OF)
@pytest.mark.parametrize("who", MAY)
@pytest.mark.django_db
def test_person_and_verb(who, move, ada, ben):
    match = a_match(a_request(ada), ben, state=STATE_OF[move])
    person = somebody(who)
    words = {"reason": "weil", "spoken": True}
    if move in MAY[who]:
        assert move in rules.moves_of(person, match)
        actions.move_match(match_id=match.pk, move=move, by=person, now=NOW, **words)
        return
    assert move not in rules.moves_of(person, match)
    with pytest.raises(HouseError) as refused:
        actions.move_match(match_id=match.pk, move=move, by=person, now=NOW, **words)
    unseen = who in SEES_NOTHING or match.state == "proposed" or (who in BEFORE_A_YES and match.state == "asked")
    assert refused.value.status == (404 if unseen else 403)
    match.refresh_from_db()
    assert match.state == STATE_OF[move]


@pytest.mark.django_db
def test_worker_is_not_the_worker_of_their_own_pair(ada, cleo):
    match = a_match(a_request(cleo), people.ben(), state="accepted")
    assert rules.moves_of(cleo, match) == ["confirm", "refuse"]


@pytest.mark.django_db
def test_resident_does_not_see_who_was_asked_before_somebody_said_yes(ada, ben):
    from matching.models import Match

    match = a_match(a_request(ada), ben, state="asked")
    assert not Match.objects.visible_to(ada).exists()
    actions.accept_match(match_id=match.pk, by=ben, now=NOW)
    assert Match.objects.visible_to(ada).get() == match
