"""Staying away: the table of states, who may move what, what it does at once, and how both sides hear of it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import rules, states
from accounts.actions import suspensions as verbs
from accounts.models import RoleAssignment, Suspension, User
from core.errors import HouseError, Invalid, WrongState
from matching import actions
from matching.models import HelpRequest, Match
from tests import people
from tests.people import NOW, a_match, a_person, a_quarter, a_request

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def worker(name: str, quarter=None) -> User:
    person = User.objects.filter(first_name=name).first()
    if person is None:
        person = a_person(name, quarter, wants_help=False)
        RoleAssignment.objects.create(user=person, role="worker", quarter=person.quarter)
    return person


def coordinator() -> User:
    person = a_person("Meral", wants_help=False)
    RoleAssignment.objects.create(user=person, role="coordinator")
    return person


def a_suspension(state: str = states.PAUSED, person: User | None = None, **fields) -> Suspension:
    """Of Ben, proposed by Cleo, confirmed by Uta; written as a row."""
    person = person or people.ben()
    row = Suspension.objects.create(
        user=person,
        cause="money",
        reason="Sie haben Geld angenommen.",
        proposed_by=people.cleo(),
        proposed_at=NOW,
        deadline=NOW + timedelta(hours=72),
        state=state,
        **{} if state == states.PAUSED else {"decided_by": worker("Uta"), "decided_at": NOW},
        **fields,
    )
    User.objects.filter(pk=person.pk).update(suspended_at=NOW if state in states.IN_FORCE else None)
    return row


CALL = {
    "confirm": lambda row, by: verbs.confirm_suspension(suspension_id=row.pk, by=by, now=LATER),
    "withdraw": lambda row, by: verbs.withdraw_suspension(suspension_id=row.pk, by=by, now=LATER),
    "lift": lambda row, by: verbs.lift_suspension(suspension_id=row.pk, by=by, now=LATER),
    "appeal": lambda row, by: verbs.appeal_suspension(suspension_id=row.pk, by=by, now=LATER, text="Nein."),
    "uphold": lambda row, by: verbs.decide_appeal(suspension_id=row.pk, by=by, now=LATER, uphold=True, outcome="Ja."),
    "overturn": lambda row, by: verbs.decide_appeal(
        suspension_id=row.pk, by=by, now=LATER, uphold=False, outcome="Doch."
    ),
}
FROM = {
    "confirm": states.PAUSED,
    "withdraw": states.PAUSED,
    "lift": states.EXCLUDED,
    "appeal": states.EXCLUDED,
    "uphold": states.APPEALED,
    "overturn": states.APPEALED,
}
WHO = {
    "who proposed": people.cleo,
    "who confirmed": lambda: worker("Uta"),
    "a third": lambda: worker("Rita"),
    "coordinator": coordinator,
    "of another quarter": lambda: worker("Willi", a_quarter("Fern", west=7.2)),
    "the person": people.ben,
    "a stranger": people.dora,
}
MAY = {
    "who proposed": {"withdraw", "lift", "appeal"},
    "who confirmed": {"confirm", "withdraw", "lift", "appeal"},
    "a third": {"confirm", "withdraw", "lift", "appeal", "uphold", "overturn"},
    "coordinator": {"confirm", "lift", "uphold", "overturn"},
    "of another quarter": set(),
    "the person": set(),
    "a stranger": set(),
}


@pytest.mark.parametrize("move", CALL)
@pytest.mark.parametrize("who", WHO)
def test_person_and_move(who, move):
    row, by = a_suspension(FROM[move]), WHO[who]()
    assert rules.may_move_suspension(by, row, move) == (move in MAY[who])
    if move in MAY[who]:
        assert CALL[move](row, by).state == states.SUSPENSION_MOVES[FROM[move], move]
        return
    with pytest.raises(HouseError) as refused:
        CALL[move](row, by)
    assert refused.value.status in (403, 404)


@pytest.mark.parametrize("move", CALL)
@pytest.mark.parametrize("state", states.SUSPENSION_STATES)
def test_state_and_move(state, move):
    row = a_suspension(state)
    if (state, move) in states.SUSPENSION_MOVES:
        after = CALL[move](row, worker("Rita"))
        assert after.state == states.SUSPENSION_MOVES[state, move]
        assert (User.objects.get(pk=row.user_id).suspended_at is None) == (after.state not in states.IN_FORCE)
        assert (after.delete_on is not None) == (after.state not in states.IN_FORCE)
    else:
        with pytest.raises(WrongState):
            CALL[move](row, worker("Rita"))


@pytest.mark.parametrize("who", ["worker", "self", "resident", "other"])
def test_only_a_worker_of_the_quarter_proposes(who, ben, cleo):
    by = {"worker": cleo, "self": ben, "resident": people.ada(), "other": WHO["of another quarter"]()}[who]
    if who == "worker":
        row = verbs.propose_suspension(person_id=ben.pk, by=by, now=NOW, cause="money", reason="Weil.")
        assert row.state == states.PAUSED
        return
    with pytest.raises(HouseError):
        verbs.propose_suspension(person_id=ben.pk, by=by, now=NOW, cause="money", reason="Weil.")


def test_a_pause_without_a_second_worker_lapses(ben):
    row = a_suspension()
    assert verbs.lapse_suspensions(now=NOW + timedelta(hours=71)) == 0
    assert verbs.lapse_suspensions(now=NOW + timedelta(hours=73)) == 1
    assert Suspension.objects.get(pk=row.pk).state == states.LAPSED
    assert User.objects.get(pk=ben.pk).suspended_at is None


def propose(person, cleo, capture) -> Suspension:
    with capture(execute=True):
        return verbs.propose_suspension(person_id=person.pk, by=cleo, now=NOW, cause="money", reason="Weil.")


def test_pairs_end_at_once_addresses_close_and_requests_open_again(
    ada, ben, cleo, page_as, django_capture_on_commit_callbacks
):
    match = a_match(a_request(ada), ben, state="confirmed")
    asked = a_match(a_request(a_person("Greta")), ben, state="asked")
    his = page_as(ben)
    propose(ben, cleo, django_capture_on_commit_callbacks)
    match.refresh_from_db()
    asked.refresh_from_db()
    assert (match.state, asked.state) == ("ended", "closed")
    assert HelpRequest.objects.get(pk=match.request_id).state == "open"
    assert his.get(reverse("home")).status_code == 302  # his session is over
    page = page_as(ada).get(reverse("matching:match", args=[match.pk])).content.decode()
    assert "kann zurzeit nicht kommen" in page
    assert "Weil." not in page


def test_what_a_suspended_resident_asked_for_is_taken_back(ada, ben, cleo, django_capture_on_commit_callbacks):
    match = a_match(a_request(ada), ben, state="confirmed")
    propose(ada, cleo, django_capture_on_commit_callbacks)
    assert HelpRequest.objects.get(pk=match.request_id).state == "withdrawn"
    assert not Match.objects.live().exists()


def test_the_clock_mends_what_was_missed_and_does_nothing_twice(ada, ben):
    a_match(a_request(ada), ben, state="confirmed")
    a_suspension()
    assert actions.let_suspended_go(now=LATER) == 1
    assert actions.let_suspended_go(now=LATER) == 0


def test_the_person_reads_why_by_a_link_without_content_in_the_mail(ben, cleo, django_capture_on_commit_callbacks):
    row = propose(ben, cleo, django_capture_on_commit_callbacks)
    [letter] = [one for one in mail.outbox if one.to == [ben.email]]
    assert "Weil." not in letter.body + letter.subject
    page = re.search(reverse("accounts:decision", args=["TOKEN"]).replace("TOKEN", r"[\w:-]+"), letter.body)[0]
    assert "Weil." in Client().get(page).content.decode()
    assert Client().post(page, {"text": "Nein"}).status_code == 400  # an appeal comes after the second decision
    verbs.confirm_suspension(suspension_id=row.pk, by=worker("Uta"), now=timezone.now())
    assert Client().post(page, {"text": ""}).status_code == 400
    assert Client().post(page, {"text": "Das stimmt nicht."}).status_code == 302
    assert Suspension.objects.get(pk=row.pk).appeal == "Das stimmt nicht."
    assert Client().get(page + "x").status_code == 404


def test_who_reads_no_mail_waits_on_the_desk_until_told(ben, cleo, page_as):
    User.objects.filter(pk=ben.pk).update(channel="phone")
    row = verbs.propose_suspension(person_id=ben.pk, by=cleo, now=NOW, cause="money", reason="Weil.")
    verbs.confirm_suspension(suspension_id=row.pk, by=worker("Uta"), now=LATER)
    client = page_as(cleo)
    assert "Ben Bogen" in client.get(reverse("desk:home") + "?liste=angehalten").content.decode()
    client.post(reverse("desk:suspension_move", args=[row.pk, "tell"]))
    assert "Ben Bogen" not in client.get(reverse("desk:home") + "?liste=angehalten").content.decode()


def test_the_desk_walks_the_whole_way(ben, cleo, page_as):
    said = {"cause": "money", "reason": "Sie haben Geld angenommen."}
    assert page_as(cleo).post(reverse("desk:suspend", args=[ben.pk]), {"cause": "money"}).status_code == 400
    assert page_as(cleo).post(reverse("desk:suspend", args=[ben.pk]), said).status_code == 302
    row = Suspension.objects.get()
    for name, move, words in (("Uta", "confirm", ""), ("Uta", "appeal", "Nein."), ("Rita", "overturn", "Doch.")):
        page = reverse("desk:suspension_move", args=[row.pk, move])
        assert page_as(worker(name)).post(page, {"text": words}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.outcome, row.heard_by) == ("lifted", "Doch.", worker("Rita"))
    assert page_as(coordinator()).get(reverse("desk:suspension", args=[row.pk])).status_code == 200
    assert page_as(people.dora()).get(reverse("desk:suspensions")).status_code == 404


@pytest.mark.parametrize("text", ["Ein\x00Byte", "halb \ud800", "x" * 1001])
def test_words_no_database_can_keep_come_back_beside_the_field(text, ben, cleo):
    for call in (
        lambda: verbs.propose_suspension(person_id=ben.pk, by=cleo, now=NOW, cause="money", reason=text),
        lambda: verbs.lift_suspension(
            suspension_id=a_suspension(states.EXCLUDED).pk, by=coordinator(), now=LATER, outcome=text
        ),
    ):
        with pytest.raises(Invalid):
            call()
