"""What the two read on their own pages once a helper is gone, or once their talk rests."""

from datetime import date, time

import pytest
from django.urls import reverse

from accounts.actions import people as contact
from matching import actions
from matching.actions.suspensions import let_suspended_go
from matching.models import Appointment
from messaging.actions import open_conversation, pause_talk
from tests import people
from tests.matching.arranged import HOUR, TOMORROW, an_appointment
from tests.people import NOW

pytestmark = pytest.mark.django_db

GONE = "kann leider nicht mehr kommen. Wir suchen jemand anderes für Sie."
RESTS = "ruht zurzeit. Ihr Quartiersbüro hilft Ihnen gern weiter."


@pytest.fixture
def match(ada, ben):
    found = people.a_match(people.a_request(ada), ben, state="confirmed")
    open_conversation(match=found, now=NOW)
    return found


def home_of(page_as, person) -> str:
    return page_as(person).get(reverse("home")).content.decode()


def suspend(person):
    person.suspended_at = NOW
    person.save()
    let_suspended_go(now=NOW)


ENDS = {
    "the helper stops": (
        lambda match, **who: actions.stop_helping(person_id=who["ben"].pk, by=who["ben"], now=NOW),
        GONE,
    ),
    "the office stops them": (
        lambda match, **who: actions.stop_helping(person_id=who["ben"].pk, by=who["cleo"], now=NOW),
        GONE,
    ),
    "the helper ends it": (lambda match, **who: actions.end_match(match_id=match.pk, by=who["ben"], now=NOW), GONE),
    "the office ends it": (
        lambda match, **who: actions.end_match(match_id=match.pk, by=who["cleo"], now=NOW),
        "Die Hilfe von Ben ist zu Ende. Wir suchen jemand anderes für Sie.",
    ),
    "the helper must stay away": (
        lambda match, **who: suspend(who["ben"]),
        "Ben kann zurzeit nicht kommen. Wir suchen jemand anderes für Sie.",
    ),
    "the resident ends it": (lambda match, **who: actions.end_match(match_id=match.pk, by=who["ada"], now=NOW), ""),
}


@pytest.mark.parametrize("how", ENDS)
def test_the_card_says_who_is_gone_and_that_we_are_looking(how, match, ada, ben, cleo, page_as):
    end, words = ENDS[how]
    end(match, ada=ada, ben=ben, cleo=cleo)
    page = home_of(page_as, ada)
    assert ("jemand anderes für Sie" in page, words in page) == (bool(words), True)


def test_once_somebody_else_said_yes_nobody_speaks_of_the_one_who_is_gone(match, ada, ben, page_as):
    actions.end_match(match_id=match.pk, by=ben, now=NOW)
    assert f"Ben {GONE}" in home_of(page_as, ada)
    match.request.refresh_from_db()
    people.a_match(match.request, people.a_volunteer("Emil"), state="accepted")
    page = home_of(page_as, ada)
    assert "Emil möchte Ihnen helfen." in page
    assert GONE not in page


@pytest.mark.parametrize("by", ["ada", "ben", "cleo"])
@pytest.mark.parametrize("who", ["ada", "ben"])
def test_no_card_invites_to_write_while_the_talk_rests(by, who, match, ada, ben, cleo, page_as):
    two = {"ada": ada, "ben": ben}
    if by == "cleo":
        pause_talk(match_id=match.pk, by=cleo, now=NOW)
    else:
        other = ben if by == "ada" else ada
        contact.block(other=other, by=two[by], now=NOW)
    pages = [reverse("home"), reverse("matching:match", args=[match.pk])]
    if who == "ada":
        pages.append(reverse("matching:request", args=[match.request_id]))
    for path in pages:
        page = page_as(two[who]).get(path).content.decode()
        assert RESTS in page, path
        assert "Das Gespräch lesen" in page, path
        for words in ("hilft Ihnen", "Nachrichten schreiben", "öffnen", "sich schreiben", "freut sich"):
            assert words not in page.replace("Quartiersbüro hilft Ihnen gern", ""), (path, words)


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_the_next_visit_can_then_only_be_called_off(who, match, ada, ben, cleo, page_as):
    an_appointment(match)
    person = {"ada": ada, "ben": ben}[who]
    assert "Verschieben oder absagen" in home_of(page_as, person)
    pause_talk(match_id=match.pk, by=cleo, now=NOW)
    page = home_of(page_as, person)
    assert "Verschieben" not in page
    assert ">Absagen<" in page


def test_a_trusted_person_reads_that_it_rests_and_is_not_led_to_the_talk(match, ada, ben, dora, page_as):
    people.trusts(ada, dora)
    contact.block(other=ben, by=ada, now=NOW)
    page = home_of(page_as, dora)
    assert RESTS in page
    assert "Das Gespräch lesen" not in page


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_a_visit_called_off_takes_the_wish_to_move_it_along(who, match, ada, ben):
    visit = an_appointment(match)
    actions.move_appointment(appointment_id=visit.pk, start=TOMORROW + HOUR, end=TOMORROW + 2 * HOUR, by=ada, now=NOW)
    actions.cancel_appointment(appointment_id=visit.pk, by={"ada": ada, "ben": ben}[who], now=NOW)
    assert set(Appointment.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Appointment.objects.filter(cancelled_by__isnull=False).count() == 1  # the wish is no second calling off


def test_regular_visits_that_end_take_the_wishes_to_move_them_along(match, ada, ben):
    series = actions.propose_series(
        match_id=match.pk, first_on=date(2026, 3, 10), start=time(10), minutes=60, by=ben, now=NOW
    )
    actions.agree_series(series_id=series.pk, by=ada, now=NOW)
    visit = series.visits.first()
    start = visit.start + HOUR
    actions.move_appointment(appointment_id=visit.pk, start=start, end=start + HOUR, by=ada, now=NOW)
    actions.end_series(series_id=series.pk, by=ben, now=NOW)
    assert set(Appointment.objects.values_list("state", flat=True)) == {"cancelled"}
