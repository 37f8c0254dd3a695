"""
Every field the API answers, for every kind of person who gets an answer, held against fields.tsv.

A cell: "+" filled, "0" there but empty, "-" no such field or no answer. A new field needs its row, as a new view does.
"""

import json
from typing import Any

import pytest
from django.core.cache import cache

from tests.permissions import table
from tests.permissions.asking import outcome
from tests.permissions.doors import rows
from tests.permissions.test_permission_matrix import WRITING
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
FILE = "fields.tsv"
ROWS = {row.name: row for row in rows() if row.is_api and row.method == "GET" and "schema" not in row.path}
ROWS = {name: row for name, row in ROWS.items() if not row.path.endswith("docs/")}
KINDS = ("resident", "trusted", "matched", "asked", "formerly", "helper", "worker", "far_worker")
EXPECTED = table.read(FILE)
NOTHING = (None, "", [], {})
MISSING = """
    {what} is not as tests/permissions/fields.tsv says. Is the field meant for these people? Then
        WRITE_PERMISSIONS=new .venv/bin/python -m pytest -n 0 tests/permissions
    and commit the file."""
_found: dict[str, dict[str, str]] = {}


@pytest.fixture(scope="module", autouse=True)
def _written():
    yield
    if WRITING:
        table.write(FILE, _found)


def _fields(said: Any, path: str = "") -> dict[str, str]:
    """Path of each field -> filled or empty; the entries of a list are looked at together."""
    if isinstance(said, list):
        found: dict[str, str] = {}
        for entry in said:
            for name, word in _fields(entry, path).items():
                found[name] = "+" if "+" in (word, found.get(name)) else "0"
        return found
    if not isinstance(said, dict):
        return {path: "0" if said in NOTHING else "+"} if path else {}
    found = {}
    for name, value in said.items():
        below = f"{path}.{name}" if path else name
        found |= _fields(value, below) if isinstance(value, dict | list) and value else {below: _word(value)}
    return found


def _word(value: Any) -> str:
    return "0" if value in NOTHING else "+"


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_person_gets_the_fields_of_the_table(name: str, world: World, record_property) -> None:
    cache.clear()
    heard: dict[str, dict[str, str]] = {}
    for kind in KINDS:
        word, said = outcome(ROWS[name], kind, world)
        heard[kind] = _fields(json.loads(said.content)) if word == "ok" else {}
    names = {field for fields in heard.values() for field in fields}
    cells = {f"{name} {field}": {kind: heard[kind].get(field, "-") for kind in KINDS} for field in sorted(names)}
    _found.update(cells)
    if WRITING:
        return
    expected = {
        row: {kind: word for kind, word in said.items() if word != table.NOT_ASKED}
        for row, said in EXPECTED.items()
        if row.startswith(f"{name} ")
    }
    wrong = [row for row in expected.keys() | cells.keys() if expected.get(row) != cells.get(row)]
    assert wrong == [], "".join(MISSING.format(what=row) for row in wrong)
    record_property("permission_cells", len(cells) * len(KINDS))
