"""Who acted for a resident because the resident named them: said wherever the story is told, also once it is over."""

from datetime import datetime

from django.utils.translation import gettext

from accounts.models import TrustedPerson, User


class Acting:
    """The people a resident ever trusted, with the time for which it held. One query, when it is first asked."""

    def __init__(self, resident: User) -> None:
        self._resident = resident
        self._rows: list[TrustedPerson] | None = None

    def was_trusted(self, person: User | None, at: datetime) -> bool:
        """Did this person act for the resident at that moment, as somebody they trust?"""
        if person is None or person.pk == self._resident.pk:
            return False
        if self._rows is None:
            self._rows = list(TrustedPerson.objects.ever_acting().filter(resident=self._resident))
        own = (row for row in self._rows if row.person_id == person.pk and row.agreed_at and row.agreed_at <= at)
        return any(row.revoked_at is None or at <= row.revoked_at for row in own)

    def named(self, person: User | None, at: datetime) -> str:
        """The name, marked where it is a trusted person; "" for the house itself."""
        if person is None:
            return ""
        if not self.was_trusted(person, at):
            return person.full_name
        return gettext("%(name)s als Vertrauensperson") % {"name": person.full_name}
