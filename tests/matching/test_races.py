"""
Two people in the same moment, with real connections: threads here, processes through the real command line.

On SQLite one writer follows the other; on PostgreSQL the row lock and the guarded UPDATE decide. The sentences are
the same.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from accounts.models import VolunteerProfile
from config.data_protection.erasing import erase_person
from core.errors import HouseError
from matching import actions, states
from matching.models import HelpRequest, Match, Order
from places.models import Quarter
from tests.people import NOW, a_match, a_request, a_volunteer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], object]) -> list[str]:
    """Run all at the same moment; the outcome of each: "ok", the code of its error, or "knot" for a deadlock."""
    start, outcomes = threading.Barrier(len(verbs)), [""] * len(verbs)

    def run(index: int, verb: Callable[[], object]) -> None:
        start.wait()
        try:
            verb()
            outcomes[index] = "ok"
        except HouseError as error:
            outcomes[index] = error.code
        except OperationalError:
            outcomes[index] = "knot"
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.parametrize("_again", range(5))
def test_two_yeses_in_the_same_second_are_one_yes_and_one_kind_word(_again, ada, ben):
    emil = a_volunteer("Emil")
    request = a_request(ada)
    matches = {person: a_match(request, person, state="asked") for person in (ben, emil)}
    outcomes = at_once(
        *(lambda m=m, p=p: actions.accept_match(match_id=m.pk, by=p, now=NOW) for p, m in matches.items())
    )
    assert sorted(outcomes) == ["already_filled", "ok"]
    request.refresh_from_db()
    assert request.accepted_helpers == 1


@pytest.mark.parametrize("_again", range(5))
def test_confirm_against_withdraw_leaves_no_half_state(_again, ada, ben):
    request = a_request(ada)
    match = a_match(request, ben, state="accepted")
    at_once(
        lambda: actions.confirm_match(match_id=match.pk, by=ada, now=NOW),
        lambda: actions.withdraw_request(request_id=request.pk, by=ada, now=NOW),
    )
    request.refresh_from_db()
    match.refresh_from_db()
    assert request.state == states.WITHDRAWN
    assert match.state in (states.CLOSED, states.ENDED)
    assert VolunteerProfile.objects.get(user=ben).live_matches == 0


@pytest.mark.parametrize("_again", range(3))
def test_same_yes_from_two_tabs_is_one_yes(_again, ada, ben):
    match = a_match(a_request(ada), ben, state="asked")
    outcomes = at_once(*[lambda: actions.accept_match(match_id=match.pk, by=ben, now=NOW)] * 3)
    assert outcomes.count("ok") == 1
    assert set(outcomes) - {"ok"} <= {"wrong_state", "stale"}


@pytest.mark.parametrize("_again", range(3))
def test_four_residents_want_the_last_free_hand_of_one_volunteer(_again, ada, ben, cleo):
    VolunteerProfile.objects.filter(user=ben).update(capacity=1)
    requests = [a_request(ada) for _ in range(4)]
    outcomes = at_once(
        *(lambda r=r: actions.propose_match(request_id=r.pk, volunteer_id=ben.pk, by=cleo, now=NOW) for r in requests)
    )
    assert outcomes.count("ok") == 1
    assert VolunteerProfile.objects.get(user=ben).live_matches == 1
    assert Match.objects.live().count() == 1


@pytest.mark.parametrize("_again", range(3))
def test_the_clock_and_a_late_yes_do_not_both_win(_again, ada, ben):
    from datetime import timedelta

    match = a_match(a_request(ada), ben, state="asked")
    later = NOW + timedelta(hours=49)
    outcomes = at_once(
        lambda: actions.accept_match(match_id=match.pk, by=ben, now=NOW),
        lambda: actions.expire_matches(now=later),
    )
    match.refresh_from_db()
    assert (outcomes[0] == "ok") == (match.state == states.ACCEPTED)
    assert match.state in (states.ACCEPTED, states.EXPIRED)


@pytest.mark.parametrize("_again", range(3))
def test_two_confirmations_of_one_place_write_one_order(_again, ada, ben):
    request = a_request(ada)
    match = a_match(request, ben, state="accepted")
    outcomes = at_once(*[lambda: actions.confirm_match(match_id=match.pk, by=ada, now=NOW)] * 3)
    assert outcomes.count("ok") == 1
    assert Order.objects.count() == 1
    assert HelpRequest.objects.get(pk=request.pk).confirmed_helpers == 1


@pytest.mark.parametrize("_again", range(3))
def test_waves_at_the_same_moment_are_one_wave(_again, ada):
    Quarter.objects.update(wave_size=2)
    request = a_request(ada)
    for name in "STUVW":
        a_volunteer(name)
    outcomes = at_once(*[lambda: actions.next_wave(request_id=request.pk, now=NOW)] * 4)
    assert outcomes == ["ok"] * 4
    assert Match.objects.live().filter(request=request).count() == 2


@pytest.mark.parametrize("_again", range(3))
def test_two_who_say_no_in_the_same_second_are_replaced_by_two_others(_again, ada, ben):
    Quarter.objects.update(wave_size=2)
    emil = a_volunteer("Emil")
    for name in "STUV":
        a_volunteer(name)
    request = a_request(ada)
    matches = {person: a_match(request, person, state="asked") for person in (ben, emil)}
    at_once(*(lambda m=m, p=p: actions.decline_match(match_id=m.pk, by=p, now=NOW) for p, m in matches.items()))
    live = set(Match.objects.live().filter(request=request).values_list("volunteer", flat=True))
    assert len(live) == 2
    assert not live & {ben.pk, emil.pk}
    assert actions.catch_up_waves(now=NOW) == 0


@pytest.mark.parametrize("_again", range(3))
def test_waves_of_three_requests_share_few_hands_without_a_knot(_again, ada):
    Quarter.objects.update(wave_size=3)
    for name in "STUV":
        a_volunteer(name, profile={"capacity": 1})
    requests = [a_request(ada) for _ in range(3)]
    outcomes = at_once(*(lambda r=r: actions.next_wave(request_id=r.pk, now=NOW) for r in requests))
    assert outcomes == ["ok"] * 3
    assert Match.objects.live().count() == 4
    assert set(VolunteerProfile.objects.values_list("live_matches", flat=True)) == {1}


def _two_helpers(ada, ben, *, requests: int = 6):
    """Ben and Emil, both asked for the same requests of Ada's; their keys lie in no order in common."""
    emil = a_volunteer("Emil")
    asked = [a_request(ada) for _ in range(requests)]
    for request in asked:
        a_match(request, ben, state="asked")
        a_match(request, emil, state="asked")
    VolunteerProfile.objects.update(capacity=12, live_matches=requests)
    return emil, asked


@pytest.mark.parametrize("_again", range(5))
def test_two_helpers_who_leave_the_same_requests_at_once_never_wait_in_a_ring(_again, ada, ben):
    emil, _asked = _two_helpers(ada, ben)
    stop = [
        lambda person=person: actions.stop_helping(person_id=person.pk, by=person, now=NOW) for person in (ben, emil)
    ]
    assert at_once(*stop) == ["ok", "ok"]
    assert not Match.objects.live().exists()
    assert set(VolunteerProfile.objects.values_list("live_matches", flat=True)) == {0}


@pytest.mark.parametrize("_again", range(5))
def test_who_stops_never_waits_in_a_ring_with_their_own_no_from_another_tab(_again, ada, ben):
    _emil, asked = _two_helpers(ada, ben)
    late = [Match.objects.get(request=request, volunteer=ben).pk for request in asked[-3:]]
    outcomes = at_once(
        lambda: actions.stop_helping(person_id=ben.pk, by=ben, now=NOW),
        *(lambda pk=pk: actions.decline_match(match_id=pk, by=ben, now=NOW) for pk in late),
    )
    assert outcomes[0] == "ok"
    assert set(outcomes[1:]) <= {"ok", "wrong_state", "stale"}
    assert VolunteerProfile.objects.get(user=ben).live_matches == 0


@pytest.mark.parametrize("_again", range(5))
def test_two_who_are_erased_at_once_while_others_withdraw_never_wait_in_a_ring(_again, ada, ben, dora):
    emil, asked = _two_helpers(ada, ben)
    erase = [lambda person=person: erase_person(person=person, by=None, now=NOW) for person in (ben, emil)]
    withdraw = [
        lambda pk=request.pk: actions.withdraw_request(request_id=pk, by=ada, now=NOW) for request in asked[::-1][:2]
    ]
    assert at_once(*erase, *withdraw) == ["ok"] * 4
    assert not Match.objects.exists()


@pytest.mark.parametrize("_again", range(5))
def test_two_confirmations_that_close_each_others_helper_never_wait_in_a_ring(_again, ada, ben):
    emil, (first, second) = _two_helpers(ada, ben, requests=2)
    chosen = [Match.objects.get(request=first, volunteer=ben), Match.objects.get(request=second, volunteer=emil)]
    for match in chosen:
        actions.accept_match(match_id=match.pk, by=match.volunteer, now=NOW)
    outcomes = at_once(*(lambda m=m: actions.confirm_match(match_id=m.pk, by=ada, now=NOW) for m in chosen))
    assert outcomes == ["ok", "ok"]
    assert Match.objects.live().count() == 2


ONE_YES = """
import sys, django
django.setup()
from django.db import connection
from django.utils import timezone
from accounts.models import User
from core.errors import HouseError
from matching import actions
from matching.models import Match
match = Match.objects.select_related("volunteer").get(pk=sys.argv[1])
sys.stdin.readline()
try:
    actions.accept_match(match_id=match.pk, by=match.volunteer, now=match.asked_at)
    print("ok")
except HouseError as error:
    print(error.code)
"""


def test_two_yeses_from_two_processes(ada, ben):
    emil, fina = a_volunteer("Emil"), a_volunteer("Fina")
    request = a_request(ada)
    matches = [a_match(request, person, state="asked") for person in (ben, emil, fina)]
    name = str(connection.settings_dict["NAME"])
    url = f"sqlite:///{name}" if settings.SQLITE else os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
    environment = os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", ONE_YES, str(match.pk)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=settings.BASE_DIR,
        )
        for match in matches
    ]
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    said = sorted(process.communicate(timeout=60)[0].strip() for process in running)
    assert said == ["already_filled", "already_filled", "ok"]
