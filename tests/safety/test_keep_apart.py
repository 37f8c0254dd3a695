"""Two of whom one said in advance "never this person": no way of the house brings them together, and none tells it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.actions import apart
from accounts.actions import people as accounts
from accounts.models import User
from core.errors import NotVisible
from matching import actions, roster, states, suggestions
from matching.errors import AddressClosed, NotAPair
from matching.models import HelpRequest, Match
from messaging import actions as talk
from messaging.errors import TalkClosed
from tests.messaging.talks import a_talk, say
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
MASKED = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|nonce="[^"]+"|"id":"[-\w]+"')


def entered(owner: User, other: User, *, now=NOW) -> None:
    said = {"name": other.full_name, "born_on": other.born_on, "email": other.email}
    apart.keep_apart(owner_id=owner.pk, by=owner, now=now, **said)


@pytest.fixture(params=["the resident", "the helper"])
def apart_two(request, ada, ben) -> tuple[User, User]:
    """Ada asks, Ben would help; one of the two entered the other."""
    owner, other = (ada, ben) if request.param == "the resident" else (ben, ada)
    entered(owner, other)
    return ada, ben


# --- no way leads to a pair ----------
def test_the_matcher_never_finds_the_two(apart_two):
    ada, ben = apart_two
    wish = a_request(ada, now=LATER)
    assert suggestions.suggestions(wish, now=LATER) == []
    assert suggestions.failed_gates(wish, ben.volunteer_profile, now=LATER) == ["blocked"]
    assert suggestions.top_requests(ben, HelpRequest.objects.for_cards(), now=LATER) == []


def test_without_the_entry_the_same_two_are_found(ada, ben):
    wish = a_request(ada, now=LATER)
    assert [one.volunteer for one in suggestions.suggestions(wish, now=LATER)] == [ben]
    assert suggestions.top_requests(ben, HelpRequest.objects.for_cards(), now=LATER)
    assert wish in HelpRequest.objects.coarse_for(ben)


def test_a_round_leaves_them_apart_and_takes_another(apart_two, cleo):
    ada, _ben = apart_two
    emil = a_volunteer("Emil")
    a_request(ada, now=LATER)
    actions.run_round(quarter=ada.quarter, by=cleo, now=LATER)
    assert {match.volunteer for match in Match.objects.all()} == {emil}


def test_a_worker_cannot_propose_them_and_nobody_offers(apart_two, cleo):
    ada, ben = apart_two
    wish = a_request(ada, now=LATER)
    with pytest.raises(NotAPair):
        actions.propose_match(request_id=wish.pk, volunteer_id=ben.pk, by=cleo, now=LATER)
    assert wish not in HelpRequest.objects.coarse_for(ben)
    with pytest.raises(NotVisible):
        actions.offer_help(request_id=wish.pk, by=ben, now=LATER)


def test_a_roster_that_was_filled_before_hears_of_it(ada, ben):
    wish = a_request(ada, now=LATER)
    assert suggestions.suggestions(wish, now=LATER)
    entered(ada, ben)
    assert suggestions.suggestions(wish, now=LATER) == []
    roster.forget()
    assert suggestions.suggestions(wish, now=LATER) == []


def test_who_joins_only_later_is_never_asked(ada):
    apart.keep_apart(owner_id=ada.pk, by=ada, now=NOW, name="Karl", phone="0214 12345")
    karl = a_volunteer("Karl")
    wish = a_request(ada, now=LATER)
    assert [one.volunteer for one in suggestions.suggestions(wish, now=LATER)] == [karl]
    accounts.change_person(person_id=karl.pk, by=karl, now=NOW, changes={"phone": "+4921412345"})
    assert suggestions.suggestions(wish, now=LATER) == []
    accounts.change_person(person_id=karl.pk, by=karl, now=NOW, changes={"phone": ""})
    assert suggestions.suggestions(wish, now=LATER) == []


# --- what is under way ----------
@pytest.mark.parametrize("state", ["proposed", "asked", "accepted"])
def test_what_waits_between_them_closes(state, ada, ben, django_capture_on_commit_callbacks):
    match = a_match(a_request(ada), ben, state=state)
    with django_capture_on_commit_callbacks(execute=True):
        entered(ada, ben)
    match.refresh_from_db()
    assert match.state not in states.LIVE


def test_a_running_talk_shuts_for_both_and_no_address_opens(ada, ben):
    running = a_talk()
    entered(ada, ben)
    for person in (ada, ben):
        with pytest.raises(TalkClosed):
            say(running, person)
    with pytest.raises(AddressClosed):
        actions.reveal_address(match_id=running.match_id, viewer=ben, now=NOW)


def test_unblocking_in_the_talk_does_not_lift_it(ada, ben):
    running = a_talk()
    entered(ada, ben)
    talk.unblock_in_talk(conversation_id=running.pk, by=ada, now=NOW)
    with pytest.raises(TalkClosed):
        say(running, ben)


# --- nobody is told ----------
def _pages(client, *addresses: str, at=LATER) -> list[tuple[int, str]]:
    with time_machine.travel(at, tick=False):
        answers = [client.get(address) for address in addresses]
    return [(answer.status_code, MASKED.sub("", answer.content.decode())) for answer in answers]


OWN = ("/mein/", "/profil/", "/profil/kein-kontakt/", "/profil/daten/", "/profil/benachrichtigungen/")
API = ("/api/v1/me/", "/api/v1/blocks/", "/api/v1/keep-apart/", "/api/v1/matches/", "/api/v1/me/notices/")


def test_the_pages_of_the_other_are_the_same_bytes_as_before(ada, ben, page_as):
    browser = page_as(ben)
    before = _pages(browser, *OWN, *API, "/offen/", "/api/v1/open-requests/")
    assert [status for status, _text in before] == [200] * len(before)
    entered(ada, ben)
    assert _pages(browser, *OWN, *API, "/offen/", "/api/v1/open-requests/") == before


def test_his_worker_reads_the_same_bytes_as_before(ada, ben, cleo, page_as):
    browser, at = page_as(cleo), timezone.now()  # her role began today
    pages = [reverse("desk:person", args=[ben.pk]), reverse("desk:keep_apart", args=[ben.pk])]
    before = _pages(browser, *pages, at=at)
    assert {status for status, _text in before} == {200}
    entered(ada, ben)
    assert _pages(browser, *pages, at=at) == before


def test_the_owner_reads_the_same_whether_the_person_is_here_or_not(ada, ben, page_as):
    browser, seen = page_as(ada), []
    for other in (ben, User(first_name="Ben", last_name="Bogen", email="niemand@example.org")):
        entered(ada, other)
        seen.append(_pages(browser, *OWN[:3], *API))
        apart.KeepApart.objects.all().delete()
    assert seen[0] == seen[1]


def test_who_enters_somebody_only_to_find_them_sees_no_card_go(ada, ben):
    """He knows her birthday; his list before and after would name the card that is hers."""
    seen, emil = a_request(ada), a_volunteer("Emil")
    before = set(HelpRequest.objects.coarse_for(ben))
    entered(ben, ada, now=LATER)
    assert set(HelpRequest.objects.coarse_for(ben)) == before == {seen}
    new = a_request(ada, now=LATER + timedelta(hours=1))
    assert set(HelpRequest.objects.coarse_for(ben)) == before
    assert new in HelpRequest.objects.coarse_for(emil)
    with pytest.raises(NotAPair):
        actions.offer_help(request_id=seen.pk, by=ben, now=LATER)


def test_when_she_entered_him_he_sees_nothing_of_hers(ada, ben):
    a_request(ada)
    entered(ada, ben)
    assert not HelpRequest.objects.coarse_for(ben).exists()
