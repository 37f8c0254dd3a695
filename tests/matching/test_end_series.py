"""Regular times end by one of the two or by the office, with a reason: who may, and who reads what."""

from datetime import date, time

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import RoleAssignment
from core.errors import NotAllowed, NotVisible, WrongState
from matching import actions
from matching.models import Appointment, Series
from messaging.actions import open_conversation
from messaging.models import Notice
from tests import people
from tests.matching.arranged import a_pair
from tests.people import NOW

pytestmark = pytest.mark.django_db


def a_series(state: str = "agreed", *, now=NOW) -> Series:
    """Of Ada and Ben; `state`: proposed, agreed, ended, or over with the match."""
    match = a_pair()
    first = date(2026, 3, 10) if now == NOW else timezone.localdate(now)
    found = actions.propose_series(
        match_id=match.pk, first_on=first, start=time(23, 45), minutes=15, by=people.ben(), now=now
    )
    if state != "proposed":
        actions.agree_series(series_id=found.pk, by=people.ada(), now=now)
    if state == "ended":
        actions.end_series(series_id=found.pk, by=people.ben(), now=now)
    if state == "over":
        actions.end_match(match_id=match.pk, by=people.ben(), now=now)
    found.refresh_from_db()
    return found


TABLE = {  # what Ada, Ben, Cleo and Dora get
    "proposed": ("ended", "ended", "ended", "NotVisible"),
    "agreed": ("ended", "ended", "ended", "NotVisible"),
    "ended": ("WrongState", "WrongState", "WrongState", "NotVisible"),
    "over": ("NotAllowed", "NotAllowed", "NotAllowed", "NotVisible"),
}


@pytest.mark.parametrize("state", TABLE)
def test_each_state_for_each_person(state, ada, ben, cleo, dora):
    found, got = a_series(state), []
    for person in (ada, ben, cleo, dora):
        mark = transaction.savepoint()
        try:
            with transaction.atomic():
                ended = actions.end_series(series_id=found.pk, by=person, now=NOW, reason="Umzug")
            assert (ended.ended_by, ended.end_reason) == (person, "Umzug")
            got.append("ended")
        except (NotVisible, NotAllowed, WrongState) as refused:
            got.append(type(refused).__name__)
        transaction.savepoint_rollback(mark)
    assert tuple(got) == TABLE[state]


def told() -> set[str]:
    return set(Notice.objects.filter(kind="series_over").values_list("person__first_name", flat=True))


@pytest.mark.parametrize(("by", "word_of", "hear"), [
    ("ada", "", {"Ben"}), ("ben", "", {"Ada"}), ("cleo", "", {"Ada", "Ben"}), ("cleo", "ada", {"Ben"}),
])  # fmt: skip
def test_whoever_did_not_end_it_is_told_once(by, word_of, hear, cleo):
    says = getattr(people, word_of)() if word_of else None
    actions.end_series(series_id=a_series().pk, by=getattr(people, by)(), now=NOW, reason="Umzug", word_of=says)
    assert told() == hear
    assert Notice.objects.filter(kind="series_over").count() == len(hear)


def test_the_office_ends_it_on_the_case_and_both_read_who_and_why(ada, ben, cleo, page_as):
    found = a_series(now=timezone.now())
    talk, desk = open_conversation(match=found.match, now=timezone.now()), page_as(cleo)
    case = f"/buero/bitte/{found.match.request_id}/"
    end = f"/buero/serie/{found.pk}/beenden/"
    assert end in desk.get(case).content.decode()
    without = desk.post(end, {"reason": " "})
    assert (without.status_code, "Bitte nennen Sie einen Grund." in without.content.decode()) == (400, True)
    assert desk.post(end, {"reason": "Bens neue Arbeit"})["Location"].startswith(case)
    for person in (ada, ben):
        page = page_as(person).get(f"/gespraech/{talk.pk}/").content.decode()
        assert "Ihr Quartiersbüro hat die regelmäßigen Termine beendet." in page
        assert "Bens neue Arbeit" in page
        assert f"/serie/{found.pk}/beenden/" not in page
    case_now = desk.get(case).content.decode()
    assert end not in case_now
    assert "Regelmäßige Termine beendet: jede" in case_now
    assert desk.post(end, {"reason": "noch einmal"}).status_code == 409
    assert set(Appointment.objects.values_list("state", flat=True)) == {"cancelled"}


def test_one_of_the_two_ends_it_with_a_reason_and_the_other_reads_it(ada, ben, page_as):
    found = a_series(now=timezone.now())
    talk = open_conversation(match=found.match, now=timezone.now())
    page = f"/gespraech/{talk.pk}/"
    answer = page_as(ada).post(f"{page}serie/{found.pk}/beenden/", {"reason": "Ich ziehe um"})
    assert answer["Location"] == f"{page}#serie-{found.pk}"
    assert "Ada hat die regelmäßigen Termine beendet." in page_as(ben).get(page).content.decode()
    assert "Ich ziehe um" in page_as(ben).get(page).content.decode()
    assert "Sie haben die regelmäßigen Termine beendet." in page_as(ada).get(page).content.decode()


def test_a_worker_of_the_pair_does_not_end_it_as_the_office(ada, ben, page_as):
    found = a_series(now=timezone.now())
    RoleAssignment.objects.create(user=ben, role="worker", quarter=ben.quarter)
    assert page_as(ben).post(f"/buero/serie/{found.pk}/beenden/", {"reason": "x"}).status_code == 404
    page = page_as(ben).get(f"/buero/bitte/{found.match.request_id}/").content.decode()
    assert f"/buero/serie/{found.pk}/" not in page
