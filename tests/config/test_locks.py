"""What is tested is what is served: the three locks name the same versions."""

import re

import pytest
from django.conf import settings


def pinned(name: str) -> dict[str, str]:
    text = (settings.BASE_DIR / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))


@pytest.mark.parametrize("larger", ["requirements-scale.txt", "requirements-dev.txt"])
def test_the_larger_locks_hold_what_the_service_holds(larger):
    served, more = pinned("requirements.txt"), pinned(larger)
    assert served
    assert {name: more.get(name) for name in served} == served
