"""Every state and every answer of somebody with only a telephone, as a table: who is called, what an answer does."""

from datetime import timedelta

import pytest
from django.db import transaction

from core.errors import Invalid
from matching import actions
from matching.calls import book, verbs
from matching.models import Appointment, CheckIn, HelpRequest, Match, MatchEvent, Reminder, Series
from tests import people
from tests.matching.arranged import HOUR, TOMORROW, a_proposal, an_appointment
from tests.matching.calls.telephone import asked, by_phone, lines, say
from tests.people import NOW, a_match, a_quarter

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# --- what a state puts on the list: (how it is made) -> {who has only a telephone: the lines} ----------
def found() -> None:
    a_match(state="accepted")


def proposed_by_ben() -> None:
    a_proposal()


def proposed_by_ada() -> None:
    match = a_match(state="confirmed")
    a_proposal(match, by=match.resident)


def proposed_by_nobody() -> None:
    Appointment.objects.create(match=a_match(state="confirmed"), start=TOMORROW, end=TOMORROW + HOUR)


def series_by_ben() -> None:
    match = a_match(state="confirmed")
    first = TOMORROW.date()
    actions.propose_series(
        match_id=match.pk, first_on=first, start=TOMORROW.time(), minutes=60, by=match.volunteer, now=NOW
    )


def on_a_holiday() -> None:
    match = a_match(state="confirmed")
    series = Series.objects.create(match=match, first_on=NOW.date(), start_minute=600, minutes=60, agreed_at=NOW)
    Appointment.objects.create(match=match, series=series, start=TOMORROW, end=TOMORROW + HOUR)


def to_remind() -> None:
    visit = an_appointment()
    for person in (visit.match.resident, visit.match.volunteer):
        Reminder.objects.create(appointment=visit, person=person, kind="day", by_phone=True, due_at=NOW)
    Appointment.objects.update(agreed_by=None)


def nobody_heard() -> None:
    start = NOW - timedelta(hours=2)
    Appointment.objects.create(match=a_match(state="confirmed"), start=start, end=start + HOUR, state="agreed")


def asked_after_the_visit() -> None:
    match = a_match(state="confirmed")
    for person in (match.resident, match.volunteer):
        CheckIn.objects.create(match=match, person=person, visit=1, asked_at=NOW)


def confirmed_by_ada() -> None:
    match = a_match(state="accepted")
    actions.confirm_match(match_id=match.pk, by=match.resident, now=NOW)


def ended_by_ben() -> None:
    match = a_match(state="confirmed")
    actions.end_match(match_id=match.pk, by=match.volunteer, now=NOW, reason="Umzug")


def refused_by_ada() -> None:
    match = a_match(state="accepted")
    actions.refuse_match(match_id=match.pk, by=match.resident, now=NOW)


def agreed_by_ada() -> None:
    an_appointment()


def called_off_by_ben() -> None:
    visit = an_appointment()
    actions.cancel_appointment(appointment_id=visit.pk, by=visit.match.volunteer, now=NOW, reason="krank")


def _series_ended(by: str) -> None:
    series_by_ben()
    series = Series.objects.get()
    actions.agree_series(series_id=series.pk, by=people.ada(), now=NOW)
    actions.end_series(series_id=series.pk, by=getattr(people, by)(), now=NOW, reason="Umzug")


def series_ended_by_ben() -> None:
    _series_ended("ben")


def series_ended_by_the_office() -> None:
    _series_ended("cleo")


def lapsed() -> None:
    request = people.a_request(people.ada())
    HelpRequest.objects.filter(pk=request.pk).update(state="expired", ended_at=NOW)


# (state, lines when only Ada has a telephone alone, ... only Ben); pairs confirmed by hand tell Ben "es klappt" besides
SURE = ("bestaetigt", "Ben")
TABLE = [
    (asked, [], [("gefragt", "Ben")]),
    (found, [("gefunden", "Ada")], []),
    (proposed_by_ben, [("zeit", "Ada")], []),
    (proposed_by_ada, [], [("zeit", "Ben")]),
    (proposed_by_nobody, [("zeit", "Ada")], [("zeit", "Ben")]),
    (series_by_ben, [("serie", "Ada")], []),
    (on_a_holiday, [("feiertag", "Ada")], [("feiertag", "Ben")]),
    (to_remind, [("erinnern", "Ada"), ("erinnern", "Ben")], [("erinnern", "Ada"), ("erinnern", "Ben")]),
    (nobody_heard, [("besuch", "Ben")], [("besuch", "Ben")]),
    (asked_after_the_visit, [("nachfrage", "Ada")], [("nachfrage", "Ben")]),
    (confirmed_by_ada, [], [SURE]),
    (ended_by_ben, [("beendet", "Ada")], []),
    (refused_by_ada, [], [("danke", "Ben")]),
    (agreed_by_ada, [], [("verabredet", "Ben")]),
    (called_off_by_ben, [("abgesagt", "Ada")], []),
    (series_ended_by_ben, [("reihe", "Ada")], []),
    (series_ended_by_the_office, [("reihe", "Ada")], [("reihe", "Ben")]),
    (lapsed, [("abgelaufen", "Ada")], []),
]


@pytest.mark.parametrize(("how", "expected"), [("missed", []), ("leave_note", [("danke", "Ben")])])
def test_who_thought_it_over_is_thanked_when_not_needed_any_more_and_whom_nobody_reached_is_not(
    how, expected, ada, ben, cleo
):
    asked()
    by_phone(ben)
    entry = book.book([a_quarter()], reader=cleo, now=NOW).now[0]
    where = {"kind": "gefragt", "about": entry.line.about, "person_id": ben.pk}
    getattr(verbs, how)(**where, by=cleo, now=NOW, note="überlegt es sich bis morgen")
    actions.withdraw_request(request_id=Match.objects.get().request_id, by=ada, now=NOW, reason="")
    assert lines(cleo) == expected
    why = [one.line.why for one in book.book([a_quarter()], reader=cleo, now=NOW).now]
    assert why == ["danken: nicht mehr nötig"] * len(expected)


@pytest.mark.parametrize(("make", "of_ada", "of_ben"), TABLE, ids=[row[0].__name__ for row in TABLE])
@pytest.mark.parametrize("phone", ["nobody", "ada", "ben"])
def test_state_and_line(make, of_ada, of_ben, phone, ada, ben, cleo):
    make()
    Match.objects.filter(state="confirmed").update(confirmed_at=NOW)
    expected = {"nobody": [], "ada": of_ada, "ben": of_ben}[phone]
    if phone != "nobody":
        by_phone({"ada": ada, "ben": ben}[phone])
    told = [one for one in lines(cleo) if one not in (("bestaetigt", "Ada"), SURE) or SURE in expected]
    if make in (to_remind, nobody_heard) and phone == "nobody":
        expected = of_ada  # rows that say by themselves that the office calls
    assert sorted(told) == sorted(expected)


# --- what each answer does: (state, who has only a telephone, kind, answer) -> the new state ----------
def state_of_match() -> str:
    return Match.objects.get().state


def states_of_times() -> list[str]:
    return sorted(Appointment.objects.values_list("state", flat=True))


def fine_and_again() -> tuple:
    return CheckIn.objects.get(person__channel="phone").was_fine, CheckIn.objects.get(person__channel="phone").again


ANSWERS = [
    (asked, "ben", "gefragt", "yes", state_of_match, "accepted"),
    (asked, "ben", "gefragt", "no", state_of_match, "declined"),
    (found, "ada", "gefunden", "yes", state_of_match, "confirmed"),
    (found, "ada", "gefunden", "no", state_of_match, "refused"),
    (proposed_by_ben, "ada", "zeit", "agree-1", states_of_times, ["agreed"]),
    (proposed_by_ben, "ada", "zeit", "none", states_of_times, ["cancelled"]),
    (proposed_by_ben, "ada", "zeit", "other", states_of_times, ["cancelled", "proposed"]),
    (proposed_by_ada, "ben", "zeit", "agree-1", states_of_times, ["agreed"]),
    (series_by_ben, "ada", "serie", "no", lambda: Series.objects.get().ended_at, NOW),
    (on_a_holiday, "ada", "feiertag", "yes", lambda: Appointment.objects.get().proposed_by.first_name, "Ada"),
    (on_a_holiday, "ben", "feiertag", "no", states_of_times, ["cancelled"]),
    (to_remind, "ada", "erinnern", "yes", lambda: Reminder.objects.filter(done_at=NOW).count(), 1),
    (to_remind, "ada", "erinnern", "cancel", states_of_times, ["cancelled"]),
    (nobody_heard, "ben", "besuch", "there", lambda: Appointment.objects.get().arrived_at, NOW),
    (nobody_heard, "ben", "besuch", "done", states_of_times, ["done"]),
    (nobody_heard, "ben", "besuch", "cancelled", states_of_times, ["cancelled"]),
    (asked_after_the_visit, "ada", "nachfrage", "fine-again", fine_and_again, (True, True)),
    (asked_after_the_visit, "ada", "nachfrage", "fine-enough", fine_and_again, (True, False)),
    (asked_after_the_visit, "ben", "nachfrage", "wrong-again", fine_and_again, (False, True)),
    (asked_after_the_visit, "ben", "nachfrage", "wrong", fine_and_again, (False, False)),
    (confirmed_by_ada, "ben", "bestaetigt", "told", state_of_match, "confirmed"),
    (ended_by_ben, "ada", "beendet", "told", state_of_match, "ended"),
    (refused_by_ada, "ben", "danke", "told", state_of_match, "refused"),
    (agreed_by_ada, "ben", "verabredet", "told", states_of_times, ["agreed"]),
    (called_off_by_ben, "ada", "abgesagt", "told", states_of_times, ["cancelled"]),
    (series_ended_by_the_office, "ben", "reihe", "told", state_of_match, "confirmed"),
    (lapsed, "ada", "abgelaufen", "told", lambda: HelpRequest.objects.get().state, "expired"),
]


@pytest.mark.parametrize(
    ("make", "phone", "kind", "name", "state", "expected"),
    ANSWERS,
    ids=[f"{row[2]}-{row[3]}-{row[1]}" for row in ANSWERS],
)
def test_an_answer_is_the_verb_of_the_page(make, phone, kind, name, state, expected, ada, ben, cleo):
    make()
    by_phone({"ada": ada, "ben": ben}[phone])
    before = [one for one in lines(cleo) if one[0] == kind]
    start = {"start": TOMORROW + 3 * HOUR} if name == "other" else {}
    call = say(cleo, kind, name, **start)
    assert state() == expected
    assert (call.by, call.outcome, call.delete_on) == (cleo, "answered", (NOW + timedelta(182)).date())
    assert call.answer == name or name == "agree-1"
    after = [one for one in lines(cleo) if one[0] == kind]
    assert len(after) < len(before) or (kind, name) == ("besuch", "there")


def test_every_answer_of_every_line_is_in_the_table(ada, ben, cleo):
    offered = set()
    for make, *_rest in TABLE:
        before = transaction.savepoint()
        make()
        by_phone(ada, ben)
        for entry in book.book([a_quarter()], reader=cleo, now=NOW).now:
            offered |= {
                (entry.line.kind, "agree-1" if "agree-" in answer.name else answer.name)
                for answer in entry.line.answers
            }
        transaction.savepoint_rollback(before)
    tried = {(row[2], row[3]) for row in ANSWERS} | {("serie", "yes")}
    assert offered - tried == set()


def test_a_regular_time_is_agreed_on_the_telephone(ada, ben, cleo):
    series_by_ben()
    by_phone(ada)
    say(cleo, "serie", "yes")
    assert Series.objects.get().agreed_at == NOW


def test_two_answers_of_two_telephones_agree_a_visit_on_a_holiday(ada, ben, cleo):
    on_a_holiday()
    by_phone(ada, ben)
    say(cleo, "feiertag", "yes")
    assert states_of_times() == ["proposed"]
    say(cleo, "feiertag", "yes")
    assert states_of_times() == ["agreed"]


def test_times_to_choose_from_are_one_line_with_an_answer_each(ada, ben, cleo):
    match = a_match(state="confirmed")
    times = [(TOMORROW + n * HOUR, TOMORROW + (n + 1) * HOUR) for n in range(3)]
    actions.propose_times(match_id=match.pk, times=times, by=ben, now=NOW)
    by_phone(ada)
    [entry] = [one for one in book.book([a_quarter()], reader=cleo, now=NOW).now if one.line.kind == "zeit"]
    assert [answer.name[:5] for answer in entry.line.answers] == ["agree"] * 3 + ["none", "other"]
    say(cleo, "zeit", "agree-2")
    assert Appointment.objects.get(state="agreed").start == TOMORROW + HOUR


def test_the_reminder_of_the_hour_stands_for_the_one_of_the_day(ada, ben, cleo):
    visit = an_appointment()
    for kind, due in (("day", NOW - DAY), ("hour", NOW)):
        Reminder.objects.create(appointment=visit, person=ada, kind=kind, by_phone=True, due_at=due)
    assert [line for line in lines(cleo) if line[0] == "erinnern"] == [("erinnern", "Ada")]
    say(cleo, "erinnern", "yes")
    assert Reminder.objects.filter(done_at=NOW).count() == 2


def test_a_yes_on_the_telephone_is_marked_as_heard(ada, ben, cleo):
    asked()
    by_phone(ben)
    say(cleo, "gefragt", "yes")
    event = MatchEvent.objects.get(move="accept")
    assert (event.by, event.spoken) == (cleo, True)


@pytest.mark.parametrize(("move", "state"), [("accept", "asked"), ("decline", "asked"), ("refuse", "accepted")])
def test_a_worker_answers_for_nobody_who_did_not_say_so(move, state, cleo):
    match = a_match(state=state)
    with pytest.raises(Invalid):
        actions.move_match(match_id=match.pk, move=move, by=cleo, now=NOW)


def test_the_line_says_first_name_and_time_and_no_surname(ada, ben, cleo):
    asked()
    by_phone(ben)
    [entry] = book.book([a_quarter()], reader=cleo, now=NOW).now
    text = " ".join(entry.line.say)
    assert "Ada" in text
    assert "morgen, 10 bis 14 Uhr" in text
    assert "Abend" not in text
