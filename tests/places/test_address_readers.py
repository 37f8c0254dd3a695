"""Who may query the table of exact addresses at all; a name in a type is no reading."""

import re
from pathlib import Path

READS = re.compile(r"ExactAddress\s*[.(]|exactaddress|['\"]ExactAddress")
HOUSE = Path(__file__).resolve().parent.parent.parent
MAY = {
    "places/models.py",
    "places/actions/addresses.py",
    "accounts/actions/addresses.py",
    "accounts/actions/erasure.py",
    "accounts/actions/homes.py",  # compares the street inside the database
    "config/data_protection/words.py",  # what the table is called on a page
}


def test_only_the_address_actions_know_exact_addresses():
    sources = [path for floor in ("config", "messaging", "matching", "accounts", "places", "core")
               for path in (HOUSE / floor).rglob("*.py")]  # fmt: skip
    readers = {str(path.relative_to(HOUSE)) for path in sources if READS.search(path.read_text(encoding="utf-8"))}
    readers = {name for name in readers if "/migrations/" not in name and not name.startswith("config/demo/")}
    assert readers <= MAY
