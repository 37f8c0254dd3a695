"""What a helper reads of their load counts what they know of, in every state of a match, by page and API."""

from datetime import timedelta

import pytest

from accounts.models import VolunteerProfile
from matching import overview, states
from matching.models import Match
from tests import people
from tests.api.client import Door
from tests.people import NOW

pytestmark = pytest.mark.django_db

KNOWS = {
    states.PROPOSED: False,
    states.ASKED: True,
    states.ACCEPTED: True,
    states.CONFIRMED: True,
}


@pytest.fixture(params=states.LIVE)
def state(request, ada, ben) -> str:
    """A match in this state, for an hour on Thursday."""
    match = people.a_match(people.a_request(ada), ben, state=request.param)
    Match.objects.filter(pk=match.pk).update(slot_start=NOW + timedelta(days=2))
    return request.param


def test_the_load_on_their_own_page(state, ben):
    shown = overview.helping(ben, VolunteerProfile.objects.get(user=ben), now=NOW)
    assert (shown.pairs, shown.hours_taken) == ((1, 1) if KNOWS[state] else (0, 0))


@pytest.mark.parametrize("whose", ["ben", "cleo"])
def test_what_ends_when_they_stop_is_read_out_on_the_phone_as_well(whose, state, ben, cleo, page_as):
    path = "/profil/aufhoeren/" if whose == "ben" else f"/buero/person/{ben.pk}/aufhoeren/"
    page = page_as({"ben": ben, "cleo": cleo}[whose]).get(path).content.decode()
    assert ("Eine laufende Vermittlung endet" in page) is KNOWS[state]
    assert ("Es läuft gerade keine Vermittlung" in page) is not KNOWS[state]


def test_what_an_app_reads_and_what_the_office_reads(state, ben, cleo, page_as):
    mine, office = Door(page_as(ben)), Door(page_as(cleo))
    assert mine.get("volunteer-profile/")["live_matches"] == int(KNOWS[state])
    assert office.get(f"people/{ben.pk}/")["volunteer_profile"]["live_matches"] == 1
