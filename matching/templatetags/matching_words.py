"""`{% load matching_words %}`: names of skills in the reader's language, and how many of a group are chosen."""

from collections.abc import Collection, Iterable

from django import template

from accounts import skills
from accounts.models import Skill
from matching.desk.story import OF_THE_HOUSE

register = template.Library()


@register.filter
def skill_name(skill: Skill) -> str:
    return skills.name(skill)


@register.filter
def of_the_house(reason: str) -> str:
    """Why something ended: in words where a verb gave the reason, else as somebody wrote it."""
    return str(OF_THE_HOUSE.get(reason, reason))


@register.filter
def chosen_among(members: Iterable[Skill], chosen: Collection[str]) -> int:
    """How many of these skills are among the chosen slugs."""
    return sum(skill.slug in chosen for skill in members)
