"""The generated city is one city, whichever way it comes into memory: else the rivals would answer other questions."""

import pytest

from accounts.models import VolunteerProfile
from bench import _columns, _facts, _rivals, _rows
from bench._asking import some_requests
from bench._city import NOW, a_land, ids, some_volunteers
from matching import loading
from matching.models import HelpRequest

LAND = a_land(3)
PEOPLE = some_volunteers(LAND, 200)
REQUESTS = some_requests(LAND, PEOPLE, 40)
ONLY_FOR_THE_WHY_NOT = ("around", "without_skill")


def plain(facts: object) -> dict:
    """Facts with their lists in one order; what lies behind us left out."""
    found = {name: value for name, value in vars(facts).items() if name not in ONLY_FOR_THE_WHY_NOT}
    for name in {"weekly", "extra", "busy"} & found.keys():
        found[name] = sorted(found[name])
    if "away" in found:
        found["away"] = sorted(span for span in found["away"] if span[1] > NOW)
    return found


@pytest.mark.django_db
def test_rows_and_columns_tell_the_same_facts():
    _rows.write(LAND, PEOPLE, REQUESTS)
    by_id = {one.id: plain(one) for one in _facts.volunteer_facts(LAND, PEOPLE)}
    for one in loading.volunteer_facts(VolunteerProfile.objects.all(), now=NOW):
        assert plain(one) == by_id[one.id]
    rows = HelpRequest.objects.for_cards().in_bulk(ids(REQUESTS.high, REQUESTS.low))
    asked = _facts.request_facts(LAND, PEOPLE, REQUESTS, range(len(REQUESTS)))
    for key, facts in zip(ids(REQUESTS.high, REQUESTS.low), asked, strict=True):
        assert plain(loading.request_facts(rows[key], now=NOW)) == plain(facts)


def test_a_roster_of_columns_finds_the_same_ten_as_a_loop_over_everybody():
    roster = _columns.a_roster(LAND, PEOPLE)
    everybody = _facts.volunteer_facts(LAND, PEOPLE)
    for facts in _facts.request_facts(LAND, PEOPLE, REQUESTS, range(len(REQUESTS))):
        ours = [(pair.score, pair.volunteer.id) for pair in roster.top(facts, now=NOW)]
        assert _rivals.same(ours, _rivals.best(facts, everybody), slack=0.0005)


def test_a_rival_that_leaves_somebody_out_is_noticed():
    everybody = _facts.volunteer_facts(LAND, PEOPLE)
    facts = next(f for f in _facts.request_facts(LAND, PEOPLE, REQUESTS, range(40)) if _rivals.best(f, everybody))
    best = _rivals.best(facts, everybody)
    assert not _rivals.same(best, _rivals.best(facts, [one for one in everybody if one.id != best[0][1]]))
