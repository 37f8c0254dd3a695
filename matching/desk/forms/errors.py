"""The sentences of a verb, shown beside the fields they speak of."""

from typing import TypeVar

from django import forms

from core.errors import HouseError

_Form = TypeVar("_Form", bound=forms.BaseForm)
# Where a verb's word for a field is another than the form's.
_SHOWN_AT = {"windows": "day_1", "weekly": "weekdays", "house_id": "house"}


def with_error(form: _Form, error: HouseError) -> _Form:
    """The bound form with what the verb found wrong; fields the form does not have speak above it."""
    form.is_valid()
    for name, lines in (error.fields or {"": [error.detail]}).items():
        shown = _SHOWN_AT.get(name, name)
        form.add_error(shown if shown in form.fields else None, list(lines))
    return form
