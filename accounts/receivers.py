"""What accounts listens to."""

from typing import Any

from accounts.actions.skills import load_skills


def fill_skills(apps: Any, **_: Any) -> None:
    """After each `migrate` (and after a test emptied the tables) the skills are there."""
    try:
        model = apps.get_model("accounts", "Skill")
    except LookupError:  # migrated back to before there were skills
        return
    load_skills(model=model)
