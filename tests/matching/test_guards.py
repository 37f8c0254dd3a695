"""What must never be: the database refuses it even when a verb forgot."""

import pytest
from django.db import IntegrityError, transaction

from accounts.models import VolunteerProfile
from matching.models import HelpRequest, Match
from tests.people import a_match, a_request


def refused(name: str, write) -> None:
    with pytest.raises(IntegrityError) as clash, transaction.atomic():
        write()
    assert name in str(clash.value) or "UNIQUE constraint failed" in str(clash.value)


@pytest.mark.django_db
def test_each_guard_has_the_last_word(ada, ben):
    request = a_request(ada)
    match = a_match(request, ben, state="accepted")
    rows, requests = Match.objects.filter(pk=match.pk), HelpRequest.objects.filter(pk=request.pk)
    refused("match_state_is_known", lambda: rows.update(state="lost"))
    refused("confirmed_match_has_its_moment", lambda: rows.update(state="confirmed"))
    refused("asked_match_has_its_deadline", lambda: rows.update(state="asked", deadline=None))
    refused("nobody_helps_themselves", lambda: rows.update(volunteer=ada))
    refused("one_live_match", lambda: a_match(request, ben))
    refused("no_more_helpers_confirmed_than_needed", lambda: requests.update(confirmed_helpers=2))
    refused("no_more_helpers_accepted_than_needed", lambda: requests.update(accepted_helpers=2))
    refused("request_state_is_known", lambda: requests.update(state="lost"))
    refused("open_request_has_its_moment", lambda: requests.update(open_since=None))
    refused("no_more_live_matches_than_capacity", lambda: VolunteerProfile.objects.update(live_matches=4))


@pytest.mark.django_db
def test_an_ended_pair_may_meet_again_in_another_request(ada, ben):
    a_match(a_request(ada), ben, state="ended")
    assert a_match(a_request(ada), ben, state="proposed").pk
