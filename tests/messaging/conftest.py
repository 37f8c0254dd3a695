"""What every test of the talk needs before it starts."""

import pytest

from messaging import consumers
from messaging.actions import messages
from messaging.limits import Pace


@pytest.fixture(autouse=True)
def _no_pace(monkeypatch):
    """Tests write faster than people; `test_pace.py` has a pace of its own."""
    pace = Pace(100_000)
    monkeypatch.setattr(messages, "pace", pace)
    monkeypatch.setattr(consumers, "pace", pace)
