"""The list of skills comes from a file and can be loaded again and again."""

import json
from pathlib import Path

from accounts.models import Skill

_FILE = Path(__file__).resolve().parent.parent / "data" / "skills.json"


def load_skills(*, model: type[Skill] = Skill) -> int:
    """
    Write every skill of `accounts/data/skills.json`; a second run changes nothing.

    `model` lets a migration pass its own state of the table. Skills that left the file stay: requests may name them.
    Returns the number of skills in the file.
    """
    rows = [model(**row) for row in json.loads(_FILE.read_text(encoding="utf-8"))]
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model._default_manager.bulk_create(rows, update_conflicts=True, unique_fields=["slug"], update_fields=fields)
    return len(rows)
