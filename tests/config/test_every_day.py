"""
730 single days: of every table that declares an end, the rows go on that day - not earlier, not later.

All of it happens half an hour after midnight in the night the clocks go forward, when it is still yesterday in UTC; the
walk crosses four changes of the clock and 29 February 2028. The days below are those of the `until` of each model,
written down a second time: who changes one has to change the other.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.actions import apart, availability, badges, casework, claims, looks, parents, suspensions, trust, vetting
from accounts.actions import people as accounts
from accounts.models import RoleAssignment, User
from config.data_protection.declared import personal
from config.forgetting import forget, remove_ended_logins
from core.limits import count_up
from core.models import StoredAnswer
from matching import actions
from matching.calls import verbs as calls
from matching.models import HelpRequest
from messaging import actions as talk
from messaging.models import PushSubscription
from messaging.tickets import issue_ticket
from tests import people
from tests.logins import logged_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)  # 00:30 on the 29th here
DAY = date(2026, 3, 29)
BEFORE = NOW - timedelta(days=2)
DAYS = 740
YEAR, STAYS = 365, None
# Label -> (`until` as declared, last day it is kept, counted from DAY). STAYS: longer than this walk.
PROMISED: dict[str, tuple[str, int | None]] = {
    "accounts.AccessCode": ("a month", 31),
    "accounts.AddressReading": ("three years", STAYS),
    "accounts.AvailabilityException": ("after the day has passed", 10),  # the last of its days
    "accounts.Badge": ("90 days after its end", 90),
    "accounts.CaseNote": ("two years after it was written", 730),
    "accounts.FollowUp": ("one year after the day", 5 + YEAR),
    "accounts.HandOver": ("one year after its end", YEAR),
    "accounts.Look": ("one year", YEAR),
    "accounts.ParentConsent": ("90 days after its end", 90),
    "accounts.Suspension": ("one year after its end", YEAR),
    "accounts.SuspensionEvent": ("with the suspension", YEAR),
    "accounts.VolunteerProfile": ("90 days after they stopped helping, else two years after the last use", 90),
    "accounts.OfferedSkill": ("with the profile", 90),
    "accounts.Availability": ("with the profile", 90),
    "accounts.Vetting": ("90 days after the end", 90),
    "core.StoredAnswer": ("two days", 2),
    "matching.Appointment": ("one year after it", YEAR - 1),
    "matching.BookedSlot": ("with the appointment", YEAR - 1),
    "matching.Call": ("half a year", 182),
    "matching.CheckIn": ("one year", YEAR - 1),
    "matching.HelpRequest": ("one year after its end", YEAR),
    "matching.RequestEvent": ("with the request", YEAR),
    "matching.RequestWindow": ("with the request", YEAR),
    "matching.Match": ("one year after its end", YEAR),
    "matching.MatchEvent": ("with the match", YEAR),
    "matching.Order": ("three years after the end", STAYS),
    "matching.Reminder": ("30 days after it", 29),
    "matching.RoundResult": ("with the round", YEAR),
    "matching.Series": ("one year after its end", YEAR),
    "messaging.Conversation": ("30 days after the talk closed", 14 + 30),  # the quarter lets it stay open 14 days
    "messaging.Mark": ("with the conversation", 14 + 30),
    "messaging.Message": ("with the conversation", 14 + 30),
    "messaging.Notice": ("30 days", 28),  # the first ones were written two days before
    "messaging.Report": ("180 days after it was settled", 180),
    "messaging.ReportEvent": ("with the report", 180),
    "messaging.Evidence": ("with the report", 180),
    "messaging.PushSubscription": (
        "at logout, when the device is gone, or 90 days after it last took something",
        90,
    ),
    "messaging.SocketTicket": ("one day", 0),
    "messaging.TalkReading": ("three years", STAYS),
    "usersessions.UserSession": ("with the session", 29),
}
# With the account: two years after the last use, whatever else was promised.
WITH_THE_ACCOUNT = {
    "accounts.User", "accounts.Block", "accounts.KeepApart",
    "accounts.Deputy", "accounts.RoleAssignment", "accounts.TrustedPerson", "account.EmailAddress",
    "account.EmailConfirmation", "mfa.Authenticator", "matching.CalendarFeed", "messaging.NoticeWish",
    "places.ExactAddress", "places.Place",
}  # fmt: skip


def test_every_table_is_promised_here_in_the_words_of_its_model():
    declared = {one.label: one.privacy.until for one in personal()}
    assert set(declared) == set(PROMISED) | WITH_THE_ACCOUNT
    assert {label: said for label, (said, _days) in PROMISED.items()} == {label: declared[label] for label in PROMISED}


@pytest.fixture
def everything(django_capture_on_commit_callbacks) -> User:
    """One row of every table, made at NOW by the verbs of the house. Returns the worker, who stays in office."""
    with django_capture_on_commit_callbacks(execute=True), time_machine.travel(NOW, tick=False):
        cleo = people.cleo()
        ada, ben = people.ada(), people.ben()
        User.objects.update(joined_at=NOW, last_login=NOW)
        _a_help(ada, ben, cleo)
        _their_account(ada, ben, cleo)
        _the_office(ada, ben, cleo)
    return cleo


def _a_help(ada: User, ben: User, cleo: User) -> None:
    """Found, arranged, visited, talked about, reported; ended in the night."""
    wish = people.a_request(ada, now=BEFORE)
    match = people.a_match(wish, ben, state="accepted")
    match = actions.confirm_match(match_id=match.pk, by=ada, now=BEFORE)
    conversation = talk.open_conversation(match=match, now=BEFORE)
    begin, end = NOW - timedelta(hours=8), NOW - timedelta(hours=7)
    visit = actions.propose_appointment(match_id=match.pk, start=begin, end=end, by=ben, now=BEFORE)
    actions.agree_appointment(appointment_id=visit.pk, by=ada, now=BEFORE)
    actions.write_reminders(now=BEFORE)
    actions.arrive(appointment_id=visit.pk, by=ben, now=begin)
    actions.finish(appointment_id=visit.pk, by=ben, now=end)
    talk.post_message(conversation_id=conversation.pk, by=ben, client_id=match.pk, body="Guten Tag", now=NOW)
    talk.mark_read(conversation_id=conversation.pk, by=ada, seq=1)
    report = talk.report_message(conversation_id=conversation.pk, seq=1, by=ada, now=NOW)
    talk.begin_reading(report_id=report.pk, by=cleo, now=NOW)
    talk.move_report(report_id=report.pk, move="take", by=cleo, now=NOW)
    talk.move_report(report_id=report.pk, move="settle", by=cleo, now=NOW, outcome="talked", answer="Danke")
    when = {"first_on": DAY + timedelta(days=3), "start": time(10), "minutes": 60}
    series = actions.propose_series(match_id=match.pk, **when, by=ben, now=NOW)
    actions.end_series(series_id=series.pk, by=ben, now=NOW)
    actions.reveal_address(match_id=match.pk, viewer=ben, now=NOW)
    actions.end_match(match_id=match.pk, by=ben, now=NOW)
    actions.withdraw_request(request_id=wish.pk, by=ada, now=NOW)


def _their_account(ada: User, ben: User, cleo: User) -> None:
    availability.add_exception(person_id=ben.pk, by=ben, now=NOW, first_day=DAY, last_day=DAY + timedelta(days=10))
    trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Mia", email="mia@example.org")
    accounts.block(other=ben, by=ada, now=NOW)
    apart.keep_apart(owner_id=ada.pk, by=ada, now=NOW, name="Nie Mand", email="niemand@example.net")
    actions.make_calendar_feed(by=ada, now=NOW)
    talk.set_wishes(person_id=ada.pk, by=ada, now=NOW, chosen={})
    count_up("door", ada.pk, most=9, per=timedelta(hours=1), now=NOW)
    StoredAnswer.objects.create(owner=ada, key="x" * 8, fingerprint="x", delete_on=DAY + timedelta(days=2))
    session = logged_in(ada).session
    session.set_expiry(timedelta(days=30))
    session.save()
    issue_ticket(user=ada, session_key=session.session_key, now=NOW)
    UserSession.objects.create(user=ada, session_key=session.session_key, ip="127.0.0.1", user_agent="x")
    device = {"endpoint": "https://push.example/1", "endpoint_sum": "1", "p256dh": "x", "auth": "x", "label": "Firefox"}
    kept = PushSubscription.kept_until(NOW)
    PushSubscription.objects.create(person=ada, session="x", epoch=0, created_at=NOW, delete_on=kept, **device)
    Authenticator.objects.create(user=ada, type="totp", data={})
    EmailAddress.objects.get_or_create(user=ada, email=ada.email, defaults={"verified": True, "primary": True})


def _the_office(ada: User, ben: User, cleo: User) -> None:
    by: dict[str, Any] = {"by": cleo, "now": NOW}
    casework.add_follow_up(person_id=ada.pk, text="Anrufen", due_on=DAY + timedelta(days=5), **by)
    casework.write_note(person_id=ada.pk, text="Sie mag Kanarienvögel", **by)
    looks.note_look(person=ada, what="person", **by)
    calls.note_incoming(person=ada, note="Fragt nach dem Termin", **by)
    badges.issue_badge(person_id=ben.pk, **by)
    badges.withdraw_badge(person_id=ben.pk, **by)
    erna = people.a_person("Erna", email=None)
    claims.issue_access_code(person_id=erna.pk, way="letter", **by)
    User.objects.filter(pk=erna.pk).update(joined_at=NOW)
    vetting.record_vetting(
        person_id=erna.pk, kind="talk", on=DAY, **by
    )  # she does not help: it goes like one who stopped
    young = people.a_volunteer("Yara", born_on=date(2010, 5, 1))
    User.objects.filter(pk=young.pk).update(joined_at=NOW)
    consent = parents.record_paper_consent(person_id=young.pk, name="Mutter", phone="0214 123456", **by)
    parents.take_consent_back(token=parents.token_of(consent), now=NOW)
    actions.stop_helping(person_id=young.pk, **by)
    held = suspensions.propose_suspension(person_id=young.pk, cause="conduct", reason="Kam nicht", **by)
    suspensions.withdraw_suspension(suspension_id=held.pk, **by)
    kora = people.a_person("Kora", wants_help=False)
    User.objects.filter(pk=kora.pk).update(joined_at=NOW)
    RoleAssignment.objects.create(user=kora, role="worker", quarter=kora.quarter, since=NOW)
    days = {"first_day": DAY, "last_day": DAY + timedelta(days=3)}
    casework.name_deputy(deputy_id=kora.pk, **by, **days)
    given = casework.hand_over(person_id=ada.pk, taker_id=kora.pk, purpose="Urlaub", way="oral", **by)
    casework.take_hand_over_back(hand_over_id=given.pk, **by)
    RoleAssignment.objects.filter(user=kora).update(until=NOW)
    people.a_request(ada, now=NOW, state="open")
    found = actions.run_round(quarter=ada.quarter, by=cleo, now=NOW)
    assert found.results.exists()
    HelpRequest.objects.filter(state="open").update(
        state="withdrawn", ended_at=NOW, delete_on=DAY + timedelta(days=YEAR)
    )


def _counts() -> dict[str, int]:
    """Rows of each declared table, in one question."""
    tables = [(one.label, one.model._meta.db_table) for one in personal()]
    question = " UNION ALL ".join(f"SELECT '{label}', COUNT(*) FROM {table}" for label, table in tables)  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(question)
        return dict(cursor.fetchall())


def _night(offset: int) -> None:
    """What the clock does in the night of this day, at three in the morning by the clock here."""
    at = datetime.combine(DAY + timedelta(days=offset), time(3, 5), tzinfo=ZoneInfo(settings.TIME_ZONE))
    with time_machine.travel(at, tick=False):
        forget(now=timezone.now())
        call_command("clearsessions", verbosity=0)
        remove_ended_logins(now=timezone.now())


def test_each_of_730_days_keeps_every_promise(everything):
    first = _counts()
    assert {label for label, count in first.items() if not count} == {"account.EmailConfirmation"}  # we mail codes
    gone_on: dict[str, int] = {}
    for offset in range(DAYS):
        _night(offset)
        for label, count in _counts().items():
            if count < first[label]:
                gone_on.setdefault(label, offset)
    kept = {label: last for label, (_said, last) in PROMISED.items()}
    kept |= dict.fromkeys(WITH_THE_ACCOUNT - {"account.EmailConfirmation"}, 730)
    assert {label: day - 1 for label, day in gone_on.items()} == {k: v for k, v in kept.items() if v is not STAYS}
    assert set(User.objects.all()) == {everything}
    assert not [one.label for one in personal() if one.model._base_manager.filter(**_overdue(one.model)).exists()]
    assert {label for label, last in kept.items() if last is STAYS} <= {k for k, count in _counts().items() if count}


def _overdue(model: type[Model]) -> dict[str, Any]:
    names = {field.name for field in model._meta.fields}
    return {"delete_on__lt": DAY + timedelta(days=DAYS)} if "delete_on" in names else {"pk__in": []}
