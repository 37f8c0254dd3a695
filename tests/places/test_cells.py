"""Cells and the distance between them."""

import random

import h3
import pytest
from geopy.distance import great_circle

from places import cells
from places.distance import NEAR_KM, band, cells_km, travel_minutes
from places.models import CellSize, House
from tests.people import CELL, a_quarter

SIDE_M = 805  # of a square as large as a cell here (0.648 km²)


def test_a_point_has_one_cell_and_all_points_in_it_the_same():
    assert cells.cell_of(51.05, 7.0) == CELL
    assert cells.cell_of(51.0501, 7.0001) == CELL


@pytest.mark.parametrize(("lat", "lon"), [(91, 0), (0, 181), (float("nan"), 0)])
def test_what_is_no_point_is_refused(lat, lon):
    with pytest.raises(ValueError, match="not a WGS84 point"):
        cells.cell_of(lat, lon)


def test_who_knows_only_the_cell_is_wrong_by_at_least_038_of_its_side():
    spots = random.Random(1)
    errors = []
    for _ in range(600):
        home = (spots.uniform(51.02, 51.09), spots.uniform(6.90, 7.07))
        errors.append(great_circle(home, cells.centre_of(cells.cell_of(*home))).m)
    assert sorted(errors)[300] >= 0.38 * SIDE_M


def test_bands_are_same_near_far():
    ring = sorted(h3.grid_ring(CELL, 1))
    assert band(CELL, CELL) == "same"
    assert band(CELL, ring[0]) == "near"
    assert band(CELL, sorted(h3.grid_ring(CELL, 5))[0]) == "far"
    assert cells_km(CELL, CELL) == 0
    assert 0.8 < cells_km(CELL, ring[0]) < 1.0 < NEAR_KM


@pytest.mark.parametrize(
    ("rings", "minutes"), [(0, 15), (1, 30), (2, 30), (5, 45), (9, 60), (30, 60)]
)  # a ring is about 0.9 km
def test_the_way_takes_full_quarters_and_an_hour_at_most(rings, minutes):
    there = sorted(h3.grid_ring(CELL, rings))[0]
    assert travel_minutes(CELL, there) == travel_minutes(there, CELL) == minutes
    assert travel_minutes("", there) == travel_minutes(CELL, "") == 15


def test_distance_is_the_same_both_ways():
    other = sorted(h3.grid_ring(CELL, 3))[0]
    assert cells_km(CELL, other) == cells_km(other, CELL)


def test_a_cell_and_the_coarse_one_around_it_are_the_same_area():
    coarse = h3.cell_to_parent(CELL, cells.COARSE_RESOLUTION)
    assert band(CELL, coarse) == band(coarse, CELL) == "same"


@pytest.mark.parametrize("nothing", ["", "x", "881fa191adfffff0"])
def test_what_is_no_cell_has_no_distance(nothing):
    with pytest.raises(ValueError, match="not a cell"):
        cells_km(CELL, nothing)


def _houses(count: int, lat: float, lon: float) -> None:
    House.objects.bulk_create(
        House(street="Weg", number=str(n), street_key="weg", number_key=str(n), lat=lat, lon=lon) for n in range(count)
    )


@pytest.mark.django_db
def test_a_cell_with_few_houses_is_kept_as_its_parent():
    _houses(cells.HOUSES_NEEDED, 51.05, 7.0)
    _houses(cells.HOUSES_NEEDED - 1, 51.08, 7.04)
    assert cells.measure_cells() == 1
    assert cells.fixed_cell_of(51.05, 7.0, quarter_id=None) == CELL
    assert h3.get_resolution(cells.fixed_cell_of(51.08, 7.04, quarter_id=None)) == cells.COARSE_RESOLUTION


@pytest.mark.django_db
def test_a_sliver_of_a_cell_behind_a_border_is_kept_as_the_parent():
    """The quarter stands beside the cell on every card: together they must not point at a few houses."""
    here, there = a_quarter(), a_quarter("Birkenau", west=7.1)
    _houses(cells.HOUSES_NEEDED, 51.05, 7.0)
    _houses(cells.HOUSES_NEEDED - 1, 51.05, 7.0)
    House.objects.filter(pk__in=list(House.objects.values_list("pk", flat=True)[: cells.HOUSES_NEEDED])).update(
        quarter=here
    )
    House.objects.filter(quarter=None).update(quarter=there)
    assert cells.measure_cells() == 1
    assert cells.fixed_cell_of(51.05, 7.0, quarter_id=here.pk) == CELL
    assert cells.fixed_cell_of(51.05, 7.0, quarter_id=there.pk) == h3.cell_to_parent(CELL, cells.COARSE_RESOLUTION)


@pytest.mark.django_db
def test_thin_parts_take_a_larger_one_along_until_they_are_a_crowd():
    """Else the coarse cell would say: one of the few houses over there."""
    coarse = h3.cell_to_parent(CELL, cells.COARSE_RESOLUTION)
    small, middle, large = [cell for cell in h3.cell_to_children(coarse, cells.FINE_RESOLUTION) if cell != CELL][:3]
    for count, cell in ((3, small), (cells.HOUSES_NEEDED, middle), (cells.HOUSES_NEEDED + 1, large)):
        _houses(count, *cells.centre_of(cell))
    assert cells.measure_cells() == 2
    kept = [cells.fixed_cell_of(*cells.centre_of(cell), quarter_id=None) for cell in (small, middle, large)]
    assert kept == [coarse, coarse, large]


@pytest.mark.django_db
def test_measuring_twice_gives_the_same():
    _houses(3, 51.05, 7.0)
    cells.measure_cells()
    first = list(CellSize.objects.values_list("fine", "coarse"))
    cells.measure_cells()
    assert list(CellSize.objects.values_list("fine", "coarse")) == first
