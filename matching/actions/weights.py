"""A quarter's weights are changed by its workers: each change is a new version, none is ever overwritten."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from core.database import find
from core.errors import Invalid
from matching import scoring
from matching.models import Weighing


@transaction.atomic
def switch_on_weights(
    *, quarter_id: object, by: User, now: datetime, weights: Mapping[str, Any], note: str = ""
) -> Weighing:
    """
    From now on these weights count in the quarter; pairs that exist stay. An earlier version returns the same way.

    `weights`: part of the fit -> weight, all parts. Raises NotVisible for a quarter that is not the worker's, Invalid.
    """
    quarter = find(roles.quarters_of(by).select_for_update(of=("self",)), quarter_id)
    wanted = checked_weights(weights)
    newest = Weighing.objects.filter(quarter=quarter).order_by("-number").first()
    number = newest.number + 1 if newest else 1
    return Weighing.objects.create(
        quarter=quarter, number=number, weights=wanted, note=note.strip()[:200], by=by, at=now
    )


def checked_weights(weights: Mapping[str, Any]) -> dict[str, float]:
    """The weights in the usual order, in whole steps. Raises Invalid with a sentence per part."""
    wrong = {part: [_sentence(part)] for part in weights.keys() | scoring.WEIGHTS if not _fits(part, weights)}
    if wrong:
        raise Invalid(fields=wrong)
    found = {part: round(float(weights[part]), 2) for part in scoring.WEIGHTS}
    if not any(found.values()):
        raise Invalid(fields={"weights": [_("Mindestens ein Gewicht muss größer als 0 sein.")]})
    return found


def _fits(part: str, weights: Mapping[str, Any]) -> bool:
    value = weights.get(part)
    if part not in scoring.WEIGHTS or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return scoring.fits_bounds(float(value))


def _sentence(part: str) -> str:
    if part not in scoring.WEIGHTS:
        return _("Dieses Gewicht gibt es nicht.")
    return _("Bitte geben Sie eine Zahl zwischen 0 und 1 an, in Schritten von 0,01.")
