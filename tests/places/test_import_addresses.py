"""`manage.py import_addresses` over good and bad tables."""

import gzip
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from places.geocoding import TableGeocoder
from places.models import CellSize, House
from tests.people import a_quarter

pytestmark = pytest.mark.django_db
ESSEN = Path(__file__).resolve().parents[3] / "shared" / "data" / "essen-hauskoordinaten.csv.gz"

# 51.05 N 7.00 E is 359 818 E, 5 657 288 N in UTM 32
TABLE = """\ufeffSTR;NR;ZU;PLZ;X;Y
Hauptstr.;12;;51300;32359818.0;5657288.0
Hauptstr.;12;a;51300;32359828,5;5657288,0
### Straßenname unbekannt;3;;;32359818.0;5657288.0
Waldweg;;;51300;32359818.0;5657288.0
Waldweg;1;;51300;;
Waldweg;2;;51300;inf;nan
Waldweg;4;;513000000;32359818.0;5657288.0
"""
COLUMNS = ("--street", "STR", "--number", "NR", "--suffix", "ZU", "--postcode", "PLZ")


def _table(folder: Path, text: str = TABLE) -> Path:
    path = folder / "adressen.csv"
    path.write_text(text, encoding="utf-8")
    return path


def _import(path: Path, *options: str, columns: tuple[str, ...] = (*COLUMNS, "--x", "X", "--y", "Y")) -> str:
    out = StringIO()
    call_command("import_addresses", str(path), *columns, *options, stdout=out)
    return out.getvalue()


def test_houses_with_their_quarter_and_point(tmp_path):
    quarter = a_quarter()
    said = _import(_table(tmp_path), "--city", "Musterstadt")
    assert "7 Zeilen gelesen, 2 neu" in said
    house = House.objects.get(number_key="12")
    assert (house.lat, house.lon) == pytest.approx((51.05, 7.0), abs=0.0001)
    assert (house.quarter, house.city, house.street_key) == (quarter, "Musterstadt", "hauptstr")
    assert TableGeocoder().geocode("Hauptstraße 12 a").raw["house_id"] == House.objects.get(number="12a").pk


def test_what_cannot_be_used_is_counted_by_reason(tmp_path):
    said = _import(_table(tmp_path))
    for sentence in ("1 ohne bekannte Straße", "1 ohne Hausnummer", "2 ohne brauchbare", "1 mit zu langen"):
        assert sentence in said


@pytest.mark.parametrize("crs", ["utm32", "EPSG:4647"])
def test_the_zone_may_stand_in_front(tmp_path, crs):
    _import(_table(tmp_path), "--crs", crs)
    assert House.objects.get(number_key="12").lon == pytest.approx(7.0, abs=0.0001)


def test_utm32_without_the_zone_and_wgs84(tmp_path):
    _import(_table(tmp_path, "S,N,X,Y\nWeg,1,359818,5657288\n"), columns=("--street=S", "--number=N", "--x=X", "--y=Y"))
    path = _table(tmp_path, "S\tN\tlat\tlon\nPfad\t1\t51.05\t7.0\n")
    _import(path, columns=("--street=S", "--number=N", "--lat=lat", "--lon=lon"))
    weg, pfad = House.objects.get(street="Weg"), House.objects.get(street="Pfad")
    assert (weg.lat, weg.lon) == pytest.approx((pfad.lat, pfad.lon), abs=0.0001)


def test_a_packed_file_is_the_same(tmp_path):
    path = tmp_path / "adressen.csv.gz"
    path.write_bytes(gzip.compress(TABLE.encode()))
    assert "2 neu" in _import(path)


def test_a_dry_run_saves_nothing(tmp_path):
    assert "2 neu" in _import(_table(tmp_path), "--dry-run")
    assert not House.objects.exists()
    assert not CellSize.objects.exists()


def test_a_second_run_changes_nothing(tmp_path):
    _import(_table(tmp_path))
    ids = list(House.objects.values_list("id", flat=True))
    assert "0 neu, 0 geändert, 2 unverändert" in _import(_table(tmp_path))
    assert list(House.objects.values_list("id", flat=True)) == ids


def test_a_house_measured_anew_stays_the_same_house(tmp_path):
    _import(_table(tmp_path))
    ids = set(House.objects.values_list("id", flat=True))
    assert "0 neu, 1 geändert" in _import(
        _table(tmp_path, TABLE.replace("32359818.0;5657288.0", "32359821.0;5657288.0"))
    )
    assert set(House.objects.values_list("id", flat=True)) == ids


def test_cells_with_few_houses_are_marked(tmp_path):
    assert "1 Zellen mit zu wenigen" in _import(_table(tmp_path))
    assert CellSize.objects.count() == 1


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        (("--street=S", "--number=NR", "--x=X", "--y=Y"), "Diese Spalten fehlen: S. Vorhanden: STR"),
        (("--street=STR", "--number=NR"), "entweder --x und --y oder"),
        (("--street=STR", "--number=NR", "--x=X"), "entweder --x und --y oder"),
        (("--street=STR", "--number=NR", "--x=X", "--y=Y", "--lat=X", "--lon=Y"), "entweder"),
        (("--street=STR", "--number=NR", "--x=X", "--y=Y", "--crs=gauss"), "utm32, wgs84 oder"),
        (("--street=STR", "--number=NR", "--x=X", "--y=Y", "--crs=EPSG:999999"), "EPSG:999999 ist nicht bekannt"),
    ],
)
def test_wrong_options_are_said(tmp_path, columns, sentence):
    with pytest.raises(CommandError, match=sentence):
        _import(_table(tmp_path), columns=columns)
    assert not House.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x80\n", b"\x1f\x8bbroken"])
def test_what_is_no_table_is_said(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        _import(path)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(CommandError, match="gibt es nicht"):
        _import(tmp_path / "nichts.csv")


@pytest.mark.slow
@pytest.mark.skipif(not ESSEN.exists(), reason="../shared is not here")
def test_the_102981_rows_of_essen():
    columns = ("--street=STRNAME", "--number=HSNR", "--suffix=HSNRZU", "--x=X", "--y=Y")
    said = _import(ESSEN, "--city=Essen", columns=columns)
    assert "102981 Zeilen gelesen, 99581 neu" in said
    assert "übersprungen: 4 ohne bekannte Straße" in said
    assert "99581 unverändert" in _import(ESSEN, "--city=Essen", columns=columns)
