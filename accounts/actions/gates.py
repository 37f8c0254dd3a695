"""The city's rules of trust, changed by a coordinator: each change is a new version with a reason."""

import logging
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles, trust
from accounts.models import AgeRules, GateMatrix, PledgeText, Skill, User
from core.database import clash_means
from core.errors import Invalid, NotAllowed, StaleScreen

_log = logging.getLogger("gemeinsinn.accounts")


@transaction.atomic
def change_gates(
    *,
    by: User,
    now: datetime,
    groups: dict[str, list[str]],
    kinds: dict[str, list[str]],
    months: dict[str, int],
    renew_days: dict[str, int],
    note: str,
) -> GateMatrix:
    """
    From now on this help needs these steps; what is confirmed already stays, and is looked at on its day.

    `groups`, `kinds`: group or kind of help -> steps. `months`, `renew_days`: step -> number. Raises NotAllowed
    (coordinators only), Invalid (unknown step, no reason), StaleScreen (somebody changed it this moment).
    """
    _coordinator(by)
    _known([*groups.values(), *kinds.values(), list(months), list(renew_days)], set(trust.STEPS))
    if unknown := set(kinds) - set(Skill.objects.values_list("slug", flat=True)):
        raise Invalid(fields={"kinds": sorted(unknown)})
    fields: dict[str, Any] = {"groups": groups, "kinds": kinds, "months": months, "renew_days": renew_days}
    return _next(GateMatrix, by=by, now=now, note=_reason(note), **fields)


@transaction.atomic
def return_to_gates(*, number: int, by: User, now: datetime) -> GateMatrix:
    """An earlier version counts again, as a new one. 0: as the product brings it. Raises NotAllowed, Invalid."""
    _coordinator(by)
    row = GateMatrix.objects.filter(number=number).first()
    if row is None and number:
        raise Invalid
    said = _("Zurück zu Fassung %(number)s") % {"number": number}
    built_in: dict[str, Any] = {"groups": {}, "kinds": {}, "months": trust.MONTHS, "renew_days": trust.RENEW_DAYS}
    fields = {name: getattr(row, name) for name in built_in} if row else built_in
    return _next(GateMatrix, by=by, now=now, note=said, **fields)


@transaction.atomic
def change_youth_rules(
    *, by: User, now: datetime, since: date, bands: list[dict[str, Any]], breaks: list[list[str]], note: str
) -> AgeRules:
    """
    Other figures for helpers under 18 from a day on, today at the earliest. Raises NotAllowed, Invalid, StaleScreen.

    `bands`: as `accounts.youth.Band`; `breaks`: school holidays as [first, last] in ISO days.
    """
    _coordinator(by)
    if since < timezone.localdate(now):
        raise Invalid(fields={"since": [_("Das geht frühestens ab heute.")]})
    for band in bands:
        if not 0 <= band["first_minute"] < band["last_minute"] <= 1440:
            raise Invalid(fields={"since": [_("Das Ende muss nach dem Anfang liegen.")]})
    return _next(AgeRules, by=by, now=now, since=since, bands=bands, breaks=breaks, note=_reason(note))


@transaction.atomic
def change_pledge(*, by: User, now: datetime, text_de: str, text_en: str = "") -> PledgeText:
    """A new text; who signed an older one signs anew when their year is over. Raises NotAllowed, Invalid."""
    _coordinator(by)
    if not text_de.strip():
        raise Invalid(fields={"text_de": [_("Bitte schreiben Sie den Text.")]})
    return _next(PledgeText, by=by, now=now, least=2, text_de=text_de.strip(), text_en=text_en.strip())


def _coordinator(by: User) -> None:
    if not roles.is_coordinator(by):
        raise NotAllowed


def _known(lists: list[list[str]], steps: set[str]) -> None:
    if any(set(some) - steps for some in lists):
        raise Invalid(fields={"steps": [_("Diesen Schritt kennen wir nicht.")]})


def _reason(note: str) -> str:
    if not note.strip():
        raise Invalid(fields={"note": [_("Bitte schreiben Sie kurz, warum. Das steht bei der Fassung.")]})
    return note.strip()[:200]


def _next(model: type[Model], *, by: User, now: datetime, least: int = 1, **fields: Any) -> Any:
    """The next version; two at the same moment clash on the number."""
    last = model._default_manager.aggregate(last=Max("number"))["last"] or 0
    with clash_means(StaleScreen):
        row = model._default_manager.create(number=max(last + 1, least), by=by, at=now, **fields)
    _log.info("rules changed model=%s number=%s by=%s", model._meta.model_name, row.pk, by.pk)
    return row
