"""What messaging hears from the floors below. Connected in `MessagingConfig.ready()`."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from messaging.wake import wake


def hear_session_ended(sender: type, instance: Session, **_: Any) -> None:
    """Logged out, ended from the list of sessions, or the password changed: its sockets look again at once."""
    try:
        person_id = UUID(str(instance.get_decoded().get(SESSION_KEY, "")))
    except ValueError:  # a session of nobody
        return
    transaction.on_commit(partial(wake, [person_id], {"type": "recheck"}))
