"""Whatever a client sends: a sentence with a code and 4xx, never a 500. Generated from the schema."""

import json
from typing import Any

import pytest

from tests.api.client import ROOT, Door
from tests.api.everything import OPERATIONS, body_of, resolved
from tests.api.world import a_world, filled

pytestmark = pytest.mark.django_db

WITH_BODY = [entry for entry in OPERATIONS if body_of(entry[2])]
WITH_ID = [entry for entry in OPERATIONS if "{id}" in entry[1]]
SURROGATE = "\ud800"
SENTINELS = [
    None, True, False, 0, -1, 1.5, 10**30, -(10**30), 1e308, "", " ", "\0", "a\0b", SURROGATE, f"a{SURROGATE}b",
    "x" * 100_000, "9" * 5000, [], [[]], {}, {"a": 1}, [None], [{}], ["\0"], [SURROGATE], [10**30],
    "0001-01-01", "9999-12-31", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30",
    "0f8fad5b-d9cb-469f-a165-70867728950e", "../../etc/passwd", "' OR 1=1 --", "24:01",
]  # fmt: skip
NASTY = [None, "", "\0", SURROGATE, 0, 10**30, "9999-12-31", [], {}]
RAW = [
    b"", b"{", b"null", b"[]", b"1", b'"x"', b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}', b'{"a":' * 5000,
    b"[" * 100_000, b"1" * 5000, b'{"\\ud800": 1}', b'{"a": "\\u0000"}', b"\x00" * 50, b'{"v": 1e999}',
]  # fmt: skip
BAD_IDS = [
    "x",
    "0",
    "-1",
    "9" * 40,
    "%00",
    "a%00b",
    "%ED%A0%80",
    "%F0%9F%90%95",
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "{}",
    "'",
]


def name_of(entry: tuple) -> str:
    return entry[2]["operationId"]


def the_one(operation: dict, says: dict[str, Door]) -> Door:
    """Who may do such a thing at all: workers for what workers do, else one of the two."""
    worker = operation["tags"][0] in ("people", "quarters", "rounds") or "propose" in operation.get("summary", "")
    return says["cleo"] if worker else says["ben"]


@pytest.fixture
def says(door, ada, ben, cleo) -> dict[str, Door]:
    return {"ada": door(ada), "ben": door(ben), "cleo": door(cleo)}


@pytest.fixture(autouse=True)
def _patience(monkeypatch):
    """The first fence would answer most of these; it is tested elsewhere."""
    from rest_framework.throttling import SimpleRateThrottle

    monkeypatch.setattr(SimpleRateThrottle, "allow_request", lambda *_: True)


def refused(door: Door, about: Any) -> None:
    assert 400 <= door.status < 500, (door.status, about, door.said)
    assert door.said["code"], about
    assert str(door.said["detail"]).endswith("."), about


def bearable(door: Door, about: Any) -> None:
    """Some odd things do fit somewhere; a 5xx never."""
    assert door.status < 500, (door.status, about)
    if door.status >= 400:
        refused(door, about)


@pytest.mark.parametrize("entry", WITH_BODY, ids=name_of)
def test_each_field_bears_every_odd_value(entry, says):
    method, path, operation = entry
    path, door = filled(path, a_world()), the_one(operation, says)
    names = list(resolved(body_of(operation)).get("properties", {}))
    for value in SENTINELS:  # each field is looked at, whatever the others are
        door.send(method, path, dict.fromkeys(names, value))
        bearable(door, str(value)[:60])
    for name in names:  # and the verb behind is reached where the others may be left out
        for value in NASTY:
            door.send(method, path, {name: value})
            bearable(door, (name, str(value)[:60]))


@pytest.mark.parametrize("entry", WITH_BODY, ids=name_of)
def test_nested_values_bear_it_too(entry, says):
    method, path, operation = entry
    path, door = filled(path, a_world()), the_one(operation, says)
    for name, shape in resolved(body_of(operation)).get("properties", {}).items():
        if resolved(shape).get("type") != "array":
            continue
        inner = resolved(resolved(shape)["items"])
        for value in SENTINELS:
            odd = dict.fromkeys(inner["properties"], value) if inner.get("type") == "object" else value
            door.send(method, path, {name: [odd]})
            bearable(door, (name, str(odd)[:60]))
        for key in inner.get("properties", {}):
            door.send(method, path, {name: [{key: 1}]})
            bearable(door, (name, key))
        door.send(method, path, {name: ["de"] * 5000})
        refused(door, name)


@pytest.mark.parametrize("entry", WITH_BODY, ids=name_of)
def test_what_is_no_json_or_not_ours_is_refused(entry, says):
    method, path, operation = entry
    ids = a_world()
    door = the_one(operation, says)
    for raw in RAW:
        door.send(method, filled(path, ids), raw)
        if raw == b"":  # nothing said: fine where nothing has to be said
            bearable(door, raw)
        else:
            refused(door, raw[:40])
    door.send(method, filled(path, ids), {"there_is_no_such_field": 1})
    refused(door, "unknown field")
    assert "there_is_no_such_field" in door.said["fields"]


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/xml",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "a/b/c",
        "",
        "application/json; charset=no-such",
    ],
)
def test_another_content_type_is_refused(says, kind):
    for method, path, operation in WITH_BODY:
        door = the_one(operation, says)
        door._keep(door.client.generic(method.upper(), ROOT + filled(path, {}), "x=1", content_type=kind))
        refused(door, path)
        assert door.status in (400, 404, 415), path


@pytest.mark.parametrize("entry", WITH_ID, ids=name_of)
def test_unknown_and_odd_ids_are_nothing_here(entry, says):
    method, path, operation = entry
    body = {"kind": "talk"} if path.endswith("vetting/") else {}
    answers = set()
    for odd in BAD_IDS:
        door = the_one(operation, says)
        door.send(method, path.removeprefix(ROOT).replace("{id}", odd), body)
        refused(door, odd)
        if door.status != 400:  # a body that does not fit is said first
            assert door.status == 404, (odd, door.said)
            answers.add(door.answer.content)
    assert len(answers) <= 1


@pytest.mark.parametrize("entry", [entry for entry in OPERATIONS if entry[0] == "get"], ids=name_of)
def test_odd_queries_are_refused_or_borne(entry, says):
    _method, path, operation = entry
    ids = a_world()
    door = the_one(operation, says)
    known = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    for name in known:
        for value in (
            "%00",
            "-1",
            "0",
            "9" * 40,
            "x",
            "%ED%A0%80",
            "",
            "101",
            "1.5",
            "٣",
            "cD0%3D",
            "bz05OTk5OTk5OTk5OTk5OTk5OTk5OTk%3D",
            "cD0lMDA%3D",
            "cD14",
        ):
            door.get(f"{filled(path, ids)}?{name}={value}")
            bearable(door, (name, value))
    if "limit" in known:
        door.get(f"{filled(path, ids)}?limit=5000")
        refused(door, "limit")
    if known:
        door.get(f"{filled(path, ids)}?no_such_filter=1")
        refused(door, "unknown filter")
        assert door.said["code"] == "unknown_filter"


def test_methods_that_are_not_there_are_said_so(says):
    for path in {path for _method, path, _operation in OPERATIONS}:
        door = says["cleo"]
        door.send("options" if path.endswith("schema/") else "trace", path.removeprefix(ROOT))
        assert door.status in (200, 405), path
        door.send("lock", path.removeprefix(ROOT))
        assert (door.status, door.said["code"]) == (405, "method_not_allowed"), path


def test_an_answer_in_another_format_is_not_to_be_had(says):
    assert says["ada"].get("me/", Accept="text/html")["code"] == "not_acceptable"
    assert says["ada"].status == 406


def test_too_much_at_once_is_413(says):
    door = says["ada"]
    door.send("post", "requests/", json.dumps({"description": "x" * 2_000_000}).encode())
    assert (door.status, door.said["code"]) == (413, "too_large")


def test_odd_headers_are_borne(says):
    door = says["ada"]
    for value in ("", "x", "ü" * 10, "a" * 200, "a\tb" * 4, "\x7f" * 10):
        door.post("requests/", {}, **{"Idempotency-Key": value})
        assert door.status == 400, value
        assert "Idempotency-Key" in door.said["fields"]
    for language in ("xx", "*", "de;q=x", "a" * 5000, "en-GB,en;q=0.9", "\x00"):
        door.get("me/", **{"Accept-Language": language})
        assert door.status == 200
