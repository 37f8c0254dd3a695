"""`{% load matching_words %}`: names of skills in the reader's language, and how many of a group are chosen."""

from collections.abc import Collection, Iterable

from django import template

from accounts import skills
from accounts.models import Skill

register = template.Library()


@register.filter
def skill_name(skill: Skill) -> str:
    return skills.name(skill)


@register.filter
def chosen_among(members: Iterable[Skill], chosen: Collection[str]) -> int:
    """How many of these skills are among the chosen slugs."""
    return sum(skill.slug in chosen for skill in members)
