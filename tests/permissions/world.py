"""One quarter in which every relation to Ada exists once: her helper, who was asked, who is gone, the curious."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from accounts.actions import badges
from accounts.models import (
    AvailabilityException,
    Block,
    CaseNote,
    FollowUp,
    KeepApart,
    RoleAssignment,
    Suspension,
    User,
    VolunteerProfile,
)
from accounts.sessions import EPOCH_KEY
from matching import actions
from matching.models import Appointment, CheckIn, Reminder, Round, Series
from messaging.models import Conversation, Notice, PushSubscription, Report
from tests import people
from tests.logins import logged_in
from tests.people import a_match, a_person, a_quarter, a_request, a_volunteer

NOBODY = "00000000-0000-4000-8000-000000000000"  # no thing has this key


@dataclass(eq=False)
class World:
    """`things`: real key by kind of thing. `sessions`: session key by kind of person, "" for nobody logged in."""

    things: dict[str, Any] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)


def build() -> World:
    world = World()
    _people(world)
    _things(world)
    world.sessions = {kind: _session(kind, world.people.get(kind)) for kind in KINDS}
    world.people["deleted"].delete()
    return world


# --- who ----------
def _worker(name: str, quarter: Any, **fields: Any) -> User:
    person = a_person(name, quarter, wants_help=False)
    RoleAssignment.objects.create(user=person, role="worker", quarter=quarter, **fields)
    return person


def _coordinator() -> User:
    person = a_person("Kora", wants_help=False)
    RoleAssignment.objects.create(user=person, role="coordinator")
    return person


def _former_worker() -> User:
    now = timezone.now()
    return _worker("Falk", a_quarter(), since=now - timedelta(days=90), until=now - timedelta(days=1))


def _far() -> Any:
    return a_quarter("Birkenau", west=7.1)


KINDS: dict[str, Callable[[], User] | None] = {
    "nobody": None,
    "resident": people.ada,
    "trusted": lambda: a_person("Tilda"),
    "distrusted": lambda: a_person("Timo"),
    "matched": people.ben,
    "asked": lambda: a_volunteer("Alma"),
    "proposed": lambda: a_volunteer("Pia"),
    "formerly": lambda: a_volunteer("Fritz"),
    "blocked": lambda: a_volunteer("Bodo"),
    "helper": lambda: a_volunteer("Vera"),
    "unwelcomed": lambda: a_volunteer("Uli", profile={"welcomed_at": None}),
    "far_helper": lambda: a_volunteer("Nils", _far()),
    "neighbour": people.dora,
    "far_resident": lambda: a_person("Rosa", _far()),
    "suspended": lambda: a_volunteer("Susi"),
    "deleted": lambda: a_person("Dieter"),
    "worker": people.cleo,
    "no_factor": lambda: _worker("Carla", a_quarter()),
    "far_worker": lambda: _worker("Egon", _far()),
    "former_worker": _former_worker,
    "coordinator": _coordinator,
    "operator": lambda: a_person("Otto", is_staff=True, is_superuser=True),
}


def _people(world: World) -> None:
    for kind, make in KINDS.items():
        if make:
            world.people[kind] = make()
    ada = world.people["resident"]
    people.trusts(ada, world.people["distrusted"], revoked_at=timezone.now())
    Block.objects.create(blocker=ada, blocked=world.people["blocked"])


def _session(kind: str, person: User | None) -> str:
    if person is None:
        return ""
    client = logged_in(person)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    if kind == "no_factor":
        bare = Client()
        bare.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return bare.cookies[settings.SESSION_COOKIE_NAME].value
    if kind == "suspended":
        assert client.session.get(EPOCH_KEY, 0) == person.auth_epoch
        User.objects.filter(pk=person.pk).update(suspended_at=timezone.now())
    return key


# --- what ----------
def _things(world: World) -> None:
    who, now = world.people, timezone.now()
    ada, ben = who["resident"], who["matched"]
    start = (now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    windows = [(start, start + timedelta(hours=4))]
    mine = {"by": ada, "windows": windows, "now": now, "description": "Kanarienvogel füttern"}
    wanted, waiting, over = (a_request(**mine) for _ in range(3))
    match = a_match(wanted, ben, state="confirmed")
    done = Round.objects.create(quarter=ada.quarter)
    trust = people.trusts(ada, who["trusted"])
    day = (start + timedelta(days=20)).date()
    visit = {"start": start, "end": start + timedelta(hours=1), "proposed_by": ben}
    appointment = Appointment.objects.create(match=match, **visit)
    badges.issue_badge(person_id=ben.pk, by=who["worker"], now=now)
    ended = a_match(over, who["formerly"], state="ended")
    proposed = a_match(waiting, who["proposed"])
    type(proposed).objects.filter(pk=proposed.pk).update(round=done)
    world.things = {
        "request": wanted.pk,
        "open_request": waiting.pk,
        "match": match.pk,
        "match_asked": a_match(waiting, who["asked"], state="asked").pk,
        "match_proposed": proposed.pk,
        "match_ended": ended.pk,
        "conversation": Conversation.objects.create(match=match, last_seq=1).pk,
        "conversation_ended": Conversation.objects.create(match=ended, closes_at=now - timedelta(days=1)).pk,
        "appointment": appointment.pk,
        "series": Series.objects.create(
            match=match, first_on=start.date(), start_minute=840, minutes=60, proposed_by=ben
        ).pk,
        "check_in": CheckIn.objects.create(match=match, person=ada, visit=1).pk,
        "reminder": Reminder.objects.create(
            appointment=appointment, person=ada, kind="day", by_phone=True, due_at=now
        ).pk,
        "round": done.pk,
        "quarter": ada.quarter_id,
        "person": ada.pk,
        "person_helping": ben.pk,
        "volunteer": who["helper"].pk,
        "trust": trust.pk,
        "away": AvailabilityException.objects.create(profile=ben.volunteer_profile, first_day=day, last_day=day).pk,
        "times": ben.volunteer_profile.availabilities.first().pk,
        "seq": 1,
        "suspension": Suspension.objects.create(
            user=who["suspended"],
            cause="conduct",
            reason="Kam nicht",
            proposed_by=who["worker"],
            deadline=now + timedelta(days=3),
        ).pk,
        "report": Report.objects.create(
            number="M-1", quarter=ada.quarter, reporter=ada, about=ben, kind="person", text="Kam nicht"
        ).pk,
        "notice": Notice.objects.create(
            person=ada, kind="accepted", event="test", about=match.pk, due_at=now, state="to_call", way="call"
        ).pk,
        "device": PushSubscription.objects.create(
            person=ada,
            label="Firefox, Android",
            endpoint="https://push.example.org/x",
            endpoint_sum="x",
            session="x",
            epoch=ada.auth_epoch,
        ).pk,
        "follow_up": FollowUp.objects.create(person=ada, text="Anrufen", due_on=day, made_by=who["worker"]).pk,
        "note": CaseNote.objects.create(person=ada, worker=who["worker"], sealed="x").pk,
        "blocked": who["blocked"].pk,
        "keep_apart": KeepApart.objects.create(owner=ada, label="Person 1", phone="x").pk,
        "secret": actions.make_calendar_feed(by=ada, now=now),
    }
    Conversation.objects.get(match=match).messages.create(seq=1, sender=ben, client_id=match.pk, body="Bis Dienstag")
    VolunteerProfile.objects.filter(user=who["asked"]).update(live_matches=1)
