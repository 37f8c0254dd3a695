"""What every test of the talk needs before it starts."""

import pytest
from channels.layers import channel_layers


@pytest.fixture(autouse=True)
def _a_fresh_layer() -> None:
    """Each test has an event loop of its own; the Redis layer must not meet it with the connections of another."""
    channel_layers.backends.clear()
