"""Every icon a skill or a template names is drawn in the sprite."""

import json
import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def drawn() -> set[str]:
    return set(re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/icons/sprite.svg").read_text()))


def test_every_icon_is_drawn_once():
    found = re.findall(r'<symbol id="([a-z-]+)"', (ROOT / "static/icons/sprite.svg").read_text())
    assert len(found) == len(set(found))


def test_icons_of_skills_are_drawn():
    skills = json.loads((ROOT / "accounts/data/skills.json").read_text())
    assert {skill["icon"] for skill in skills} <= drawn()


def test_icons_named_in_templates_are_drawn():
    named = set()
    for page in (ROOT / "templates").rglob("*.html"):
        text = page.read_text()
        named |= set(re.findall(r'components/icon.html" with name="([a-z-]+)"', text))
        named |= set(re.findall(r'\bicon="([a-z-]+)"', text))
    assert named <= drawn(), named - drawn()
