"""From rows to sheets: what the card, the letters and the month say."""

from datetime import date, timedelta

import pytest

from matching import actions, states
from matching.models import Appointment, Match
from matching.paper import letters, reading
from tests.matching.arranged import TOMORROW, a_pair, an_appointment
from tests.people import NOW, a_match, a_request, a_volunteer


def keys(thing) -> set[tuple[str, str]]:
    return {(one.key, person.first_name) for one, person in reading.letters_about(thing, now=NOW)}


def test_the_card_says_days_not_tomorrow(ada, ben):
    visit = an_appointment()
    Match.objects.filter(pk=visit.match_id).update(code_word="Amsel Brücke")
    door = reading.door_of(Match.objects.get(pk=visit.match_id), now=NOW)
    assert (door.who, door.word, door.place) == ("Ben", "Amsel Brücke", "zu Hause")
    assert door.times == ["Mittwoch, 4. März, 10 bis 11 Uhr"]


def test_a_card_without_a_time_says_so(ada, ben):
    assert reading.door_of(a_pair(), now=NOW).times == []


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("proposed", set()),
        ("asked", {("gefragt", "Ben")}),
        ("accepted", {("gefunden", "Ada")}),
        ("confirmed", set()),
        ("refused", {("dank", "Ben")}),
        ("completed", {("dank", "Ben")}),
        ("declined", set()),
        ("expired", set()),
    ],
)
def test_which_letter_a_match_calls_for(state, told, ada, ben):
    assert keys(a_match(state=state)) == told


def ended(reason: str = "", days: int = 1) -> Match:
    match = a_match(state="ended")
    Match.objects.filter(pk=match.pk).update(ended_at=NOW - timedelta(days=days), end_reason=reason)
    return Match.objects.get(pk=match.pk)


def test_an_early_end_calls_for_a_letter_to_each_side(ada, ben):
    assert keys(ended()) == {("beendet", "Ada"), ("beendet", "Ben")}
    assert keys(ended(days=15)) == set()


@pytest.mark.parametrize("reason", ["left", "suspended"])
def test_who_left_or_was_held_is_not_written_to_about_it(reason, ada, ben):
    assert keys(ended(reason)) == {("beendet", "Ada")}


@pytest.mark.parametrize(("reason", "told"), [("left", set()), ("filled", {("dank", "Ben")})])
def test_who_stopped_helping_is_not_thanked_for_having_waited(reason, told, ada, ben):
    match = a_match(state="closed")
    match.end_reason = reason
    assert keys(match) == told


@pytest.mark.parametrize(("accepted", "said"), [(NOW, "Sie waren bereit"), (None, "wir hatten Sie gefragt")])
def test_who_only_thought_it_over_is_thanked_for_that(accepted, said, ada, ben):
    match = a_match(state="closed")
    Match.objects.filter(pk=match.pk).update(accepted_at=accepted)
    match.refresh_from_db()
    [(letter, _)] = reading.letters_about(match, now=NOW)
    assert letter.says(reading.news(letter, match, now=NOW)).before[0].startswith(said)


def test_the_letter_of_an_end_says_whether_we_look_on(ada, ben):
    match = ended()
    [letter] = [one for one, person in reading.letters_about(match, now=NOW) if person == ada]
    assert "Wir suchen jemand anderes" in " ".join(letter.says(reading.news(letter, match, now=NOW)).after)
    match.request.state = states.WITHDRAWN
    assert "Brauchen Sie weiter Hilfe?" in " ".join(letter.says(reading.news(letter, match, now=NOW)).after)


def test_a_request_that_lapsed_calls_for_a_letter(ada):
    request = a_request(state="expired", ended_at=NOW - timedelta(days=1))
    assert keys(request) == {("abgelaufen", "Ada")}
    request.ended_at = NOW - timedelta(days=15)
    assert keys(request) == set()


def test_an_offer_nobody_looked_at_calls_for_no_letter(ada, ben):
    match = a_match(state="accepted")
    match.needs_review = True
    assert keys(match) == set()


def test_a_request_without_a_yes_calls_for_a_letter(ada, ben):
    request = a_request()
    assert keys(request) == {("suche", "Ada")}
    request.accepted_helpers = 1
    assert keys(request) == set()


def test_an_agreed_visit_calls_for_a_letter_to_each_side(ada, ben):
    assert keys(an_appointment()) == {("kommt", "Ada"), ("kommt", "Ben")}


def test_a_visit_called_off_says_so(ada, ben):
    visit = an_appointment()
    visit = actions.cancel_appointment(appointment_id=visit.pk, by=ben, now=NOW)
    assert keys(visit) == {("abgesagt", "Ada"), ("abgesagt", "Ben")}


def test_a_moved_visit_says_the_time_before(ada, ben):
    visit = an_appointment()
    later = TOMORROW + timedelta(days=1)
    moved = actions.move_appointment(
        appointment_id=visit.pk, start=later, end=later + timedelta(hours=1), by=ben, now=NOW
    )
    moved = actions.agree_appointment(appointment_id=moved.pk, by=ada, now=NOW)
    assert keys(moved) == {("verschoben", "Ada"), ("verschoben", "Ben")}
    said = reading.news(letters.named("verschoben", letters.RESIDENT), moved, now=NOW)
    assert (said.before, said.when) == ("Mittwoch, 4. März, 10 bis 11 Uhr", "Donnerstag, 5. März, 10 bis 11 Uhr")


def test_the_helper_who_was_asked_reads_no_name_and_no_hour(ada, ben):
    said = reading.news(letters.named("gefragt", letters.HELPER), a_match(state="asked"), now=NOW)
    assert said.other == ""
    assert "Uhr" not in said.when


def test_the_month_holds_its_own_visits_only(ada, ben):
    match = a_pair()
    for day in (TOMORROW, TOMORROW - timedelta(days=10), TOMORROW + timedelta(days=60)):
        end = day + timedelta(hours=1)
        over = {"state": states.DONE_VISIT, "arrived_at": day, "finished_at": end, "minutes": 45}
        Appointment.objects.create(match=match, start=day, end=end, **over)
    visits = reading.visits_of(match.request.quarter, date(2026, 3, 1))
    assert [(one.minutes, one.helper) for one in visits] == [(45, "Ben Bogen")]


def test_a_month_costs_the_same_queries_for_two_visits_and_for_six(ada, ben, django_assert_num_queries):
    counts = []
    for number in range(6):
        match = a_match(a_request(), a_volunteer(f"Nils{number}"), state="confirmed")
        Appointment.objects.create(
            match=match, start=TOMORROW, end=TOMORROW + timedelta(hours=1), state=states.DONE_VISIT
        )
        if number in (1, 5):
            with django_assert_num_queries(3):
                counts.append(len(reading.visits_of(match.request.quarter, date(2026, 3, 1))))
    assert counts == [2, 6]
