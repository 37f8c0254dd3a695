"""Pairs with an open talk and a running session each, written straight into the database."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bench._house import NOW


@dataclass(frozen=True)
class Talker:
    """One person with a session; `cookie` as the browser sends it."""

    person: UUID
    talk: UUID
    cookie: str


def talkers(count: int) -> list[Talker]:
    """`count` people, each two neighbours in the list being the two of one talk."""
    from accounts.models import User
    from matching import states
    from matching.models import HelpRequest, Match
    from messaging.models import Conversation
    from tests.people import a_quarter

    quarter = a_quarter()
    people = User.objects.bulk_create(
        User(first_name=f"P{index}", quarter=quarter, languages=["de"], password="!") for index in range(count)
    )
    pairs = list(zip(people[::2], people[1::2], strict=True))
    requests = HelpRequest.objects.bulk_create(
        HelpRequest(
            resident=one,
            quarter=quarter,
            entered_by=one,
            state=states.FILLED,
            open_since=NOW,
            timing=HelpRequest.Timing.DATED,
            duration_minutes=60,
            consent="self",
            accepted_helpers=1,
            confirmed_helpers=1,
        )
        for one, _ in pairs
    )
    moments = {"proposed_at": NOW, "asked_at": NOW, "accepted_at": NOW, "confirmed_at": NOW}
    matches = Match.objects.bulk_create(
        Match(
            request=request,
            resident=one,
            volunteer=other,
            state=states.CONFIRMED,
            origin=Match.Origin.HAND,
            deadline=NOW + timedelta(days=2),
            **moments,
        )
        for request, (one, other) in zip(requests, pairs, strict=True)
    )
    talks = Conversation.objects.bulk_create(Conversation(match=match, opened_at=NOW) for match in matches)
    cookies = _sessions(people)
    return [
        Talker(person.pk, talks[index // 2].pk, cookie)
        for index, (person, cookie) in enumerate(zip(people, cookies, strict=True))
    ]


def _sessions(people: list) -> list[str]:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone
    from django.utils.crypto import get_random_string

    until, rows = timezone.now() + timedelta(days=1), []
    signature = people[0].get_session_auth_hash()  # of the same unusable password for all
    for person in people:
        data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: signature,
            "auth_epoch": 0,
        }
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        rows.append(Session(session_key=key, session_data=SessionStore().encode(data), expire_date=until))
    Session.objects.bulk_create(rows, batch_size=500)
    return [f"{settings.SESSION_COOKIE_NAME}={row.session_key}" for row in rows]
