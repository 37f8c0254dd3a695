"""`manage.py import_quarters` over good and bad files."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from places.models import Border, House, Quarter

pytestmark = pytest.mark.django_db
KOELN = Path(__file__).resolve().parents[3] / "shared" / "data" / "koeln-stadtteile.geojson"


def _square(west: float, south: float = 51.0, side: float = 0.1) -> list:
    east, north = west + side, south + side
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def _feature(name: object = "Mitte", rings: object = None, kind: str = "Polygon") -> dict:
    return {
        "type": "Feature",
        "properties": {"name": name, "nr": 1},
        "geometry": {"type": kind, "coordinates": rings or [_square(7.0)]},
    }


def _file(folder: Path, *features: object) -> Path:
    path = folder / "quartiere.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features)}), encoding="utf-8")
    return path


def _import(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("import_quarters", str(path), "--name-property", "name", *options, stdout=out)
    return out.getvalue()


def test_quarters_with_their_boxes_and_borders(tmp_path):
    path = _file(tmp_path, _feature("Mitte"), _feature("Grün/Süd", [_square(7.1)]), _feature("Fern", [_square(8.0)]))
    assert "3 neu" in _import(path, "--neighbours")
    south = Quarter.objects.get(slug="gruen-sued")
    assert (south.west, south.south, south.east, south.north) == pytest.approx((7.1, 51.0, 7.2, 51.1))
    assert {(b.quarter.name, b.neighbour.name) for b in Border.objects.all()} == {
        ("Mitte", "Grün/Süd"),
        ("Grün/Süd", "Mitte"),
    }


def test_meeting_in_one_corner_makes_no_neighbours(tmp_path):
    _import(_file(tmp_path, _feature("A"), _feature("B", [_square(7.1, 51.1)])), "--neighbours")
    assert not Border.objects.exists()


def test_holes_and_parts_are_kept(tmp_path):
    with_hole = [_square(7.0), _square(7.04, 51.04, 0.02)]
    parts = [[_square(8.0)], [_square(9.0)]]
    _import(_file(tmp_path, _feature("Loch", with_hole), _feature("Teile", parts, "MultiPolygon")))
    assert len(Quarter.objects.get(name="Loch").boundary["coordinates"]) == 2
    assert len(Quarter.objects.get(name="Teile").boundary["coordinates"]) == 2


def test_a_dry_run_saves_nothing(tmp_path):
    assert "1 neu" in _import(_file(tmp_path, _feature()), "--dry-run", "--neighbours")
    assert not Quarter.objects.exists()


def test_a_second_run_changes_nothing_and_keeps_what_the_office_wrote(tmp_path):
    path = _file(tmp_path, _feature("A"), _feature("B", [_square(7.1)]))
    _import(path, "--neighbours")
    Quarter.objects.filter(name="A").update(office_phone="0214 1", answer_hours=24)
    Border.objects.filter(quarter__name="A").update(barrier="Bach")
    assert "0 neu, 0 geändert, 2 unverändert" in _import(path, "--neighbours")
    _import(_file(tmp_path, _feature("A", [_square(7.0, 51.0, 0.11)]), _feature("B", [_square(7.1)])), "--neighbours")
    kept = Quarter.objects.get(name="A")
    assert (kept.office_phone, kept.answer_hours, kept.north) == ("0214 1", 24, pytest.approx(51.11))
    assert Border.objects.get(quarter__name="A").barrier == "Bach"


def test_houses_imported_before_find_their_quarter(tmp_path):
    House.objects.create(street="Weg", street_key="weg", number="1", number_key="1", lat=51.05, lon=7.05)
    _import(_file(tmp_path, _feature("A")))
    assert House.objects.get().quarter.name == "A"


BOWTIE = [[[7.0, 51.0], [7.1, 51.1], [7.1, 51.0], [7.0, 51.1], [7.0, 51.0]]]


@pytest.mark.parametrize(
    ("feature", "sentence"),
    [
        (_feature(""), "Nr. 1 hat keinen Namen unter „name“. Vorhanden: name, nr"),
        (_feature(None), "hat keinen Namen"),
        ({"type": "Feature", "properties": None, "geometry": None}, "hat keinen Namen"),
        (_feature("x" * 121), "länger als 120"),
        (_feature("---"), "keine Kennung"),
        (_feature(kind="LineString", rings=_square(7.0)), "nicht LineString"),
        ({"type": "Feature", "properties": {"name": "A"}, "geometry": None}, "nicht None"),
        (_feature(rings=BOWTIE), "fehlerhaft: Self-intersection"),
        (_feature(rings=[[[7, 51], [8, 51]]]), "nicht lesbar"),
        (_feature(rings="abc"), "nicht lesbar"),
        (_feature(rings=[[["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]]), "nicht lesbar"),
        (_feature(rings=[_square(356_000, 5_655_000, 500)]), "nicht WGS84"),
    ],
)
def test_bad_features_are_named(tmp_path, feature, sentence):
    with pytest.raises(CommandError, match=sentence):
        _import(_file(tmp_path, feature))
    assert not Quarter.objects.exists()


def test_all_faults_are_told_at_once_and_nothing_is_saved(tmp_path):
    path = _file(tmp_path, _feature("Gut"), _feature(""), _feature("Schleife", BOWTIE), _feature("Gut"))
    with pytest.raises(CommandError) as bad:
        _import(path)
    assert len(str(bad.value).splitlines()) == 3
    assert not Quarter.objects.exists()


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", '{"features": []}', '{"features": [1]}', '{"features": {}}', "[" * 100_000]
)
def test_what_is_no_geojson_is_said(tmp_path, content):
    path = tmp_path / "x.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match="kein GeoJSON"):
        _import(path)


def test_binary_and_missing_files_are_said(tmp_path):
    (tmp_path / "x").write_bytes(b"\xff\xfe\x00\x80")
    with pytest.raises(CommandError, match="kein GeoJSON"):
        _import(tmp_path / "x")
    with pytest.raises(CommandError, match="gibt es nicht"):
        _import(tmp_path / "y")
    with pytest.raises(CommandError, match="kein GeoJSON"):
        _import(tmp_path)


@pytest.mark.skipif(not KOELN.exists(), reason="../shared is not here")
def test_the_86_stadtteile_of_koeln():
    said = _import(KOELN, "--neighbours")
    assert "86 neu" in said
    assert "Dünnwald: Die Grenze war fehlerhaft und wurde bereinigt" in said
    assert Border.objects.filter(quarter__name="Flittard", neighbour__name="Stammheim").exists()
    assert "86 unverändert" in _import(KOELN, "--neighbours")
