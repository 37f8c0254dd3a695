"""Young helps old, by the rules: a table of ages, days and hours, asked of the law, of the roster and of the verbs."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from accounts.actions import parents
from accounts.models import AgeRules
from core.errors import Invalid
from matching import actions, arranging, loading, planner, suggestions
from matching.actions.visiting_days import check_day
from matching.errors import NotOnThatDay
from matching.models import Appointment, Match
from matching.paper import reading
from messaging.actions import open_conversation
from tests.people import NOW, a_match, a_person, a_request, a_skill, a_volunteer

pytestmark = pytest.mark.django_db
WEDNESDAY, SATURDAY, KARFREITAG = date(2026, 3, 4), date(2026, 3, 7), date(2026, 4, 3)
BORN = {12: date(2013, 6, 1), 13: date(2012, 6, 1), 15: date(2010, 6, 1), 17: date(2008, 6, 1)}


def at(day: date, clock: float) -> datetime:
    """Local time in Berlin, winter or summer."""
    offset = 2 if day >= date(2026, 3, 29) else 1
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=clock - offset)


def jo(age: int = 15, *, agreed: bool = True, cleo=None, **fields):
    a_skill("hund", minors_may=True)
    a_skill("muell", minors_may=True)
    a_skill("leiter", minors_may=False)
    person = a_volunteer("Jo", skills=("hund", "muell", "leiter"), **{"born_on": BORN[age]} | fields)
    if agreed:
        parents.record_paper_consent(person_id=person.pk, by=cleo, now=NOW, name="Kim Jung", phone="0214 123456")
    return person


MAY = [  # age, kind, day, from, to, may they
    (15, "hund", WEDNESDAY, 15, 16, True),
    (15, "hund", WEDNESDAY, 10, 11, False),  # at school
    (15, "hund", SATURDAY, 10, 11, True),
    (15, "hund", KARFREITAG, 10, 11, True),  # no school
    (15, "hund", WEDNESDAY, 18.5, 19.5, True),
    (13, "hund", WEDNESDAY, 18.5, 19.5, False),  # under 15 until six
    (13, "hund", WEDNESDAY, 16, 17, True),
    (13, "muell", WEDNESDAY, 16, 17, False),  # not on the list of the youngest
    (15, "muell", WEDNESDAY, 16, 17, True),
    (15, "hund", SATURDAY, 7, 8, False),
    (15, "leiter", SATURDAY, 10, 11, False),
    (12, "hund", SATURDAY, 10, 11, False),
    (17, "hund", date(2026, 6, 1), 10, 11, True),  # a Monday, the 18th birthday
    (17, "leiter", date(2026, 6, 1), 10, 11, True),
    (15, "hund", SATURDAY, 10, 12.5, False),  # longer than two hours
]


@pytest.mark.parametrize(("age", "kind", "day", "start", "end", "may"), MAY)
def test_the_table_of_the_young(age, kind, day, start, end, may, ada, cleo):
    person = jo(age, cleo=cleo, profile={"helps_on_holidays": True, "hours_per_week": 30})
    minutes = int((end - start) * 60)
    window = [(at(day, start), at(day, end))]
    request = a_request(ada, skills=(kind,), windows=window, duration_minutes=minutes)
    assert bool(suggestions.suggestions(request, now=NOW)) == may
    assert (suggestions.failed_gates(request, person.volunteer_profile, now=NOW) == []) == may
    match = a_match(request, person, state="confirmed")
    if may:
        actions.propose_appointment(match_id=match.pk, start=window[0][0], end=window[0][1], by=ada, now=NOW)
    else:
        with pytest.raises(Invalid):
            actions.propose_appointment(match_id=match.pk, start=window[0][0], end=window[0][1], by=ada, now=NOW)


def test_without_the_parents_yes_nobody_young_is_asked(ada, cleo):
    person = jo(agreed=False)
    request = a_request(ada, skills=("hund",), windows=[(at(SATURDAY, 10), at(SATURDAY, 12))])
    assert suggestions.failed_gates(request, person.volunteer_profile, now=NOW) == ["vetting"]
    consent = parents.ask_parents(person_id=person.pk, by=cleo, now=NOW, name="Kim Jung", phone="0214 123456")
    parents.give_consent(token=parents.token_of(consent), now=NOW)
    assert suggestions.suggestions(request, now=NOW)
    parents.take_consent_back(token=parents.token_of(consent), now=NOW + timedelta(minutes=1))
    assert suggestions.failed_gates(request, person.volunteer_profile, now=NOW) == ["vetting"]


def test_each_visit_of_the_young_names_an_adult_to_call(ada, cleo):
    person = jo(cleo=cleo)
    match = a_match(a_request(ada, skills=("hund",)), person, state="confirmed")
    [visit] = actions.propose_times(match_id=match.pk, times=[(at(SATURDAY, 10), at(SATURDAY, 11))], by=ada, now=NOW)
    agreed = actions.agree_appointment(appointment_id=visit.pk, by=person, now=NOW)
    assert (agreed.adult.name, agreed.adult.phone) == ("Kim Jung", "0214 123456")


@pytest.mark.parametrize(
    ("taken", "may"),
    [
        ([(SATURDAY, 14, 15)], True),
        ([(SATURDAY, 14, 15.5)], False),  # two hours a day
        ([(date(2026, 3, 2 + n), 15, 17) for n in range(4)] + [(date(2026, 3, 6), 15, 16)], True),
        ([(date(2026, 3, 2 + n), 15, 17) for n in range(5)], False),  # ten hours a week
    ],
)
def test_hours_of_day_and_week_are_counted(taken, may, ada, cleo):
    person = jo(cleo=cleo)
    match = a_match(a_request(ada, skills=("hund",)), person, state="confirmed")
    for day, start, end in taken:
        Appointment.objects.create(match=match, start=at(day, start), end=at(day, end), state="agreed")
    if may:
        check_day(match, at(SATURDAY, 10), at(SATURDAY, 11), now=NOW)
    else:
        with pytest.raises(NotOnThatDay):
            check_day(match, at(SATURDAY, 10), at(SATURDAY, 11), now=NOW)


def test_a_new_version_of_the_rules_counts_from_its_day(ada, cleo):
    person = jo(cleo=cleo)
    bands = [
        {
            "from_age": 15, "to_age": 17, "minutes_a_day": 60, "hours_a_week": 5, "first_minute": 600,
            "last_minute": 900, "after_school": None, "kinds": [],
        }
    ]  # fmt: skip
    AgeRules.objects.create(number=1, since=SATURDAY, bands=bands, breaks=[])
    match = a_match(a_request(ada, skills=("hund",)), person, state="confirmed")
    check_day(match, at(WEDNESDAY, 18), at(WEDNESDAY, 20), now=NOW)
    with pytest.raises(NotOnThatDay):
        check_day(match, at(SATURDAY, 18), at(SATURDAY, 20), now=NOW)


def test_school_holidays_open_the_morning(ada, cleo):
    person = jo(cleo=cleo)
    built_in = loading.request_facts(a_request(ada), now=NOW).youth.versions[0]
    bands = [{**band.__dict__, "kinds": sorted(band.kinds)} for band in built_in.bands]
    request = a_request(ada, skills=("hund",), windows=[(at(WEDNESDAY, 10), at(WEDNESDAY, 12))])
    assert not suggestions.suggestions(request, now=NOW)
    AgeRules.objects.create(number=1, since=date(2026, 1, 1), bands=bands, breaks=[["2026-03-02", "2026-03-06"]])
    assert [one.volunteer for one in suggestions.suggestions(request, now=NOW)] == [person]


def test_a_visit_that_moves_does_not_count_against_itself(ada, cleo):
    person = jo(cleo=cleo)
    match = a_match(a_request(ada, skills=("hund",)), person, state="confirmed")
    times = [(at(SATURDAY, 10), at(SATURDAY, 12))]
    [visit] = actions.propose_times(match_id=match.pk, times=times, by=ada, now=NOW)
    actions.agree_appointment(appointment_id=visit.pk, by=person, now=NOW)
    later = {"start": at(SATURDAY, 13), "end": at(SATURDAY, 15)}
    moved = actions.move_appointment(appointment_id=visit.pk, by=ada, now=NOW, **later)
    assert actions.agree_appointment(appointment_id=moved.pk, by=person, now=NOW).state == "agreed"
    with pytest.raises(Invalid):  # two hours a day are spoken for
        actions.propose_times(match_id=match.pk, times=times, by=ada, now=NOW)


@pytest.mark.parametrize(("minutes", "pairs"), [(60, 2), (90, 1)])
def test_a_round_gives_nobody_young_more_than_a_day_holds(minutes, pairs, ada, cleo):
    """Two hours a day: two visits of an hour each may be, two of an hour and a half may not."""
    jo(cleo=cleo, profile={"hours_per_week": 30, "capacity": 3})
    for by, start in ((ada, 10), (a_person("Frieda"), 14)):
        window = [(at(SATURDAY, start), at(SATURDAY, start + 2))]
        a_request(by, skills=("hund",), windows=window, duration_minutes=minutes)
    found = planner.plan([ada.quarter], now=NOW)
    assert len(found.pairs) == pairs
    assert found.gap == 0


def test_the_adult_stands_with_the_visit_for_both_and_on_the_door_card(ada, cleo, page_as):
    """Who it is, and the office's number: the parent's own number stays with the office."""
    person = jo(cleo=cleo)
    match = a_match(a_request(ada, skills=("hund",)), person, state="confirmed")
    Match.objects.filter(pk=match.pk).update(code_word="Amsel Brücke")
    [visit] = actions.propose_times(match_id=match.pk, times=[(at(SATURDAY, 10), at(SATURDAY, 11))], by=ada, now=NOW)
    before = arranging.cards_of([visit], match, arranging.rights_of(match, ada), now=NOW)
    assert before[0].adult == ""  # nothing is agreed yet
    actions.agree_appointment(appointment_id=visit.pk, by=person, now=NOW)
    talk = open_conversation(match=match, now=NOW)
    said = "Erwachsene Kontaktperson: Kim Jung, erreichbar über das Quartiersbüro: 0214 000000"
    with time_machine.travel(NOW, tick=False):
        for who in (ada, person):
            for page in (f"/termin/{visit.pk}/", f"/gespraech/{talk.pk}/"):
                text = page_as(who).get(page).content.decode()
                assert said in text, page
                assert "0214 123456" not in text
        assert "Kim Jung" in page_as(ada).get(f"/papier/tuerkarte/{match.pk}/").content.decode()
    assert "Kim Jung, 0214 123456" in page_as(cleo).get(f"/buero/termin/{visit.pk}/").content.decode()


def test_a_grown_up_needs_no_adult_on_paper(ada, ben, cleo):
    match = a_match(a_request(ada), ben, state="confirmed")
    assert reading.door_of(match, now=NOW).adult == ""
