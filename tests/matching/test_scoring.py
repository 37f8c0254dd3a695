"""The fit: each part between 0 and 1, better where it should be, and the reasons that go with it."""

from datetime import timedelta

import pytest
from django.utils import translation

from accounts.models import VolunteerProfile
from matching import reasons, scoring, suggestions
from matching.models import Weighing
from places.models import Border
from tests.people import NOW, a_match, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db


def best(request):
    return [one.volunteer for one in suggestions.suggestions(request, now=NOW)]


def test_parts_are_between_0_and_1_and_absent_where_they_do_not_apply(ada, ben):
    [found] = suggestions.suggestions(a_request(ada), now=NOW)
    assert set(found.parts) == {"nearness", "time_slack", "skill_depth", "continuity", "fair_turn"}
    assert all(0 <= part <= 1 for part in found.parts.values())
    assert 0 <= found.score <= 1


def test_who_was_not_asked_for_long_comes_first(ada):
    early, late = a_volunteer("Early"), a_volunteer("Late")
    VolunteerProfile.objects.filter(user=early).update(last_asked_at=NOW - timedelta(weeks=5))
    VolunteerProfile.objects.filter(user=late).update(last_asked_at=NOW - timedelta(days=1))
    assert best(a_request(ada)) == [early, late]


@pytest.mark.parametrize(
    ("weeks", "wish", "share"),
    [(0, 0, 0), (3, 0, 0.5), (6, 0, 1), (9, 0, 1), (-1, 0, 0), (2, 1, 0.5), (4, 1, 1), (6, -1, 0.5), (12, -1, 1)],
)
def test_waiting_counts_faster_for_who_wants_to_be_asked_more(weeks, wish, share):
    assert scoring.waited_share(weeks, scoring.pace(wish)) == pytest.approx(share)


@pytest.mark.parametrize(("live", "capacity", "share"), [(0, 3, 1), (1, 4, 0.75), (3, 3, 0), (4, 3, 0)])
def test_room_is_what_is_left_of_what_somebody_wants_to_hold(live, capacity, share):
    assert scoring.room_share(live, capacity) == pytest.approx(share)


def test_of_two_who_waited_as_long_the_one_who_wants_more_comes_first(ada):
    waited = NOW - timedelta(weeks=2)
    less, usual, more = (
        a_volunteer(name, profile={"ask_wish": wish, "last_asked_at": waited})
        for name, wish in (("Less", -1), ("Usual", 0), ("More", 1))
    )
    assert best(a_request(ada)) == [more, usual, less]


def test_who_knows_the_resident_comes_first(ada, ben):
    known = a_volunteer("Known")
    a_match(a_request(ada), known, state="completed")
    assert best(a_request(ada))[0] == known


def test_a_barrier_between_quarters_costs(ada):
    here, there = a_volunteer("Here"), a_volunteer("There", a_quarter("Nachbarhof", west=7.02))
    there.volunteer_profile.served_quarters.add(ada.quarter)
    Border.objects.create(quarter=ada.quarter, neighbour=there.quarter, barrier="A 59")
    request = a_request(ada)
    assert best(request) == [here, there]
    over = suggestions.suggestions(request, now=NOW)[1]
    assert "dazwischen liegt: A 59" in reasons.say(over.reasons)


def test_quarters_own_weights_count(ada, ben):
    request = a_request(ada)
    Weighing.objects.create(quarter=request.quarter, number=1, weights={"nearness": 1})
    Weighing.objects.create(quarter=request.quarter, number=2, weights={"continuity": 1})
    assert suggestions.suggestions(request, now=NOW)[0].score == 0
    assert scoring.total({"nearness": 0.5, "continuity": 1}, {}) == pytest.approx((0.25 * 0.5 + 0.15) / 0.4, abs=1e-4)


def test_same_input_gives_the_same_order(ada):
    for name in "UVWXYZ":
        a_volunteer(name)
    request = a_request(ada)
    assert best(request) == best(request)


def test_reasons_say_to_each_what_is_theirs_to_know(ada, ben):
    ben.languages = ["de", "tr"]
    ben.save()
    [found] = suggestions.suggestions(a_request(ada, languages=["tr"]), now=NOW)
    told = {to: " | ".join(reasons.say(found.reasons, to=to)) for to in ("worker", "volunteer", "resident")}
    assert "wurde noch nie gefragt" in told["worker"]
    assert "Sie sprechen Türkisch" in told["volunteer"]
    assert "spricht Türkisch" in told["resident"]
    assert "gefragt" not in told["resident"]
    assert "Mittwoch" in told["volunteer"]
    with translation.override("en"):
        assert reasons.say(found.reasons, to="resident")


def test_every_gate_and_change_has_words():
    from matching.gates import GATES

    assert all(reasons.say_gate(gate, 1) != reasons.say_gate(gate, 2) for gate in GATES)
    codes = ["stretch", "any_time", "shorter", "quarter", "without_skill", "language", "gender", "vetting", "ready"]
    codes += ["radius", "capacity", "paused", "hours"]
    for code in codes:
        words = reasons.say_change({"code": code, "count": 3, "minutes": 30, "quarter": "Q", "skill": "S"})
        assert "3" in words
