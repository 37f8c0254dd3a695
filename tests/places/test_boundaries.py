"""Which quarter a point lies in."""

import pytest

from places import boundaries
from places.models import Border, Quarter
from tests.people import a_quarter

pytestmark = pytest.mark.django_db


def _square(west: float, south: float, side: float) -> list[list[float]]:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _quarter(name: str, boundary: dict) -> Quarter:
    return Quarter.objects.create(name=name, slug=name.lower(), boundary=boundary, south=51, north=52, west=7, east=8)


def test_a_point_inside_and_one_outside():
    lindenhof, ahorn = a_quarter(), a_quarter("Ahorn", west=7.02)
    assert boundaries.quarter_at(51.05, 7.0) == lindenhof
    assert boundaries.quarter_at(51.05, 7.05) == ahorn
    assert boundaries.quarter_at(51.05, 7.5) is None
    assert boundaries.quarter_at(-90, 180) is None


def test_a_hole_is_outside_and_may_hold_another_quarter():
    ring = _quarter("Ring", {"type": "Polygon", "coordinates": [_square(7, 51, 1), _square(7.4, 51.4, 0.2)]})
    island = _quarter("Insel", {"type": "Polygon", "coordinates": [_square(7.4, 51.4, 0.2)]})
    assert boundaries.quarter_at(51.2, 7.2) == ring
    assert boundaries.quarter_at(51.5, 7.5) == island


def test_a_quarter_of_two_parts():
    parts = _quarter(
        "Zwei", {"type": "MultiPolygon", "coordinates": [[_square(7, 51, 0.1)], [_square(7.9, 51.9, 0.1)]]}
    )
    assert boundaries.quarter_at(51.05, 7.05) == boundaries.quarter_at(51.95, 7.95) == parts
    assert boundaries.quarter_at(51.5, 7.5) is None


def test_the_box_alone_is_not_enough():
    triangle = [[7, 51], [8, 51], [7, 52], [7, 51]]
    _quarter("Dreieck", {"type": "Polygon", "coordinates": [triangle]})
    assert boundaries.quarter_at(51.9, 7.9) is None


def test_neighbours_and_what_lies_between_them():
    lindenhof, ahorn = a_quarter(), a_quarter("Ahorn", west=7.02)
    Border.objects.create(quarter=lindenhof, neighbour=ahorn, barrier="A 59")
    assert list(boundaries.neighbours(lindenhof)) == [ahorn]
    assert boundaries.barrier_between(lindenhof, ahorn) == "A 59"
    assert boundaries.barrier_between(ahorn, lindenhof) == ""
