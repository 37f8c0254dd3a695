"""One spelling for streets and numbers."""

import time

import pytest

from places.models import ExactAddress
from places.normalise import number_key, split_number, street_key


@pytest.mark.parametrize(
    "typed",
    [
        "Hauptstraße",
        "Hauptstr.",
        "hauptstr",
        "HAUPTSTRASSE ",
        "Haupt-Straße",
        "Haupt  Str.",
        "Hauptstraße ",
    ],
)
def test_every_spelling_of_a_street_has_one_key(typed):
    assert street_key(typed) == "hauptstr"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Straße der Einheit", "Str. der Einheit"),
        ("Berliner Str.", "Berliner Straße"),
        ("Müllergasse", "Muellergasse"),
        ("Müllergasse", "Mu\u0308llergasse"),
        ("St.-Anna-Str.", "Sankt Anna Straße"),
        ("Marktpl.", "Marktplatz"),
        ("Café-Weg", "Cafe Weg"),
        ("Weißdornweg", "Weissdornweg"),
    ],
)
def test_two_spellings_meet(one, other):
    assert street_key(one) == street_key(other)


def test_different_streets_stay_different():
    assert len({street_key(name) for name in ("Hauptstraße", "Hauptgasse", "Am Haupt", "Straßburger Weg", "Weg")}) == 5


@pytest.mark.parametrize("typed", ["12a", "12 a", "12A", " 12  a ", "Nr. 12a", "012a"])
def test_every_spelling_of_a_number_has_one_key(typed):
    assert number_key(typed) == "12a"


@pytest.mark.parametrize("typed", ["12-14", "12 – 14", "12 - 14"])
def test_a_range_keeps_its_dash(typed):
    assert number_key(typed) == "12-14"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hauptstr 12", ("Hauptstr", "12")),
        ("hauptstrasse 12 ", ("hauptstrasse", "12")),
        ("Straße 12a", ("Straße", "12a")),
        ("Hauptstr. 12 a", ("Hauptstr.", "12 a")),
        ("Allee 12-14", ("Allee", "12-14")),
        ("Straße des 17. Juni", ("Straße des 17. Juni", "")),
        ("Straße des 17. Juni 3", ("Straße des 17. Juni", "3")),
        ("Weg", ("Weg", "")),
        ("12", ("12", "")),
        ("", ("", "")),
    ],
)
def test_the_number_is_found_at_the_end_of_the_line(line, expected):
    assert split_number(line) == expected


@pytest.mark.parametrize("line", ["," * 200_000, " " * 200_000, "a " * 100_000 + "1", "1" * 200_000])
def test_endless_lines_are_no_work(line):
    begun = time.monotonic()
    split_number(line)
    assert time.monotonic() - begun < 1


def test_a_key_fits_its_column_however_long_the_name():
    assert len(street_key("ß" * 120)) == ExactAddress._meta.get_field("street_key").max_length
