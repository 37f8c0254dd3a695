"""The arrays say what the law says: `matching.gates` and `matching.scoring`, pair by pair."""

import random

import pytest

from accounts.models import VolunteerProfile
from matching import gates, loading, reasons, roster, scoring
from matching.roster.why import Why
from tests.matching.roster import crowd
from tests.people import NOW, TODAY

pytestmark = pytest.mark.django_db


def a_city(seed):
    dice = random.Random(seed)
    homes = crowd.quarters()
    people = crowd.helpers(homes, dice)
    rows = crowd.requests(homes, people, dice)
    zone = loading.zone_of(homes[0])
    return [loading.request_facts(row, now=NOW) for row in rows], zone


def by_the_law(facts, people, zone):
    """Volunteer -> (fit, parts, slot), or the gates that stand between."""
    fits, falls = {}, {}
    for one in people:
        failed = gates.failed(facts, one, today=TODAY, zone=zone)
        if failed:
            falls[one.id] = failed
        else:
            parts = scoring.parts(facts, one, now=NOW, zone=zone)
            fits[one.id] = (scoring.total(parts, facts.weights), parts, gates.slot(facts, one, zone))
    return fits, falls


def the_same_pairs_with_the_same_fit_and_slot(requests, law):
    found = {id(one): {} for one in requests}
    picture = roster.current(now=NOW)
    pairs = picture.pairs(requests, now=NOW)
    for index, (r, v) in enumerate(zip(pairs.r, pairs.v, strict=True)):
        person = picture.columns.person(int(v))
        found[id(requests[r])][person] = (
            pairs.score[index],
            roster.parts_of(pairs.parts[index]),
            picture.slot_of(pairs, index),
        )
    assert sum(len(one) for one in found.values()) > 10, "a crowd in which nobody fits proves nothing"
    for facts in requests:
        fits, falls = law[id(facts)]
        mine = found[id(facts)]
        assert set(mine) == set(fits), {pk: falls.get(pk) for pk in set(mine) ^ set(fits)}
        for pk, (score, parts, slot) in fits.items():
            assert mine[pk][2] == slot
            assert mine[pk][1] == pytest.approx(parts, abs=0.0011)
            assert mine[pk][0] == pytest.approx(score, abs=0.002)


def everybody_falls_at_the_gate_the_law_names(requests, law):
    picture = roster.current(now=NOW)
    for facts in requests:
        why = Why(picture, facts, now=NOW)
        _fits, falls = law[id(facts)]
        for row, first, alone in zip(why.fallen.rows, why.fallen.first, why.fallen.alone, strict=True):
            failed = falls.get(picture.columns.person(int(row)), [])
            mine = gates.GATES[first] if first >= 0 else None
            assert mine == (min(failed, key=gates.GATES.index) if failed else None)
            assert bool(alone) == (len(failed) == 1)


def top_ten_are_the_ten_best_of_all(requests, law):
    for facts in requests:
        fits, _falls = law[id(facts)]
        best = roster.current(now=NOW).top(facts, now=NOW)
        assert len(best) == min(10, len(fits))
        assert [one.score for one in best] == sorted((one.score for one in best), reverse=True)
        left = [score for pk, (score, *_rest) in fits.items() if pk not in {one.volunteer.id for one in best}]
        assert not left or max(left) <= best[-1].score + 0.002


def one_request_alone_gets_the_same_answer(requests, law, people, zone):
    """`top` goes its own way; what it finds, says and orders is the same."""
    picture = roster.current(now=NOW)
    by_id = {one.id: one for one in people}
    for facts in requests:
        fits, _falls = law[id(facts)]
        found = picture.top(facts, now=NOW, limit=1000)
        assert {one.volunteer.id for one in found} == set(fits)
        for one in found:
            score, parts, slot = fits[one.volunteer.id]
            assert one.slot_start == slot
            assert one.parts == pytest.approx(parts, abs=0.0011)
            assert one.score == pytest.approx(score, abs=0.002)
            assert one.reasons == reasons.reasons_for(facts, by_id[one.volunteer.id], slot=slot, now=NOW, zone=zone)
        order = [(-one.score, _asked(by_id[one.volunteer.id]), one.volunteer.id) for one in found]
        assert order == sorted(order)
        assert found[:10] == picture.top(facts, now=NOW)


def one_request_alone_is_weighed_like_all_of_them(requests):
    """To the last digit: on the desk and in the round a pair has one fit."""
    picture = roster.current(now=NOW)
    pairs = picture.pairs(requests, now=NOW)
    said = zip(pairs.r.tolist(), pairs.v.tolist(), pairs.score.tolist(), pairs.parts, strict=True)
    found = {(r, picture.columns.person(v)): (score, roster.parts_of(parts)) for r, v, score, parts in said}
    for r, facts in enumerate(requests):
        for one in picture.top(facts, now=NOW, limit=1000):
            assert (one.score, one.parts) == found[r, one.volunteer.id]


def _asked(volunteer):
    return volunteer.last_asked_at.timestamp() if volunteer.last_asked_at else float("-inf")


@pytest.mark.parametrize("seed", range(4))
def test_the_roster_says_what_the_law_says(seed):
    requests, zone = a_city(seed)
    people = loading.volunteer_facts(VolunteerProfile.objects.all(), now=NOW)
    law = {id(facts): by_the_law(facts, people, zone) for facts in requests}
    the_same_pairs_with_the_same_fit_and_slot(requests, law)
    everybody_falls_at_the_gate_the_law_names(requests, law)
    top_ten_are_the_ten_best_of_all(requests, law)
    one_request_alone_gets_the_same_answer(requests, law, people, zone)
    one_request_alone_is_weighed_like_all_of_them(requests)
