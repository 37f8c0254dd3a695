"""While a talk rests, nothing is arranged in it and no word passes: person x verb, whoever shut it, by every door."""

from datetime import date, time, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.actions import people as contact
from core.errors import HouseError, NotAllowed
from matching import actions as arranging
from matching.errors import ArrangingRests
from matching.models import Appointment, Series
from messaging import actions
from tests import people
from tests.api.client import Door
from tests.matching.arranged import HOUR, TOMORROW, a_proposal, an_appointment
from tests.messaging.talks import a_talk
from tests.people import NOW, a_person

pytestmark = pytest.mark.django_db

LATER = TOMORROW + timedelta(days=2)
WORDS = "Du hörst noch von mir"
ARRANGES = ("propose", "propose series", "agree", "take up", "move", "agree series")
CALLS_OFF = ("cancel", "decline", "end series")
SHUTS = ("resident", "volunteer", "office")


@pytest.fixture(autouse=True)
def _on_tuesday():
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def talk(ada, ben):
    return a_talk()


def somebody(who: str):
    if who in ("resident", "volunteer", "office"):
        return {"resident": people.ada, "volunteer": people.ben, "office": people.cleo}[who]()
    person = a_person("Tina")
    people.trusts(people.ada(), person)
    return person


def shut(talk, who: str) -> None:
    if who == "office":
        actions.pause_talk(match_id=talk.match_id, by=people.cleo(), now=NOW)
    else:
        actions.block_in_talk(conversation_id=talk.pk, by=somebody(who), now=NOW)


def other_side(who: str):
    return people.ada() if who == "volunteer" else people.ben()


def a_series(talk, by) -> Series:
    return arranging.propose_series(
        match_id=talk.match_id, first_on=date(2026, 3, 10), start=time(10), minutes=60, by=by, now=NOW
    )


def prepared(verb: str, who: str, talk):
    """What the verb is about, made before the talk was shut: the other side proposed it."""
    other = other_side(who)
    if verb in ("agree", "decline", "take up"):
        found = a_proposal(talk.match, by=other)
        if verb == "take up":  # a visit of a series that both are asked about
            Appointment.objects.filter(pk=found.pk).update(series=a_series(talk, other), proposed_by=None)
        return found
    if verb in ("move", "cancel"):
        return an_appointment(talk.match)
    return a_series(talk, other) if verb in ("agree series", "end series") else None


def do(verb: str, person, talk, about) -> None:
    who, span = {"by": person, "now": NOW}, {"start": LATER, "end": LATER + HOUR}
    one = {"appointment_id": about and about.pk, **who}
    {
        "propose": lambda: arranging.propose_times(match_id=talk.match_id, times=[(LATER, LATER + HOUR)], **who),
        "propose series": lambda: a_series(talk, person),
        "agree": lambda: arranging.agree_appointment(**one),
        "take up": lambda: arranging.agree_appointment(**one),
        "move": lambda: arranging.move_appointment(**one, **span),
        "agree series": lambda: arranging.agree_series(series_id=about and about.pk, **who),
        "cancel": lambda: arranging.cancel_appointment(**one, reason=WORDS),
        "decline": lambda: arranging.decline_times(**one, reason=WORDS),
        "end series": lambda: arranging.end_series(series_id=about and about.pk, reason=WORDS, **who),
    }[verb]()


@pytest.mark.parametrize("verb", ARRANGES + CALLS_OFF)
@pytest.mark.parametrize("who", ["resident", "trusted", "volunteer", "office"])
@pytest.mark.parametrize("by", SHUTS)
def test_person_and_verb_while_the_talk_rests(by, who, verb, talk):
    person, about = somebody(who), prepared(verb, who, talk)
    shut(talk, by)
    if verb in ARRANGES and who != "office":
        with pytest.raises(ArrangingRests):
            do(verb, person, talk, about)
        return
    do(verb, person, talk, about)
    told = set(Appointment.objects.exclude(cancelled_at=None).values_list("cancel_reason", flat=True))
    told |= set(Series.objects.exclude(ended_at=None).values_list("end_reason", flat=True))
    assert told <= ({WORDS} if who == "office" else {""})


@pytest.mark.parametrize("verb", ARRANGES)
def test_a_stranger_is_told_nothing_of_a_rest(verb, talk, dora):
    about = prepared(verb, "resident", talk)
    shut(talk, "office")
    with pytest.raises(HouseError) as refused:
        do(verb, dora, talk, about)
    assert refused.value.status in (403, 404)
    assert not isinstance(refused.value, ArrangingRests)


def test_an_ended_pair_arranges_nothing_whether_it_rests_or_not(talk, ada):
    arranging.end_match(match_id=talk.match_id, by=ada, now=NOW)
    shut(talk, "office")
    with pytest.raises(NotAllowed):
        do("propose", ada, talk, None)


@pytest.mark.parametrize("verb", ARRANGES)
def test_once_the_rest_is_over_all_goes_on(verb, talk, ada, ben, cleo):
    about = prepared(verb, "resident", talk)
    shut(talk, "resident")
    shut(talk, "office")
    contact.unblock(other=ben, by=ada, now=NOW)
    actions.resume_talk(match_id=talk.match_id, by=cleo)
    do(verb, ada, talk, about)


def test_the_clock_makes_no_visits_of_two_who_rest_and_makes_up_for_it(talk, ada, ben, cleo):
    series = a_series(talk, ben)
    arranging.agree_series(series_id=series.pk, by=ada, now=NOW)
    made, weeks = series.visits.count(), timedelta(weeks=3)
    shut(talk, "office")
    assert arranging.extend_series(now=NOW + weeks) == 0
    assert series.visits.count() == made
    actions.resume_talk(match_id=talk.match_id, by=cleo)
    assert arranging.extend_series(now=NOW + weeks) == 3


# --- pages ----------
@pytest.mark.parametrize("by", SHUTS)
@pytest.mark.parametrize("who", ["resident", "volunteer"])
def test_the_cards_offer_nothing_that_would_be_refused(who, by, talk, page_as):
    visit, asked = an_appointment(talk.match), a_proposal(talk.match, start=LATER, by=other_side(who))
    series = a_series(talk, other_side(who))
    shut(talk, by)
    browser = page_as(somebody(who))
    page = browser.get(f"/gespraech/{talk.pk}/").content.decode()
    for word in ("Einverstanden", "Andere Zeit", "Verschieben", "Vorschlagen", 'name="reason"', "liest das"):
        assert word not in page, word
    assert "Zurzeit kann man hier keine Termine verabreden" in page
    assert page.count("Vorschlag ablehnen") == 2
    for move, row in (("termin", asked), ("serie", series)):
        assert f"/{move}/{row.pk}/{'beenden' if move == 'serie' else 'absagen'}/" in page
    page = browser.get(reverse("matching:appointment", args=[visit.pk])).content.decode()
    assert "Termin absagen" in page
    for word in ("Verschieben", 'name="reason"'):
        assert word not in page, word


def test_the_two_read_the_same_whoever_shut_it(talk, ada, ben, cleo, page_as):
    visit = an_appointment(talk.match)
    said = set()
    for by in SHUTS:
        shut(talk, by)
        page = page_as(ben).get(reverse("matching:appointment_move", args=[visit.pk]))
        said.add((page.status_code, str(page.context["late"].detail)))
        contact.unblock(other=ben, by=ada, now=NOW)
        if by == "volunteer":
            contact.unblock(other=ada, by=ben, now=NOW)
        actions.resume_talk(match_id=talk.match_id, by=cleo)
    assert [status for status, _ in said] == [409]


def test_a_page_from_before_proposes_nothing_and_says_so(talk, ben, page_as):
    browser = page_as(ben)
    shut(talk, "resident")
    said = {"day": "2026-03-05", "start": "10:00", "minutes": "60", "place": "home"}
    page = browser.post(f"/gespraech/{talk.pk}/termin/", said, follow=True).content.decode()
    assert "Zurzeit kann man hier keine Termine verabreden" in page
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("door", ["talk", "appointment"])
def test_words_typed_on_a_page_from_before_reach_nobody(door, talk, ada, ben, page_as):
    visit, browser = an_appointment(talk.match), page_as(ben)
    shut(talk, "office")
    url = reverse("matching:appointment_do", args=[visit.pk, "absagen"])
    if door == "talk":
        url = reverse("messaging:appointment", args=[talk.pk, visit.pk, "absagen"])
    page = browser.post(url, {"reason": WORDS}, follow=True).content.decode()
    assert "geben wir zurzeit nicht weiter" in page
    assert Appointment.objects.get(pk=visit.pk).state == "cancelled"
    for path in (f"/gespraech/{talk.pk}/", f"/termin/{visit.pk}/"):
        assert WORDS not in page_as(ada).get(path).content.decode()


# --- the API ----------
def test_an_app_meets_the_same_rule(talk, ada, ben, page_as):
    visit, asked = an_appointment(talk.match), a_proposal(talk.match, start=LATER, by=ada)
    shut(talk, "resident")
    says, when = Door(page_as(ben)), {"start": LATER.isoformat(), "end": (LATER + HOUR).isoformat()}
    for path, body in (
        (f"conversations/{talk.pk}/appointments/", when),
        (f"appointments/{asked.pk}/agree/", None),
        (f"appointments/{visit.pk}/move/", when),
    ):
        says.post(path, body)
        assert (says.status, says.said["code"]) == (409, "arranging_rests"), path
    said = says.post(f"appointments/{visit.pk}/cancel/", {"reason": WORDS})
    assert (says.status, said["state"], said["cancel_reason"]) == (200, "cancelled", "")


# --- the desk ----------
def test_the_report_lists_what_still_stands_and_leads_to_calling_it_off(talk, ada, ben, cleo, page_as):
    visit, asked = an_appointment(talk.match), a_proposal(talk.match, start=LATER)
    gone = an_appointment(talk.match, start=LATER + timedelta(days=1))
    arranging.cancel_appointment(appointment_id=gone.pk, by=ben, now=NOW)
    report = actions.report_person(conversation_id=talk.pk, by=ada, now=NOW)
    shut(talk, "office")
    office = page_as(cleo)
    page = office.get(reverse("office:report", args=[report.pk])).content.decode()
    shown = [reverse("desk:visit", args=[row.pk]) in page for row in (visit, asked, gone)]
    assert shown == [True, True, False]
    office.post(reverse("desk:visit_move", args=[visit.pk, "ausgefallen"]))
    assert Appointment.objects.get(pk=visit.pk).state == "cancelled"
