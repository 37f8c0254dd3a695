"""Two years by the calendar: each day nothing older than promised stays, and nothing goes that was promised longer."""

import logging
from datetime import date, timedelta

import pytest
import time_machine
from django.core import mail

from accounts.models import AddressReading, User
from config.data_protection.declared import personal
from config.forgetting import remove_homeless_places, schedule_people
from config.retention import kept_models, remove_expired
from core.models import Removed
from matching import actions
from matching.models import Match
from messaging.actions import open_conversation, post_message
from messaging.models import Conversation
from places.models import ExactAddress
from tests.people import NOW, TODAY, a_match, a_request

pytestmark = pytest.mark.django_db
DAYS = 730 + 8
CANARY = "KANARI-WORT"


@pytest.fixture
def a_help_that_ended(ada, ben, cleo, django_capture_on_commit_callbacks):
    """Ada and Ben talked, met and ended; Cleo read the address once."""
    User.objects.update(joined_at=NOW, last_login=NOW)
    match = a_match(a_request(ada, description=CANARY), ben, state="confirmed")
    talk = open_conversation(match=match, now=NOW)
    post_message(conversation_id=talk.pk, by=ada, client_id=match.pk, body=CANARY, now=NOW)
    with django_capture_on_commit_callbacks(execute=True), time_machine.travel(NOW, tick=False):
        actions.end_match(match_id=match.pk, by=ben, now=NOW, reason=CANARY)
        actions.withdraw_request(request_id=match.request_id, by=ada, now=NOW)
    AddressReading.objects.create(
        place=ada.place, reader=cleo, reason="Anruf", at=NOW, delete_on=TODAY + timedelta(days=1095)
    )
    return match


def days() -> list[date]:
    """Every day on which something is due, the days around it, and one in two months between."""
    promised = {TODAY + timedelta(days=number) for number in range(0, DAYS, 60)}
    for model in kept_models():
        promised |= set(model._base_manager.exclude(delete_on=None).values_list("delete_on", flat=True))
    promised.add(TODAY + timedelta(days=730))
    near = {day + timedelta(days=step) for day in promised for step in (0, 1)}
    return sorted(day for day in near if TODAY <= day <= TODAY + timedelta(days=DAYS))


def test_every_day_of_two_years_keeps_its_promise(a_help_that_ended, ada, ben, cleo):
    gone_on: dict[str, date] = {}
    for day in days():
        with time_machine.travel(NOW + (day - TODAY), tick=False):
            schedule_people()
            before = {model: dict(model._base_manager.values_list("pk", "delete_on")) for model in kept_models()}
            remove_expired(today=day)
            remove_homeless_places()
        _nothing_older_stays(day)
        for model, rows in before.items():
            left = set(model._base_manager.values_list("pk", flat=True))
            if set(rows) - left:
                gone_on.setdefault(model._meta.label, day)
    assert gone_on["messaging.Message"] < gone_on["matching.Match"] < gone_on["accounts.User"]
    assert gone_on["accounts.User"] == TODAY + timedelta(days=731)
    assert set(User.objects.all()) == {cleo}
    assert not ExactAddress.objects.exclude(place=cleo.place).exists()
    assert AddressReading.objects.get().place is None  # the proof is promised for three years
    assert {one.label: one.rows_of(ada).count() for one in personal() if one.rows_of(ada).exists()} == {}
    assert Removed.objects.filter(table="accounts.User").count() == 1


def _nothing_older_stays(day: date) -> None:
    for model in kept_models():
        assert not model._base_manager.filter(delete_on__lt=day).exists(), (model, day)


def test_nothing_younger_goes(a_help_that_ended):
    """The day before each promise the row is still there."""
    for model in (Conversation, Match):
        end = model._base_manager.exclude(delete_on=None).order_by("delete_on").values_list("delete_on", flat=True)[0]
        remove_expired(today=end)
        assert model._base_manager.exists(), model
        remove_expired(today=end + timedelta(days=1))
        assert not model._base_manager.exists(), model


def test_logs_and_mails_of_a_whole_help_hold_no_word_of_it(
    request, ada, ben, cleo, caplog, django_capture_on_commit_callbacks
):
    with caplog.at_level(logging.DEBUG, logger="gemeinsinn"):
        request.getfixturevalue("a_help_that_ended")
        with django_capture_on_commit_callbacks(execute=True):
            remove_expired(today=TODAY + timedelta(days=800))
    assert "retention removed" in caplog.text
    said = caplog.text + "".join(message.subject + str(message.body) for message in mail.outbox)
    for word in (CANARY, "Abend", "Bogen", "Lindenstraße", "example.org"):
        assert word not in said, word
