"""Tries that were counted, colleagues who take over, and lines that are through."""

from datetime import timedelta

import pytest

from accounts.models import RoleAssignment, User
from core.errors import HouseError, NotVisible
from matching import actions
from matching.calls import book, verbs
from matching.models import Call
from tests import people
from tests.matching.arranged import HOUR
from tests.matching.calls.telephone import asked, by_phone, lines, say
from tests.people import NOW, a_match, a_quarter

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def where(reader: User) -> dict:
    entry = book.book([a_quarter()], reader=reader, now=NOW).now[0]
    return {"kind": entry.line.kind, "about": entry.line.about, "person_id": entry.line.person.pk, "by": reader}


def test_who_did_not_answer_waits_for_the_next_hour_and_is_counted(ada, ben, cleo):
    asked()
    by_phone(ben)
    place = where(cleo)
    for number in range(3):
        verbs.missed(**place, now=NOW + number * DAY / 3)
    standing = book.book([a_quarter()], reader=cleo, now=NOW)
    assert standing.now == []
    [entry] = standing.later
    assert (entry.tries, entry.is_hard_to_reach) == (3, True)
    assert lines(cleo, now=NOW + 47 * HOUR) == [("gefragt", "Ben")]


def test_nobody_answered_is_counted_at_all_that_was_to_be_said_to_this_person_and_to_no_other(ada, ben, cleo):
    asked()
    a_match(people.a_request(people.a_person("Erna")), ben, state="asked")
    a_match(people.a_request(people.a_person("Frieda")), people.a_volunteer("Vera", channel="phone"), state="asked")
    by_phone(ben)
    entry = next(one for one in book.book([a_quarter()], reader=cleo, now=NOW).now if one.line.person == ben)
    place = {"kind": entry.line.kind, "about": entry.line.about, "person_id": ben.pk, "by": cleo}
    assert len(verbs.missed_all(**place, now=NOW)) == 2
    assert lines(cleo) == [("gefragt", "Vera")]
    assert lines(cleo, now=NOW + 47 * HOUR).count(("gefragt", "Ben")) == 2


def test_a_worker_of_another_quarter_counts_nothing(ada, ben, cleo, dora):
    asked()
    by_phone(ben)
    with pytest.raises(NotVisible):
        verbs.missed_all(**where(cleo) | {"by": dora}, now=NOW)
    assert not Call.objects.exists()


def test_a_colleague_takes_over(ada, ben, cleo):
    asked()
    by_phone(ben)
    karl = people.a_person("Karl", wants_help=False)
    RoleAssignment.objects.create(user=karl, role="worker", quarter=karl.quarter)
    verbs.hand_over(**where(cleo), to_id=karl.pk, now=NOW, note="kennt ihn")
    standing = book.book([a_quarter()], reader=cleo, now=NOW)
    assert (standing.now, [entry.taken_by for entry in standing.others]) == ([], [karl])
    assert standing.others[0].note == "kennt ihn"
    assert lines(karl) == [("gefragt", "Ben")]


def test_nobody_from_elsewhere_takes_over(ada, ben, cleo, dora):
    asked()
    by_phone(ben)
    with pytest.raises(HouseError):
        verbs.hand_over(**where(cleo), to_id=dora.pk, now=NOW)


def test_a_worker_of_another_quarter_finds_no_line(ada, ben, cleo):
    asked()
    by_phone(ben)
    place = where(cleo)
    far = people.a_person("Finn", people.a_quarter("Fern", west=7.2))
    RoleAssignment.objects.create(user=far, role="worker", quarter=far.quarter)
    with pytest.raises(NotVisible):
        verbs.answer(**place | {"by": far}, name="yes", now=NOW)


def test_a_worker_is_not_called_about_their_own_pair_and_calls_nobody_about_it(ben, cleo):
    people.a_match(people.a_request(cleo), ben, state="asked")
    by_phone(ben)
    assert lines(cleo) == []


def test_a_line_that_is_through_is_not_answered_twice(ada, ben, cleo):
    asked()
    by_phone(ben)
    place = where(cleo)
    verbs.answer(**place, name="yes", now=NOW)
    with pytest.raises(NotVisible):
        verbs.answer(**place, name="no", now=NOW)
    assert Call.objects.count() == 1


def test_when_the_verb_refuses_no_call_is_kept(ada, ben, cleo):
    asked()
    by_phone(ben)
    place = where(cleo)
    with pytest.raises(HouseError):
        verbs.answer(**place, name="gibt-es-nicht", now=NOW)
    assert not Call.objects.exists()


def test_a_yes_by_somebody_trusted_is_told_to_the_resident(ada, ben, cleo, dora):
    people.trusts(ada, dora)
    match = a_match(state="accepted")
    by_phone(ada)
    actions.confirm_match(match_id=match.pk, by=dora, now=NOW)
    assert ("bestaetigt", "Ada") in lines(cleo)


def test_the_done_list_of_today_names_what_was_said(ada, ben, cleo):
    asked()
    by_phone(ben)
    say(cleo, "gefragt", "yes")
    assert [(call.person, call.answer) for call in book.through_today([a_quarter()], now=NOW)] == [(ben, "yes")]
    assert book.through_today([a_quarter()], now=NOW + DAY) == []
