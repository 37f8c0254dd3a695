"""Groups of everyday skills, which of them are offered, and how one is named in the reader's language."""

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Skill

GROUPS = {
    "wege": _("Einkaufen und Wege"),
    "begleiten": _("Begleiten"),
    "haus": _("Haus und Garten"),
    "technik": _("Technik"),
    "papier": _("Papier und Ämter"),
    "gesellschaft": _("Gesellschaft"),
    "lernen": _("Lernen und Sprachen"),
    "kinder": _("Kinder und Familie"),
    "tiere": _("Tiere"),
    "telefon": _("Am Telefon"),
}
NEVER = "nicht"  # the group of what we do not broker; its hints say whom to call instead


def offered() -> QuerySet[Skill]:
    """What a volunteer may offer and a resident may ask for, in the order of the page."""
    return Skill.objects.filter(never_brokered=False)


def refused() -> QuerySet[Skill]:
    """What we never broker; each with a hint whom to call."""
    return Skill.objects.filter(never_brokered=True)


def name(skill: Skill) -> str:
    """The skill's name in the active language."""
    return skill.name_en if _speaks_english() else skill.name_de


def hint(skill: Skill) -> str:
    """The skill's short explanation in the active language, or ""."""
    return skill.hint_en if _speaks_english() else skill.hint_de


def in_groups(skills: list[Skill] | None = None) -> list[tuple[str, list[Skill]]]:
    """(name of the group, its offered skills) in the order of the page; empty groups are left out."""
    rows = list(offered()) if skills is None else skills
    grouped = [(title, [skill for skill in rows if skill.group == slug]) for slug, title in GROUPS.items()]
    return [(str(title), members) for title, members in grouped if members]


def _speaks_english() -> bool:
    return (get_language() or "de").startswith("en")
