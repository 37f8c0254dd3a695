"""A past made by the verbs themselves, read from the database and played again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import VolunteerProfile
from matching import actions
from matching.models import Match
from matching.replay import what_if
from matching.replay.loading import history_of
from matching.replay.world import play
from matching.scoring import WEIGHTS
from tests.people import NOW, a_request, a_volunteer

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
UNTIL = NOW + 5 * 24 * HOUR


def a_real_past(ada, cleo):
    """A yes that is completed, a no that another round makes good, a withdrawal, and a proposal by hand."""
    for name in ("Carl", "Dana", "Emil"):
        a_volunteer(name, profile={"capacity": 2})
    first, second, third = (a_request(ada, helpers_needed=n) for n in (1, 1, 2))
    actions.run_round(quarter=cleo.quarter, by=cleo, now=NOW + HOUR)
    for match in Match.objects.all():
        actions.release_match(match_id=match.pk, by=cleo, now=NOW + 2 * HOUR)
    yes, no = Match.objects.get(request=first), Match.objects.get(request=second)
    actions.accept_match(match_id=yes.pk, by=yes.volunteer, now=NOW + 3 * HOUR)
    actions.confirm_match(match_id=yes.pk, by=ada, now=NOW + 4 * HOUR)
    actions.decline_match(match_id=no.pk, by=no.volunteer, now=NOW + 5 * HOUR)
    actions.complete_match(match_id=yes.pk, by=ada, now=NOW + 6 * HOUR)
    actions.run_round(quarter=cleo.quarter, by=cleo, now=NOW + 7 * HOUR)
    actions.withdraw_request(request_id=third.pk, by=ada, now=NOW + 8 * HOUR)
    later = a_request(ada)
    actions.propose_match(request_id=later.pk, volunteer_id=yes.volunteer_id, by=cleo, now=NOW + 9 * HOUR)


def test_with_the_weights_of_then_it_is_what_really_happened(ada, ben, cleo):
    a_real_past(ada, cleo)
    past = history_of(cleo.quarter, since=NOW - HOUR, until=UNTIL)
    real = sorted(past.courses, key=lambda one: (one.at, str(one.request), str(one.volunteer)))
    assert len(past.records) == 2
    assert sum(one.round is not None for one in real) >= 4
    assert play(past).courses == tuple(real)


def test_a_trial_with_the_same_weights_measures_no_difference(ada, ben, cleo):
    a_real_past(ada, cleo)
    found = what_if(cleo.quarter, WEIGHTS, now=UNTIL, days=14)
    assert (found.other_pairs, found.before) == (0, found.after)
    assert found.before.asks == Match.objects.filter(asked_at__isnull=False).count()


def test_a_trial_changes_nothing(ada, ben, cleo):
    a_real_past(ada, cleo)
    before = (list(Match.objects.values()), list(VolunteerProfile.objects.values()))
    what_if(cleo.quarter, dict.fromkeys(WEIGHTS, 0) | {"fair_turn": 1}, now=UNTIL)
    assert before == (list(Match.objects.values()), list(VolunteerProfile.objects.values()))


def test_without_rounds_there_is_nothing_to_try(ada, ben, cleo):
    actions.propose_match(request_id=a_request(ada).pk, volunteer_id=ben.pk, by=cleo, now=NOW)
    assert what_if(cleo.quarter, WEIGHTS, now=UNTIL) is None


def test_a_longer_past_needs_no_more_queries(ada, ben, cleo):
    a_real_past(ada, cleo)
    with CaptureQueriesContext(connection) as few:
        history_of(cleo.quarter, since=NOW - HOUR, until=NOW + 2 * HOUR)
    with CaptureQueriesContext(connection) as many:
        history_of(cleo.quarter, since=NOW - HOUR, until=UNTIL)
    assert len(few) == len(many)
