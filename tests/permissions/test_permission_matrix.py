"""
Every view and method for every kind of person, held against expected.tsv.

A new address needs its rows: `WRITE_PERMISSIONS=new .venv/bin/python -m pytest -n 0 tests/permissions` writes what it
answers today; read the new lines as somebody who wants in, then commit them. See docs/data-protection.md.
"""

import os

import pytest
from django.core.cache import cache

from tests.permissions import rules, table
from tests.permissions.asking import outcome
from tests.permissions.doors import Row, rows, unknown
from tests.permissions.world import World

pytestmark = pytest.mark.django_db
FILE = "expected.tsv"
ROWS = {row.name: row for row in rows()}
EXPECTED = table.read(FILE)
WRITING = os.environ.get("WRITE_PERMISSIONS", "")  # "new": rows the table lacks; "all": every row anew
FOREIGN = ("nobody", "resident", "worker")  # of packages: one's own account, nothing of others
AT_THE_DESK = (
    *("nobody", "resident", "helper", "worker", "no_factor", "far_worker"),
    *("former_worker", "coordinator", "operator"),
)
# Who adds nothing where something is changed: what they do not find to read they cannot change either.
READERS = ("proposed", "unwelcomed", "far_helper", "far_resident", "deleted", "operator", "asked", "distrusted")
OWN = ("unwelcomed", "suspended", *AT_THE_DESK)  # pages without a thing show one's own
MISSING = """
    {name} has no row in tests/permissions/expected.tsv. Write it with
        WRITE_PERMISSIONS=new .venv/bin/python -m pytest -n 0 tests/permissions
    then read the new lines: is each "ok" meant? Then commit the file."""
_found: dict[str, dict[str, str]] = {}


@pytest.fixture(scope="module", autouse=True)
def _written():
    yield
    if WRITING:
        table.write(FILE, {name: cells for name, cells in EXPECTED.items() if name in ROWS} | _found)


def _kinds(row: Row) -> tuple[str, ...]:
    if row.is_foreign or row.route.endswith(("schema/", "docs/")):
        return FOREIGN
    if row.route.startswith("buero/"):
        return AT_THE_DESK
    if not row.things:
        return OWN
    return tuple(kind for kind in table.COLUMNS if row.method == "GET" or kind not in READERS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_each_person_gets_what_the_table_says(name: str, world: World, record_property) -> None:
    if WRITING == "new" and name in EXPECTED:
        pytest.skip("stands in the table")
    cache.clear()
    row = ROWS[name]
    expected = EXPECTED.get(name)
    assert expected or WRITING, MISSING.format(name=name)
    cells = {kind: outcome(row, kind, world)[0] for kind in _kinds(row)}
    assert rules.broken_by(row, cells) == []
    if WRITING:
        _found[name] = cells
        return
    assert cells == {kind: word for kind, word in expected.items() if word != table.NOT_ASKED}
    record_property("permission_cells", len(cells))


def test_every_address_is_known() -> None:
    missing = unknown()
    assert missing == [], "".join(missing)


def test_no_row_of_the_table_is_without_a_view() -> None:
    assert sorted(set(EXPECTED) - set(ROWS)) == []
