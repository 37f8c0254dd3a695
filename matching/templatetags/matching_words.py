"""`{% load matching_words %}`: names of skills in the reader's language."""

from django import template

from accounts import skills
from accounts.models import Skill

register = template.Library()


@register.filter
def skill_name(skill: Skill) -> str:
    return skills.name(skill)
