"""The notes which the database leaves whenever something about a volunteer changes, asked two small questions."""

from collections.abc import Collection
from uuid import UUID

from accounts.models import VolunteerChange


def newest() -> int:
    """The number of the last note; what comes later has a higher one."""
    return VolunteerChange.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def changed_since(note: int, volunteers: Collection[UUID]) -> bool:
    """Did anything about one of these people change after this note?"""
    return VolunteerChange.objects.filter(pk__gt=note, user_id__in=list(volunteers)).exists()
