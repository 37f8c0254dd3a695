"""Setting and reading an address."""

from datetime import timedelta

import pytest

from accounts.actions import addresses
from accounts.models import AddressReading
from core.errors import Invalid, NotAllowed, NotVisible
from places import cells
from places.actions.addresses import TooManyMoves
from places.models import ExactAddress, House
from places.normalise import number_key, street_key
from tests.people import NOW, a_person, a_quarter

pytestmark = pytest.mark.django_db


def a_house(street: str = "Hauptstraße", number: str = "12", *, lat: float = 51.045, lon: float = 7.01, **fields):
    return House.objects.create(
        street=street,
        number=number,
        street_key=street_key(street),
        number_key=number_key(number),
        lat=lat,
        lon=lon,
        quarter=fields.pop("quarter", None) or a_quarter(),
        **fields,
    )


def _set(person, by=None, now=NOW, street="Hauptstr 12", **fields):
    return addresses.set_place(person=person, by=by or person, now=now, street=street, **fields)


def test_the_point_is_kept_apart_and_others_get_the_cell(ada):
    house = a_house(postcode="51300")
    place = _set(ada, hint="2. Stock")
    exact = ExactAddress.objects.get(place=place)
    assert place.cell == cells.cell_of(house.lat, house.lon)
    assert (exact.street, exact.number, exact.postcode, exact.hint) == ("Hauptstraße", "12", "51300", "2. Stock")
    assert (exact.lat, exact.lon) == (house.lat, house.lon)


def test_the_quarter_follows_the_house(ada):
    other = a_quarter("Ahorn", west=7.02)
    a_house(lon=7.03, quarter=other)
    _set(ada)
    ada.refresh_from_db()
    assert ada.quarter == other == ada.place.quarter


def test_several_houses_are_asked_and_the_chosen_one_is_taken(ada):
    a_house(postcode="51301")
    far = a_house(postcode="51302", lat=51.058)
    with pytest.raises(addresses.SeveralHouses) as several:
        _set(ada)
    assert [house.postcode for house in several.value.houses] == ["51301", "51302"]
    assert _set(ada, house_id=far.pk).cell == cells.cell_of(far.lat, far.lon)


def test_a_postcode_tells_them_apart(ada):
    a_house(postcode="51301")
    far = a_house(postcode="51302", lat=51.058)
    assert _set(ada, postcode="51302").cell == cells.cell_of(far.lat, far.lon)


def test_a_house_that_was_not_offered_cannot_be_chosen(ada):
    a_house()
    elsewhere = a_house("Waldweg", "1")
    for choice in (elsewhere.pk, "x", 10**30):
        with pytest.raises(NotVisible):
            _set(ada, house_id=choice)


def test_what_is_not_found_is_accepted_and_waits(ada):
    place = _set(ada, street="Nirgendweg 7")
    assert not place.is_found
    assert place.quarter == a_quarter()
    assert ExactAddress.objects.get(place=place).street == "Nirgendweg"


def test_without_any_quarter_it_is_asked(db):
    newcomer = a_person("Nina", place=None)
    newcomer.quarter = None
    newcomer.save()
    with pytest.raises(addresses.QuarterNeeded):
        _set(newcomer, street="Nirgendweg 7")
    assert _set(newcomer, street="Nirgendweg 7", quarter=a_quarter()).quarter == a_quarter()


@pytest.mark.parametrize(
    "typed",
    [
        {"street": ""},
        {"street": "  "},
        {"street": "x" * 200},
        {"street": "Weg\x00 1"},
        {"street": "Weg \ud800"},
        {"street": "Weg", "number": "1" * 30},
        {"street": "Weg 1", "postcode": "123456"},
    ],
)
def test_bad_input_is_a_sentence(ada, typed):
    with pytest.raises(Invalid) as invalid:
        _set(ada, **typed)
    assert invalid.value.fields


def test_the_third_change_in_30_days_is_refused(ada):
    for number in ("1", "2", "3"):
        a_house("Waldweg", number, lat=51.05 + int(number) / 1000)
    _set(ada, street="Waldweg 1")
    _set(ada, street="Waldweg 2")
    with pytest.raises(TooManyMoves):
        _set(ada, street="Waldweg 3")
    assert _set(ada, street="Waldweg 3", now=NOW + timedelta(days=31)).is_found


def test_a_detour_by_an_unknown_street_saves_nobody_a_change(ada):
    for number in ("1", "2"):
        a_house("Waldweg", number, lat=51.05 + int(number) / 1000)
    _set(ada, street="Waldweg 1")
    _set(ada, street="Gibtesnicht 1")
    with pytest.raises(TooManyMoves):
        _set(ada, street="Waldweg 2")


def test_a_new_hint_and_another_spelling_are_no_change(ada):
    a_house("Waldweg", "1")
    _set(ada, street="Waldweg 1")
    for hint in ("a", "b", "c", "d"):
        _set(ada, street="WALD-WEG 1", hint=hint)
    assert len(ada.place.moved_on) == 1


def test_the_worker_may_change_it_more_often(ada, cleo):
    for number in ("1", "2", "3"):
        a_house("Waldweg", number, lat=51.05 + int(number) / 1000)
        _set(ada, by=cleo, street=f"Waldweg {number}")
    assert ada.place.moved_on == []


def test_a_stranger_may_not(ada, dora):
    with pytest.raises(NotAllowed):
        _set(ada, by=dora)


def test_every_reading_leaves_a_row(ada, cleo):
    exact = addresses.read_address(place=ada.place, by=cleo, reason="visit", now=NOW)
    reading = AddressReading.objects.get()
    assert exact.street == "Lindenstraße"
    assert (reading.reader, reading.reason, reading.at) == (cleo, "visit", NOW)
    assert (reading.delete_on - NOW.date()).days == addresses.READINGS_KEPT_DAYS


def test_a_stranger_reads_nothing_and_leaves_nothing(ada, dora):
    with pytest.raises(NotAllowed):
        addresses.read_address(place=ada.place, by=dora, reason="curious", now=NOW)
    assert not AddressReading.objects.exists()


def test_ones_own_address_is_no_reading(ada):
    addresses.read_address(place=ada.place, by=ada, reason="own", now=NOW)
    assert not AddressReading.objects.exists()
