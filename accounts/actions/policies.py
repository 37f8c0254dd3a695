"""How a quarter works is changed by its workers."""

import logging
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import roles
from accounts.models import User
from core.database import find
from core.errors import Invalid
from places.models import Border, Quarter, QuarterPolicy

POLICY_FIELDS = frozenset(field.name for field in QuarterPolicy._meta.fields)

_log = logging.getLogger("gemeinsinn.accounts")


@transaction.atomic
def change_policy(*, quarter_id: object, by: User, now: datetime, policy: dict[str, Any]) -> Quarter:
    """
    New numbers for one quarter, from now on; deadlines that run already stay.

    `policy`: any fields of QuarterPolicy. Raises NotVisible for a quarter that is not the worker's, Invalid.
    """
    quarter = find(roles.quarters_of(by).select_for_update(of=("self",)), quarter_id)
    wanted = {name: value for name, value in policy.items() if name in POLICY_FIELDS}
    for name, value in wanted.items():
        setattr(quarter, name, value)
    try:
        quarter.clean_fields(exclude={field.name for field in Quarter._meta.fields} - set(wanted))
    except ValidationError as wrong:
        raise Invalid(fields=wrong.message_dict) from wrong
    quarter.save(update_fields=sorted(wanted))
    _log.info("policy changed quarter=%s by=%s at=%s", quarter.pk, by.pk, now.isoformat())
    return quarter


@transaction.atomic
def open_border(*, quarter_id: object, neighbour_id: object, admitted: bool | None, by: User, now: datetime) -> Border:
    """
    Helpers of one neighbouring quarter may (True) or may not (False) come; None: as the policy says for all of them.

    Raises NotVisible for a quarter that is not the worker's, or one that does not touch it.
    """
    quarter = find(roles.quarters_of(by), quarter_id)
    neighbour = find(Quarter.objects.filter(pk__in=quarter.borders.values("neighbour")), neighbour_id)
    border = quarter.borders.get(neighbour=neighbour)
    border.admitted = admitted
    border.save(update_fields=["admitted"])
    _log.info(
        "border changed quarter=%s neighbour=%s admitted=%s by=%s at=%s",
        quarter.pk, border.neighbour_id, admitted, by.pk, now.isoformat(),
    )  # fmt: skip
    return border
