"""What the runner itself asks the database, in threads of its own: people before the faults, rows after them."""

import os
from collections.abc import Callable
from functools import wraps
from typing import Any

from bench._talks import Talker
from tests.faults.history import Books, Stored

TALKING, MEETING = 8, 4  # the first people have devices, the next ones meet; all others are the crowd


def _asked(work: Callable) -> Callable:
    """Runs with Django set up for the house of this run; leaves no connection behind."""

    @wraps(work)
    def run(*args: Any) -> Any:
        from django.db import connections

        try:
            return work(*args)
        finally:
            connections.close_all()

    return run


@_asked
def settle(count: int) -> list[Talker]:
    """`count` people, two and two in a talk; those who are watched have addresses, mail and a helper's profile."""
    import django
    from django.apps import apps
    from django.core.management import call_command

    if not apps.ready:
        django.setup()
    _point_here()
    call_command("migrate", verbosity=0)
    from bench._talks import talkers

    found = talkers(count)
    _furnish(found[: TALKING + MEETING])
    return found


def _furnish(people: list[Talker]) -> None:
    from accounts.models import User, VolunteerProfile
    from matching.models import HelpRequest
    from tests.people import NOW, a_place, a_quarter

    for one in people[1::2]:
        VolunteerProfile.objects.create(user_id=one.person, radius_m=5000, hours_per_week=6, welcomed_at=NOW)
    for index, one in enumerate(people):
        User.objects.filter(pk=one.person).update(email=f"{'talks' if index < TALKING else 'meets'}{index}@example.org")
    for request in HelpRequest.objects.filter(resident__in=[one.person for one in people]):
        request.place = a_place(a_quarter())
        request.save(update_fields=["place"])


def _point_here() -> None:
    """The second set-up of one command runs in a process whose Django knows the first; its threads are new."""
    import environ
    from django.conf import settings
    from django.db import connections

    wanted = environ.Env.db_url_config(os.environ["DATABASE_URL"])
    connections.close_all()
    options = {} if "sqlite" not in wanted["ENGINE"] else settings.DATABASES["default"].get("OPTIONS", {})
    settings.DATABASES["default"].update(wanted | {"OPTIONS": options})
    connections.settings = connections.configure_settings(settings.DATABASES)


@_asked
def matches(people: list[Talker]) -> dict[str, str]:
    """Talk -> its match."""
    from messaging.models import Conversation

    rows = Conversation.objects.filter(pk__in={one.talk for one in people})
    return {str(talk): str(match) for talk, match in rows.values_list("pk", "match")}


@_asked
def stored(talks: list[str]) -> list[Stored]:
    from messaging.models import Message

    rows = Message.objects.filter(conversation__in=talks).order_by("conversation", "seq")
    fields = ("conversation", "seq", "client_id", "sender", "body", "stored_at", "deletes", "deleted_at")
    return [
        Stored(str(talk), seq, str(key), str(who), body, at.timestamp(), deletes or 0, gone is not None)
        for talk, seq, key, who, body, at, deletes, gone in rows.values_list(*fields)
    ]


@_asked
def last_seqs() -> dict[str, int]:
    from messaging.models import Conversation

    return {str(key): seq for key, seq in Conversation.objects.values_list("pk", "last_seq")}


@_asked
def end_session(talker: Talker) -> None:
    from django.contrib.sessions.models import Session

    Session.objects.filter(session_key=talker.cookie.split("=")[1]).delete()


@_asked
def books() -> Books:
    """Appointments, slots, matches and readings as they are after all."""
    from accounts.models import AddressReading
    from matching.models import Appointment, BookedSlot, Match

    agreed = Appointment.objects.values_list("pk", "state", "match__resident", "match__volunteer", "start", "end")
    return Books(
        visits={
            str(key): (state, (str(one), str(other)), start.timestamp(), end.timestamp())
            for key, state, one, other, start, end in agreed
        },
        slots=[(str(who), start.timestamp()) for who, start in BookedSlot.objects.values_list("person", "start")],
        ended={str(key) for key in Match.objects.exclude(state="confirmed").values_list("pk", flat=True)},
        readings=[(str(who), str(match)) for who, match in AddressReading.objects.values_list("reader", "match_id")],
        unread=_unread(),
    )


def _unread() -> dict[str, int]:
    """E-mail address -> messages of others, not taken back, that this person has not read."""
    from messaging.models import Conversation, Mark, Message

    found: dict[str, int] = {}
    talks = Conversation.objects.filter(match__resident__email__startswith="talks")
    for talk in talks.select_related("match__resident", "match__volunteer"):
        for person in (talk.match.resident, talk.match.volunteer):
            mark = Mark.objects.filter(conversation=talk, person=person).first()
            spoken = Message.objects.spoken().filter(conversation=talk, deleted_at=None)
            rows = spoken.filter(seq__gt=mark.read_seq if mark else 0)
            found[person.email] = rows.exclude(sender=person).count()
    return found
