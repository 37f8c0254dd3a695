"""Who gets post: the lines of the call list that a letter can say, for those who want letters or have no number."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from matching import actions
from matching.desk import letter_list
from tests.people import a_match, a_request


def by_letter(person: User, **fields) -> User:
    for name, value in ({"channel": User.Channel.LETTER} | fields).items():
        setattr(person, name, value)
    person.save()
    return person


def rows(cleo):
    return letter_list.waiting([cleo.quarter], reader=cleo, now=timezone.now())


def test_somebody_found_for_a_person_of_letters_is_on_the_list(page_as, ada, ben, cleo):
    by_letter(ada)
    match = a_match(a_request(now=timezone.now()), ben, state="accepted")
    [row] = rows(cleo)
    assert row.person == ada
    assert row.href == f"/buero/brief/gefunden/bewohner/{match.pk}/"
    door = page_as(cleo)
    assert row.href in door.get("/buero/briefe/").content.decode()
    assert row.href in door.get(row.call).content.decode()
    assert door.get(row.href).status_code == 200


def test_who_takes_calls_is_on_the_call_list_only(ada, ben, cleo):
    by_letter(ada, channel=User.Channel.PHONE, phone="+492140000001")
    a_match(a_request(now=timezone.now()), ben, state="accepted")
    assert rows(cleo) == []


def test_who_has_no_number_gets_post(ada, ben, cleo):
    by_letter(ada, channel=User.Channel.PHONE, phone="")
    a_match(a_request(now=timezone.now()), ben, state="accepted")
    assert [row.person for row in rows(cleo)] == [ada]


def test_a_settled_visit_is_told_by_letter(ada, ben, cleo):
    by_letter(ada)
    match = a_match(a_request(now=timezone.now()), ben, state="accepted")
    match = actions.confirm_match(match_id=match.pk, by=cleo, now=timezone.now(), spoken=True)
    start = timezone.now() + timedelta(days=2)
    visit = actions.propose_appointment(
        match_id=match.pk, start=start, end=start + timedelta(hours=1), by=ada, now=timezone.now()
    )
    actions.agree_appointment(appointment_id=visit.pk, by=ben, now=timezone.now())
    assert f"/buero/brief/kommt/bewohner/{visit.pk}/" in [row.href for row in rows(cleo)]


def test_an_early_end_and_a_lapse_are_told_by_letter(page_as, ada, ben, cleo):
    by_letter(ada)
    now = timezone.now()
    match = a_match(a_request(now=now), ben, state="accepted")
    actions.confirm_match(match_id=match.pk, by=cleo, now=now, spoken=True)
    actions.end_match(match_id=match.pk, by=ben, now=now)
    lapsed = a_request(now=now - timedelta(days=9))
    actions.expire_requests(now=now)
    wanted = {f"/buero/brief/beendet/bewohner/{match.pk}/", f"/buero/brief/abgelaufen/bewohner/{lapsed.pk}/"}
    assert wanted <= {row.href for row in rows(cleo)}
    for href in wanted:
        assert page_as(cleo).get(href).status_code == 200


def test_an_empty_list_says_what_will_come(page_as, cleo):
    assert "kein Brief" in page_as(cleo).get("/buero/briefe/").content.decode()
