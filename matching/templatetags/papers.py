"""`{% load papers %}`: what can be printed about a thing, now."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils import timezone

from accounts.actions.badges import running_badge
from accounts.models import Badge, User
from accounts.reach import only_by_phone
from matching.calls import CallLine
from matching.desk import letter_list
from matching.paper import reading
from places.models import Quarter

register = template.Library()


@register.simple_tag
def letters_about(thing: reading.Thing, own_quarters: Collection[UUID] = ()) -> list[dict[str, Any]]:
    """`label`, `person`, `href` of each letter to somebody of the worker's quarters who reads no screen."""
    return [
        {
            "label": letter.label,
            "person": person,
            "href": reverse("desk:letter", args=[letter.key, letter.to, thing.pk]),
        }
        for letter, person in reading.letters_about(thing, now=timezone.now())
        if person.quarter_id in own_quarters and only_by_phone(person)
    ]


@register.simple_tag
def letter_for(line: CallLine, own_quarters: Sequence[Quarter]) -> str:
    """Address of the letter that says what this line of the call list says; "" where there is none."""
    return letter_list.letters_for([line], quarters=own_quarters, now=timezone.now()).get(line.key, "")


@register.simple_tag
def badge_of(person: User) -> Badge | None:
    """The badge they could show today."""
    return running_badge(person, now=timezone.now())
