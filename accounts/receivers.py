"""What accounts listens to."""

from typing import Any

from django.apps import apps as global_apps

from accounts.actions.skills import load_skills


def fill_skills(apps: Any = global_apps, **_: Any) -> None:
    """After each `migrate` (and after a test emptied the tables) the skills are there."""
    try:
        model = apps.get_model("accounts", "Skill")
    except LookupError:  # migrated back to before there were skills
        return
    load_skills(model=model)
