"""Weights are switched on as versions; a match remembers the one it came by."""

import pytest

from core.errors import Invalid, NotVisible
from matching import actions, weighing
from matching.models import Match, Weighing
from matching.scoring import WEIGHTS
from tests.people import NOW, a_person, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db
NEAR = WEIGHTS | {"nearness": 0.9}


def switched(by, **said):
    return actions.switch_on_weights(quarter_id=by.quarter_id, by=by, now=NOW, **{"weights": NEAR} | said)


def test_every_change_is_a_new_version_and_the_newest_counts(cleo):
    first, second = switched(cleo, note=" näher "), switched(cleo, weights=WEIGHTS)
    assert (first.number, second.number, first.note) == (1, 2, "näher")
    assert weighing.current(cleo.quarter) == second
    assert Weighing.objects.get(number=1).weights == NEAR


def test_an_earlier_version_returns_as_a_new_one(cleo):
    first = switched(cleo)
    switched(cleo, weights=WEIGHTS)
    again = switched(cleo, weights=first.weights)
    assert (again.number, weighing.weights_of(cleo.quarter)) == (3, NEAR)


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"nearness": 1.01}, "nearness"),
        ({"nearness": -0.01}, "nearness"),
        ({"language": 0.005}, "language"),
        ({"language": "0.1"}, "language"),
        ({"language": True}, "language"),
        ({"language": float("nan")}, "language"),
        ({"beauty": 0.1}, "beauty"),
        (dict.fromkeys(WEIGHTS, 0), "weights"),
    ],
)
def test_what_does_not_fit_is_said_at_its_part(cleo, changes, part):
    with pytest.raises(Invalid) as wrong:
        switched(cleo, weights=WEIGHTS | changes)
    assert list(wrong.value.fields) == [part]
    assert not Weighing.objects.exists()


def test_a_part_left_out_is_missed(cleo):
    with pytest.raises(Invalid) as wrong:
        switched(cleo, weights={"nearness": 1})
    assert set(wrong.value.fields) == WEIGHTS.keys() - {"nearness"}


def test_nobody_weighs_for_another_quarter(cleo, ben):
    other = a_quarter("Birkenau", west=7.1)
    for person in (cleo, ben, a_person("Egon", other)):
        with pytest.raises(NotVisible):
            actions.switch_on_weights(quarter_id=other.pk, by=person, now=NOW, weights=NEAR)


def test_every_match_remembers_its_version_however_it_began(ada, cleo, ben):
    version = switched(cleo)
    carl, dana = a_volunteer("Carl"), a_volunteer("Dana")
    actions.propose_match(request_id=a_request(ada).pk, volunteer_id=ben.pk, by=cleo, now=NOW)
    actions.offer_help(request_id=a_request(ada).pk, by=carl, now=NOW)
    a_request(ada)
    actions.run_round(quarter=cleo.quarter, by=cleo, now=NOW)
    assert set(Match.objects.values_list("origin", "weighing")) == {
        ("hand", version.pk),
        ("self_offer", version.pk),
        ("round", version.pk),
    }
    assert dana.matches_as_volunteer.count() == 1


def test_a_match_before_the_first_version_remembers_none(ada, cleo, ben):
    actions.propose_match(request_id=a_request(ada).pk, volunteer_id=ben.pk, by=cleo, now=NOW)
    assert Match.objects.get().weighing is None
