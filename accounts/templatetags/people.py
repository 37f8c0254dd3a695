"""`{% load people %}`: skills and hours in the reader's language."""

from django import template

from accounts import skills, week
from accounts.actions.availability import Window
from accounts.models import Skill

register = template.Library()


@register.simple_tag
def skill_words(skill: Skill) -> dict[str, str]:
    """`name` and `hint` of a skill."""
    return {"name": skills.name(skill), "hint": skills.hint(skill)}


@register.filter
def skill_name(skill: Skill) -> str:
    return skills.name(skill)


@register.filter
def window_hours(window: Window) -> str:
    """ "14 bis 18 Uhr"."""
    return week.hours(window)
