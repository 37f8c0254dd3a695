"""Doors for the attackers; each begins with limits that nobody has used."""

from tests.api.conftest import _fresh_throttles, door  # noqa: F401 - fixtures
