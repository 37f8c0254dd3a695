"""`{% load words %}`: days, times and quantities in words, seen from now."""

from datetime import date, datetime, time

from django import template
from django.utils import timezone

from core import words

register = template.Library()


@register.filter
def day(value: date | datetime | None) -> str:
    """A day or the local day of a moment: "heute", "Dienstag, 3. Juni"."""
    if not value:
        return ""
    there = timezone.localdate(value) if isinstance(value, datetime) else value
    return words.day_in_words(there, today=timezone.localdate())


@register.filter
def moment(value: datetime | None) -> str:
    """ "Dienstag, 3. Juni, 14 Uhr"."""
    return words.moment_in_words(value, today=timezone.localdate()) if value else ""


@register.filter
def clock(value: datetime | time | None) -> str:
    """ "14:30 Uhr"."""
    if not value:
        return ""
    return words.clock_in_words(timezone.localtime(value).time() if isinstance(value, datetime) else value)


@register.filter
def until(start: datetime | None, end: datetime | None) -> str:
    """`{{ slot.start|until:slot.end }}`: "morgen, 10 bis 14 Uhr"."""
    return words.span_in_words(start, end, today=timezone.localdate()) if start and end else ""


@register.filter
def minutes(value: int | None) -> str:
    """ "1 Stunde 30 Minuten"."""
    return words.minutes_in_words(value) if value is not None else ""


@register.filter
def count(value: int) -> str:
    """ "drei"; from 13 on as figures."""
    return words.count_in_words(value)


@register.filter
def listed(value: list[str]) -> str:
    """ "Einkaufen, Vorlesen und Kochen"."""
    return words.list_in_words(list(value))
