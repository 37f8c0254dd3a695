"""How a suspended person hears of it: by a mail without content and a link of their own, else by the office."""

from datetime import datetime
from functools import partial

from allauth.account.adapter import get_adapter
from django.db import transaction

from accounts.models import Suspension, User


def tell_suspended(row: Suspension, *, token: str, now: datetime) -> None:
    """Mail after commit to whoever reads mail; everybody else waits on the desk ("told_at" stays None)."""
    person = row.user
    if person.email and person.channel == User.Channel.ONLINE and person.is_active:
        Suspension.objects.filter(pk=row.pk).update(told_at=now, told_by=None)
        row.told_at = now
        transaction.on_commit(partial(_mail, person, token))


def _mail(person: User, token: str) -> None:
    get_adapter().render_mail("accounts/email/decision", person.email, {"user": person, "token": token}).send()
