"""`{% load charts %}`: small drawings made on the server; the same numbers stand in words beside them."""

from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("desk/_before_after.html")
def before_after(row: Any) -> dict[str, Any]:
    """Two bars under each other. `row`: as `matching.desk.weights.Row`; `bars` in percent of the longest."""
    return {"row": row}
