"""From typed addresses to houses."""

import pytest
from geopy.geocoders import Nominatim, Photon
from geopy.location import Location

from places import geocoding
from places.actions.addresses import find_houses, read_address_fields
from places.models import House
from tests.accounts.test_addresses import a_house

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["Hauptstr 12", "hauptstrasse 12 ", "HAUPT-STRASSE 12", "Hauptstr. 12, 51300 Ort"])
def test_every_spelling_finds_the_same_house(typed):
    house = a_house("Hauptstraße", "12", postcode="51300")
    a_house("Hauptstraße", "12a", postcode="51300")
    found = geocoding.TableGeocoder().geocode(typed)
    assert (found.latitude, found.longitude, found.raw["house_id"]) == (house.lat, house.lon, house.pk)


def test_the_letter_belongs_to_the_number():
    a_house("Straße", "12")
    with_letter = a_house("Straße", "12 A", lat=51.05)
    assert geocoding.TableGeocoder().geocode("Straße 12a").raw["house_id"] == with_letter.pk


def test_several_houses_are_never_the_first():
    for postcode, lat in (("51301", 51.045), ("51302", 51.055)):
        a_house(postcode=postcode, lat=lat)
    geocoder = geocoding.TableGeocoder()
    assert geocoder.geocode("Hauptstr 12") is None
    assert len(geocoder.geocode("Hauptstr 12", exactly_one=False)) == 2
    assert geocoder.geocode("Hauptstr 12, 51302 Ort").latitude == 51.055


def test_the_same_street_in_two_quarters_without_postcodes_is_asked():
    a_house(lat=51.045)
    a_house(lat=51.055)
    assert len(geocoding.houses_in_table(street="Hauptstr", number="12")) == 2


def test_two_doors_of_one_house_are_one_house():
    a_house(lat=51.045)
    a_house(lat=51.0452)
    assert len(geocoding.houses_in_table(street="Hauptstr", number="12")) == 1


def test_another_postcode_than_the_tables_is_not_found():
    a_house(postcode="51300")
    assert geocoding.houses_in_table(street="Hauptstr", number="12", postcode="50667") == []


def test_the_city_tells_houses_apart_but_never_hides_one():
    a_house(city="Musterstadt")
    a_house(city="Nachbarstadt", lat=51.055)
    assert len(geocoding.houses_in_table(street="Hauptstr", number="12", city="musterstadt")) == 1
    assert len(geocoding.houses_in_table(street="Hauptstr", number="12", city="Musterstadt-Mitte")) == 2


@pytest.mark.parametrize("typed", ["", " ", "12", "Hauptstr", "Hauptstr 13", "%", "' OR 1=1 --", "x" * 5000])
def test_what_is_not_there_is_none(typed):
    a_house()
    assert geocoding.TableGeocoder().geocode(typed) is None


def test_no_foreign_service_is_asked_by_default():
    assert geocoding.own_service() is None
    assert geocoding.locations_from_service(street="Weg", number="1") == []


@pytest.mark.parametrize(("name", "kind"), [("nominatim", Nominatim), ("photon", Photon)])
def test_the_own_service_is_the_operators(settings, name, kind):
    settings.GEOCODER, settings.GEOCODER_URL = name, "https://geo.example.org/search/"
    settings.GEOCODER_CONTACT = "it@example.org"
    service = geocoding.own_service()
    assert isinstance(service, kind)
    assert service.api.startswith("https://geo.example.org/search")
    assert "it@example.org" in service.headers["User-Agent"]


def test_a_service_that_does_not_answer_is_as_if_nothing_was_found(settings):
    settings.GEOCODER, settings.GEOCODER_URL = "nominatim", "http://127.0.0.1:9"
    assert find_houses(read_address_fields(street="Weg 1")) == []


def test_what_the_own_service_finds_is_kept_as_houses_to_choose_from(settings, monkeypatch):
    spots = [Location("a", (51.045, 7.0), {}), Location("b", (51.055, 7.01), {})]
    monkeypatch.setattr(geocoding, "locations_from_service", lambda **address: spots)
    houses = find_houses(read_address_fields(street="Weg 1"))
    assert [house.lat for house in houses] == [51.045, 51.055]
    assert find_houses(read_address_fields(street="Weg 1")) == houses
    assert House.objects.count() == 2
