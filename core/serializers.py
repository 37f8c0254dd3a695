"""Shapes shared by every app: input that refuses what it does not know, moments within our century."""

import re
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.request import Request

from core import series

FIRST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2100, 1, 1, tzinfo=UTC)
BEGINNING = re.compile(r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z")  # nothing begins at the end of a day
CLOCK = re.compile(r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)\Z")


class Input(serializers.Serializer):
    """What a client sends. A field nobody reads is refused: silence would look like success."""

    def to_internal_value(self, data: Any) -> dict:
        if isinstance(data, dict):
            unknown = sorted(str(name)[:60] for name in set(data) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("Dieses Feld gibt es hier nicht.")] for name in unknown[:10]}
                )
        return super().to_internal_value(data)


class BySlug(serializers.SlugRelatedField):
    """A row by its slug. PostgreSQL refuses to compare a text with zero bytes, so what is no slug never gets there."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not re.fullmatch(r"[-a-zA-Z0-9_]{1,120}", data):
            self.fail("does_not_exist", slug_name=self.slug_field, value=str(data)[:60].replace("\x00", ""))
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A moment with offset between 2000 and 2100: arithmetic with it never leaves the calendar."""

    def to_internal_value(self, value: Any) -> datetime:
        try:
            moment = super().to_internal_value(value)
        except OverflowError as beyond:
            raise serializers.ValidationError(_("Dieser Zeitpunkt ist zu weit weg.")) from beyond
        if not FIRST_MOMENT <= moment <= LAST_MOMENT:
            raise serializers.ValidationError(_("Dieser Zeitpunkt ist zu weit weg."))
        return moment


class Day(serializers.DateField):
    """A day between 1900 and 2100."""

    def to_internal_value(self, value: Any) -> Any:
        day = super().to_internal_value(value)
        if not 1900 <= day.year <= LAST_MOMENT.year:
            raise serializers.ValidationError(_("Dieser Tag ist zu weit weg."))
        return day


class Languages(serializers.ListField):
    """ISO 639-1 codes, at most twelve."""

    child = serializers.RegexField(r"^[a-z]{2,3}\Z", max_length=3)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 12} | kwargs)


class Repeating(Input):
    """A weekly window that may be a series; the fields `weekday`, `start` and `end` come from whoever uses it."""

    rule = serializers.CharField(
        max_length=series.LONGEST,
        allow_blank=True,
        required=False,
        help_text="RRULE of a series: FREQ=WEEKLY with INTERVAL, or FREQ=MONTHLY with BYDAY=1TU (1 to 4, -1), each "
        "with UNTIL=YYYYMMDD or COUNT; empty: every week",
    )
    since = Day(required=False, allow_null=True, help_text="the day from which a rule counts")

    def validate(self, window: dict) -> dict:
        rule = window.get("rule", "")
        try:
            if rule:
                series.agreed(rule, window.get("since"), window["weekday"])
        except series.NoFirstDay as wrong:
            raise serializers.ValidationError({"since": [wrong.detail]}) from wrong
        except series.BadRule as wrong:
            raise serializers.ValidationError({"rule": [wrong.detail]}) from wrong
        return window


def some(form: type[serializers.Serializer], request: Request) -> dict:
    """
    Like `checked`, with any of the fields left out and no default put in: for PATCH.

    Not REST framework's `partial`, which would also let nested objects come without their fields.
    """
    said = form(data=request.data, context={"request": request})
    for field in said.fields.values():
        field.required, field.default = False, empty
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


def checked(form: type[serializers.Serializer], request: Request) -> dict:
    """The body as `form` understands it. Raises ValidationError, which becomes 400 with fields."""
    said = form(data=request.data, context={"request": request})
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)


@extend_schema_field({"type": "string", "pattern": r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", "example": "09:30"})
class Clock(serializers.Field):
    """A local time of day "HH:MM" (or "24:00"), kept as minutes since midnight."""

    default_error_messages = {"clock": _("Bitte eine Uhrzeit wie 09:30 angeben.")}

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, str) or not CLOCK.match(data):
            self.fail("clock")
        return int(data[:2]) * 60 + int(data[3:])

    def to_representation(self, minutes: int) -> str:
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
