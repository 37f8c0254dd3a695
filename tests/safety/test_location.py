"""
A volunteer moves about and asks, to learn where residents live. Whatever they try, they learn the cell and no more.

The attacker is better than any real one: as many addresses as they like (people may change theirs twice in 30 days),
every radius, the whole list with its order, and beyond it what the matcher would do with each of these addresses.
They know the table of all houses, the grid of cells and where the quarter ends. The same attackers meet a house that
measures from point to point, and find the home there: so they are good ones.
"""

import random
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pytest
from django.utils import timezone

from matching import roster, suggestions
from matching.models import HelpRequest
from places import cells
from places.actions.addresses import Address, save_address
from places.distance import NEAR_KM, cells_km
from places.models import CellSize, House, Place
from tests.api.client import Door
from tests.people import a_person, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db
HOMES, SPOTS, HOUSES = 60, 16, 1500
RADII_M = (500, 1000, 1500, 2000, 3000, 5000)
SIDE_M = 805  # of a square as large as a cell here
FLOOR = 0.38 * SIDE_M
FAR = 99.0  # km
M_PER_DEGREE = np.array([111_320.0, 69_970.0])  # at 51.05 N
Points = np.ndarray  # rows of (lat, lon)


class Told(NamedTuple):
    """What one question told of one home: from `spot` it is between `low` and `high` km away."""

    spot: int
    low: float
    high: float


class Heard(NamedTuple):
    """All a run told, by home. `ranks`: (spot, place in the list); `fits`: (spot, place among what fits best)."""

    bands: list[list[Told]]
    radii: list[list[Told]]
    nearness: list[list[Told]]
    ranks: list[list[tuple[int, int]]]
    fits: list[list[tuple[int, int]]]


class Ground(NamedTuple):
    """`houses`: every one, with the cell a place there would keep; `spots`: where the attacker lived."""

    houses: Points
    of_house: list[str]
    homes: list[int]  # numbers of houses
    spots: Points
    of_spot: list[str]


# --- how far, as two kinds of house would measure it ----------
def by_point(ground: Ground, spot: int) -> np.ndarray:
    """Kilometres from this spot to every house."""
    return np.hypot(*((ground.houses - ground.spots[spot]) * M_PER_DEGREE).T) / 1000


def by_cell(ground: Ground, spot: int) -> np.ndarray:
    here = ground.of_spot[spot]
    known = {cell: cells_km(cell, here) for cell in set(ground.of_house)}
    return np.array([known[cell] for cell in ground.of_house])


# --- attackers: from what was told to a guess ----------
def where_it_fits(ground: Ground, told: list[Told], measure: Callable) -> Points:
    """The middle of all houses that fit most of what was told."""
    fits = np.zeros(len(ground.houses))
    for one in told:
        kilometres = measure(ground, one.spot)
        fits += (kilometres >= one.low - 1e-6) & (kilometres <= one.high + 1e-6)
    return ground.houses[fits == fits.max()].mean(axis=0)


def where_it_came_first(ground: Ground, ranks: list[tuple[int, int]]) -> Points:
    """The middle of the spots from which the home stood highest."""
    best = min(rank for _spot, rank in ranks)
    return ground.spots[[spot for spot, rank in ranks if rank == best]].mean(axis=0)


def median_error(ground: Ground, guess: Callable[[int], Points], homes_like: list[list[int]]) -> float:
    """Metres. `homes_like`: of each home that was asked about, all houses for which the same was told."""
    off = [
        np.hypot(*((ground.houses[houses] - guess(home)) * M_PER_DEGREE).T)
        for home, houses in enumerate(homes_like)
        if len(houses)
    ]
    return float(np.median(np.concatenate(off)))


def alike(ground: Ground, heard: Heard) -> list[list[int]]:
    """
    Of the first home of each cell: all houses kept as that cell; of the others none, so that no house counts twice.

    That the same was told of all homes of one cell is not assumed but looked at.
    """
    first: dict[str, int] = {}
    for home, house in enumerate(ground.homes):
        same = first.setdefault(ground.of_house[house], home)
        assert all(kind[home] == kind[same] for kind in (heard.bands, heard.radii, heard.nearness))
    everywhere = np.array(ground.of_house)
    return [
        np.flatnonzero(everywhere == ground.of_house[house]) if first[ground.of_house[house]] == home else []
        for home, house in enumerate(ground.homes)
    ]


# --- the scene ----------
@pytest.fixture
def scene() -> tuple[Ground, list[HelpRequest]]:
    dice, quarter = random.Random(12), a_quarter()
    spots = [(dice.uniform(51.04, 51.06), dice.uniform(6.98, 7.02)) for _ in range(HOUSES + SPOTS)]
    rows = [
        House(street="Weg", number=str(n), street_key="weg", number_key=str(n), lat=lat, lon=lon, quarter=quarter)
        for n, (lat, lon) in enumerate(spots)
    ]
    House.objects.bulk_create(rows)
    cells.measure_cells()
    coarse = dict(CellSize.objects.values_list("fine", "coarse"))  # there is one quarter
    kept = [coarse.get(fine, fine) for fine in (cells.cell_of(lat, lon) for lat, lon in spots)]
    homes = dice.sample(range(HOUSES), HOMES)
    wishes = [_wish(rows[home], number) for number, home in enumerate(homes)]
    points = np.array(spots)
    return Ground(points[:HOUSES], kept[:HOUSES], homes, points[HOUSES:], kept[HOUSES:]), wishes


def _wish(house: House, number: int) -> HelpRequest:
    now = timezone.now()
    start = (now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    resident = a_person(f"R{number}", place=_place(house))
    return a_request(resident, windows=[(start, start + timedelta(hours=4))], now=now)


def _place(house: House, place: Place | None = None) -> Place:
    address = Address(house.street, house.number)
    where = {"house": house, "quarter": house.quarter, "today": timezone.localdate(), "by_themself": False}
    return save_address(place, address=address, **where)


def _asked_everything(page_as, ground: Ground, wishes: list[HelpRequest]) -> Heard:
    """From every spot: the list as it is shown, and what the matcher does for every radius."""
    attacker, heard = a_volunteer("Nils", profile={"capacity": 12}), Heard(*([[] for _ in wishes] for _ in range(5)))
    door, home_of = Door(page_as(attacker)), {str(wish.pk): number for number, wish in enumerate(wishes)}
    houses = list(House.objects.order_by("pk"))[HOUSES:]
    rows = list(HelpRequest.objects.open().for_cards())
    for spot, house in enumerate(houses):
        _place(house, attacker.place)
        _read_the_list(door, spot, home_of, heard)
        for radius in RADII_M:
            _try_the_matcher(attacker, radius, spot, rows, home_of, heard)
    return heard


def _read_the_list(door: Door, spot: int, home_of: dict[str, int], heard: Heard) -> None:
    shown = door.get("open-requests/?limit=100")["results"]
    assert len(shown) == HOMES
    for rank, card in enumerate(shown):
        home = home_of[card["id"]]
        low, high = {"same": (0, 0), "near": (0, NEAR_KM), "far": (NEAR_KM, FAR)}[card["distance_band"]]
        heard.bands[home].append(Told(spot, low, high))
        heard.ranks[home].append((spot, rank))


def _try_the_matcher(attacker, radius: int, spot: int, rows: list, home_of: dict[str, int], heard: Heard) -> None:
    profile = attacker.volunteer_profile
    type(profile).objects.filter(pk=profile.pk).update(radius_m=radius)
    roster.forget()
    found = suggestions.top_requests(attacker, rows, now=timezone.now(), limit=len(rows))
    asked = {home_of[str(row.pk)]: (rank, one) for rank, (row, one) in enumerate(found)}
    for home in range(len(rows)):
        inside = home in asked
        heard.radii[home].append(Told(spot, 0 if inside else radius / 1000, radius / 1000 if inside else FAR))
        if inside and radius == RADII_M[-1]:
            rank, one = asked[home]
            kilometres = (1 - one.parts["nearness"]) * radius / 1000
            heard.fits[home].append((spot, rank))
            heard.nearness[home].append(Told(spot, kilometres - 0.003, kilometres + 0.003))


def test_no_attacker_finds_more_than_the_cell(page_as, scene, record_property):
    ground, wishes = scene
    heard = _asked_everything(page_as, ground, wishes)
    assert all(len({rank for _spot, rank in ranks}) == 1 for ranks in heard.ranks)  # the list never turns round
    crowds = Counter(ground.of_house)
    assert min(crowds.values()) >= cells.HOUSES_NEEDED, crowds  # nobody is left with a few houses behind a border
    same = alike(ground, heard)
    floor = median_error(ground, lambda home: ground.houses[same[home]].mean(axis=0), same)
    found = {name: median_error(ground, guess, same) for name, guess in _attackers(ground, heard).items()}
    record_property("median_errors_m", {"floor": round(floor)} | {name: round(error) for name, error in found.items()})
    assert floor >= FLOOR
    assert {name: error for name, error in found.items() if error < FLOOR} == {}


def _attackers(ground: Ground, heard: Heard) -> dict[str, Callable[[int], Points]]:
    return {
        "bands, as if from point to point": lambda home: where_it_fits(ground, heard.bands[home], by_point),
        "bands, knowing the grid": lambda home: where_it_fits(ground, heard.bands[home], by_cell),
        "radius, as if from point to point": lambda home: where_it_fits(ground, heard.radii[home], by_point),
        "radius, knowing the grid": lambda home: where_it_fits(ground, heard.radii[home], by_cell),
        "nearness, as if from point to point": lambda home: where_it_fits(ground, heard.nearness[home], by_point),
        "nearness, knowing the grid": lambda home: where_it_fits(ground, heard.nearness[home], by_cell),
        "order of the list": lambda home: where_it_came_first(ground, heard.ranks[home]),
        "order of what fits": lambda home: where_it_came_first(ground, heard.fits[home]),
    }


def test_the_same_attackers_find_the_home_where_points_are_measured(scene):
    """Control: given the same answers from point to point, they stand before the right house."""
    ground, _wishes = scene
    steps = [0.0, *(radius / 1000 for radius in RADII_M), FAR]
    radius, nearness = [], []
    for home in ground.homes:
        true = np.hypot(*((ground.spots - ground.houses[home]) * M_PER_DEGREE).T) / 1000
        lows = [max(step for step in steps if step <= one) for one in true]
        radius.append([Told(spot, low, steps[steps.index(low) + 1]) for spot, low in enumerate(lows)])
        nearness.append([Told(spot, one - 0.003, one + 0.003) for spot, one in enumerate(true)])
    alone = [[home] for home in ground.homes]
    assert median_error(ground, lambda home: where_it_fits(ground, radius[home], by_point), alone) < FLOOR / 3
    assert median_error(ground, lambda home: where_it_fits(ground, nearness[home], by_point), alone) < 10
