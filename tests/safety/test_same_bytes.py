"""
Somebody moves within their cell: no byte of any page or answer changes for those to whom no match opened the address.

Every address of the house that answers a GET with something is asked, as each kind of person who gets an answer. What
the live talk says of it: tests/messaging/test_location_rule.py.
"""

import random

import h3
import pytest
from django.core.cache import cache

from matching import roster
from messaging.models import Installation
from places.cells import cell_of
from places.models import ExactAddress, Place
from tests.people import CELL
from tests.permissions import table
from tests.permissions.asking import _masked, outcome
from tests.permissions.doors import rows
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
EXPECTED = table.read("expected.tsv")
ROWS = {row.name: row for row in rows() if row.method == "GET" and not row.is_foreign}
# To none of these the address is open. The office of the quarter opens it by a step of its own, which is kept.
VIEWERS = (
    *("helper", "asked", "proposed", "formerly", "blocked", "unwelcomed", "far_helper", "neighbour", "far_resident"),
    *("worker", "far_worker", "coordinator", "operator"),
)
MOVED = ("resident", "matched", "trusted")
# Paper carries the address on purpose: making it opens the address, and that reading is kept.
OPENS_IT = ("buero/brief/", "papier/tuerkarte/", "buero/vermittlung/{match}/adresse", "buero/person/{person}/adresse")


def _asked() -> list[tuple[str, str]]:
    return [
        (name, kind)
        for name, row in sorted(ROWS.items())
        if not row.path.startswith(OPENS_IT) and not row.path.endswith(".pdf")
        for kind in VIEWERS
        if EXPECTED.get(name, {}).get(kind) == "ok"
    ]


def _all_said(world: World) -> dict[tuple[str, str], tuple]:
    cache.clear()
    roster.forget()
    return {
        (name, kind): _masked(outcome(ROWS[name], kind, world)[1], ROWS[name], world.things) for name, kind in _asked()
    }


def _somewhere(spots: random.Random) -> tuple[float, float]:
    """Another spot of the same cell."""
    while True:
        lat, lon = spots.uniform(51.045, 51.056), spots.uniform(6.99, 7.01)
        if cell_of(lat, lon) == CELL:
            return lat, lon


def test_moving_within_the_cell_changes_no_byte_of_any_page(world: World) -> None:
    Installation.current()  # else made, with a new key, at the first question that needs it
    spots, before = random.Random(5), _all_said(world)
    homes = ExactAddress.objects.filter(place__in=[world.people[kind].place_id for kind in MOVED])
    lat, lon = _somewhere(spots)
    there = {"lat": lat, "lon": lon, "street": "Ganz woanders", "street_key": "ganzwoanders", "number": "99"}
    assert homes.update(**there, hint="Hinterhaus") == len(MOVED)
    after = _all_said(world)
    assert [key for key, said in after.items() if said != before[key]] == []
    assert len(before) >= 200  # pairs of answers


def test_this_test_sees_a_move_to_another_cell(world: World) -> None:
    """Control: the same comparison notices what it should."""
    name, kind = "GET offen/", "helper"
    before = _masked(outcome(ROWS[name], kind, world)[1], ROWS[name], world.things)
    Place.objects.filter(pk=world.people["resident"].place_id).update(cell=sorted(h3.grid_ring(CELL, 9))[0])
    assert _masked(outcome(ROWS[name], kind, world)[1], ROWS[name], world.things) != before
