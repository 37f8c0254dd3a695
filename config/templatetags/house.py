"""What the components of `templates/components/` need to know about fields and states."""

from typing import Any

from django import template
from django.forms import BoundField, CheckboxInput, Select, Textarea
from django.utils.safestring import SafeString

from config.words import match_words, request_words

register = template.Library()


@register.simple_tag
def prepare_field(field: BoundField, *, hint: str = "", autocomplete: str = "") -> dict[str, Any]:
    """
    What `components/field.html` draws: `control` (the widget with KERN's class and its descriptions), `kind`
    ("line", "tick" or "group"), `hint`, `hint_id`, `described_by`, `optional`.
    """
    hint = hint or str(field.help_text)
    hint_id = f"{field.auto_id}_helptext"
    error_id = f"{field.auto_id}_error"
    described_by = " ".join([hint_id] * bool(hint) + [error_id] * bool(field.errors))
    kind = _kind(field)
    return {
        "kind": kind,
        "hint": hint,
        "hint_id": hint_id,
        "described_by": described_by,
        "optional": not field.field.required and kind != "tick",
        "control": _control(field, kind, described_by, autocomplete),
    }


def _kind(field: BoundField) -> str:
    if field.use_fieldset:
        return "group"
    return "tick" if isinstance(field.field.widget, CheckboxInput) else "line"


def _control(field: BoundField, kind: str, described_by: str, autocomplete: str) -> SafeString:
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    attrs: dict[str, Any] = {"class": f"{own} {_kern_class(widget)}".strip()} if kind != "group" else {}
    if described_by and kind != "group":
        attrs["aria-describedby"] = described_by
    if widget.attrs.get("placeholder") == field.label:
        attrs["placeholder"] = False  # says the label twice, and too pale
    if autocomplete:
        attrs["autocomplete"] = autocomplete
    return field.as_widget(attrs=attrs)


def _kern_class(widget: object) -> str:
    if isinstance(widget, CheckboxInput):
        return ""  # the browser's own box, coloured by accent-color: it grows with the type and obeys forced colours
    if isinstance(widget, Select):
        return "kern-form-input__select"
    return "kern-form-input__input textarea" if isinstance(widget, Textarea) else "kern-form-input__input"


@register.simple_tag
def state_in_words(thing: Any, to: str = "") -> dict[str, Any]:
    """`label`, `tone`, `icon` of a HelpRequest or Match, said to "resident", "volunteer" or "worker" (the default)."""
    words = match_words if hasattr(thing, "volunteer_id") else request_words
    return {**words(thing.state, to=to or "worker")}
