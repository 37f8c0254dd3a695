"""The world of the permission tables, for whoever looks at it with bad intent."""

from tests.permissions.conftest import world  # noqa: F401 - a fixture
