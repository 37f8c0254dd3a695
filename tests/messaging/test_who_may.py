"""Every person x every verb of order in the talk, as a table one can read."""

from uuid import uuid4

import pytest

from accounts.models import RoleAssignment
from core.errors import HouseError
from messaging import actions
from messaging.models import Report
from tests import people
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_person, a_quarter

OF_THE_TWO = {"report message", "report person", "block", "unblock"}
MAY = {
    "resident": OF_THE_TWO,
    "volunteer": {"report person", "block", "unblock", "delete"},  # the message is theirs
    "trusted": set(),
    "worker": {"pause", "resume", "take", "settle", "dismiss", "tell", "read"},
    "other worker": set(),
    "former worker": set(),
    "suspended resident": set(),
    "coordinator": set(),
    "stranger": set(),
}
VERBS = sorted(set.union(*MAY.values()))
SEES = {("resident", "delete"): 403, ("suspended resident", "delete"): 403}  # everybody else: there is nothing for them
BEFORE = {"settle": "in_work", "dismiss": "in_work", "tell": "settled"}


def somebody(who: str):
    if who in ("resident", "suspended resident"):
        ada = people.ada()
        ada.suspended_at = NOW if who.startswith("suspended") else None
        ada.save()
        return ada
    if who == "volunteer":
        return people.ben()
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


def do(verb: str, person, talk, report) -> None:
    who = {"by": person, "now": NOW}
    in_talk = {"conversation_id": talk.pk, **who}
    of_report = {"report_id": report.pk, **who}
    {
        "report message": lambda: actions.report_message(seq=1, **in_talk),
        "report person": lambda: actions.report_person(**in_talk),
        "block": lambda: actions.block_in_talk(**in_talk),
        "unblock": lambda: actions.unblock_in_talk(**in_talk),
        "delete": lambda: actions.delete_message(seq=1, client_id=uuid4(), **in_talk),
        "pause": lambda: actions.pause_talk(match_id=talk.match_id, **who),
        "resume": lambda: actions.resume_talk(match_id=talk.match_id, by=person),
        "take": lambda: actions.move_report(move="take", **of_report),
        "settle": lambda: actions.move_report(move="settle", outcome="talked", **of_report),
        "dismiss": lambda: actions.move_report(move="dismiss", outcome="nothing", **of_report),
        "tell": lambda: actions.mark_told(**of_report),
        "read": lambda: actions.begin_reading(**of_report),
    }[verb]()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", MAY)
@pytest.mark.django_db
def test_person_and_verb(who, verb, ada, ben):
    talk = a_talk()
    say(talk, ben)
    report = actions.report_person(conversation_id=talk.pk, by=ada, now=NOW)
    state = BEFORE.get(verb, "open")
    ended = {"outcome": "talked", "closed_at": NOW} if state == "settled" else {}
    Report.objects.filter(pk=report.pk).update(state=state, **ended)
    person = somebody(who)
    if verb in MAY[who]:
        do(verb, person, talk, report)
        return
    with pytest.raises(HouseError) as refused:
        do(verb, person, talk, report)
    assert refused.value.status == SEES.get((who, verb), 404)


@pytest.mark.django_db
def test_a_worker_is_not_the_worker_of_their_own_talk(ben, cleo):
    talk = a_talk(resident=cleo)
    report = actions.report_person(conversation_id=talk.pk, by=ben, now=NOW)
    for verb in ("pause", "resume", "take", "read"):
        with pytest.raises(HouseError) as refused:
            do(verb, cleo, talk, report)
        assert refused.value.status == 404
