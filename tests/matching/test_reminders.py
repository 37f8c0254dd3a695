"""Reminding: rows first, by notice or by the office's list, once, through DST nights."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from accounts.models import User
from core.errors import NotAllowed, NotVisible
from matching import actions
from matching.desk import queues
from matching.models import Reminder
from messaging.actions import deliver_notices, tell_reminders
from messaging.models import Notice
from tests import people
from tests.matching.arranged import HOUR, TOMORROW, a_pair, an_appointment
from tests.people import NOW

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = NOW + timedelta(days=3)  # 10 o'clock


def local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%d.%m. %H:%M")


def rows() -> set[tuple[str, str, bool, str]]:
    found = Reminder.objects.select_related("person")
    return {(row.person.first_name, row.kind, row.by_phone, local(row.due_at)) for row in found}


def test_both_are_reminded_the_evening_before_and_an_hour_before(ada, ben):
    an_appointment(start=FRIDAY)
    assert actions.write_reminders(now=NOW) == 4
    assert actions.write_reminders(now=NOW) == 0
    assert rows() == {
        (name, kind, False, due)
        for name in ("Ada", "Ben")
        for kind, due in (("day", "05.03. 17:00"), ("hour", "06.03. 09:00"))
    }


@pytest.mark.parametrize(("day", "hour_due"), [((2026, 3, 29), "09:00"), ((2026, 10, 25), "09:00")])
def test_in_the_nights_when_the_clocks_change_local_time_counts(day, hour_due, ada, ben):
    start = datetime(*day, 10, tzinfo=BERLIN)
    early = start - timedelta(days=5)
    an_appointment(start=start, now=early)
    actions.write_reminders(now=early)
    assert {due[-5:] for _who, kind, _phone, due in rows() if kind == "day"} == {"17:00"}
    assert {due[-5:] for _who, kind, _phone, due in rows() if kind == "hour"} == {hour_due}


def test_whoever_has_only_a_telephone_is_called_on_the_last_working_day(ada, ben):
    User.objects.filter(pk=ada.pk).update(channel="phone")
    an_appointment(start=datetime(2026, 4, 7, 10, tzinfo=BERLIN), now=datetime(2026, 4, 1, 9, tzinfo=BERLIN))
    actions.write_reminders(now=datetime(2026, 4, 1, 10, tzinfo=BERLIN))
    assert ("Ada", "day", True, "02.04. 08:00") in rows()  # Good Friday, weekend and Easter Monday lie between


def test_the_clock_sends_each_mail_once_and_says_nothing_in_it(ada, ben):
    an_appointment(start=FRIDAY)
    Notice.objects.all().delete()
    moment, sent = NOW, 0
    while moment < FRIDAY + HOUR:
        tell_reminders(now=moment)
        sent += deliver_notices(now=moment)
        moment += timedelta(minutes=30)
    assert sent == len(mail.outbox) == 4
    for letter in mail.outbox:
        for secret in ("Ada", "Ben", "Bogen", "Einkauf", "10 Uhr", "Freitag", "Linden"):
            assert secret not in letter.subject + letter.body


def test_what_is_called_off_is_not_reminded_of(ada, ben):
    visit = an_appointment(start=FRIDAY)
    actions.write_reminders(now=NOW)
    actions.cancel_appointment(appointment_id=visit.pk, by=ada, now=NOW)
    assert tell_reminders(now=FRIDAY - HOUR) == 0


def test_who_agreed_just_now_is_not_called_the_day_before(ada, ben):
    an_appointment(start=NOW + timedelta(hours=5))
    actions.write_reminders(now=NOW)
    assert {row[1] for row in rows()} == {"hour"}


def on_the_list(key: str, now) -> list:
    return list(queues.named(key).in_order([people.a_quarter()], User(), now))


def test_the_office_calls_and_one_key_takes_it_off_the_list(ada, ben, cleo, dora, page_as):
    User.objects.filter(pk=ada.pk).update(channel="phone")
    an_appointment(start=FRIDAY)
    actions.write_reminders(now=NOW)
    thursday = FRIDAY - timedelta(days=1)
    [row] = on_the_list("erinnern", thursday)
    assert row.person == ada
    with pytest.raises(NotAllowed):
        actions.mark_reminded(reminder_id=row.pk, by=ben, now=thursday)
    with pytest.raises(NotVisible):
        actions.mark_reminded(reminder_id=row.pk, by=dora, now=thursday)
    assert "Erinnert" in page_as(cleo).get(f"/buero/erinnern/{row.pk}/").content.decode()
    assert page_as(cleo).post(f"/buero/erinnern/{row.pk}/").status_code == 302
    assert on_the_list("erinnern", thursday) == []
    assert page_as(dora).get(f"/buero/erinnern/{row.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("came", "minutes_after_start", "waits"),
    [(False, 25, False), (False, 35, True), (True, 35, False), (True, 175, False), (True, 185, True)],
)
def test_a_visit_nobody_hears_of_waits_on_the_desk(came, minutes_after_start, waits, ada, ben):
    visit = an_appointment()
    if came:
        actions.arrive(appointment_id=visit.pk, by=ben, now=visit.start)
    assert bool(on_the_list("besuche", TOMORROW + timedelta(minutes=minutes_after_start))) == waits


def test_a_worker_settles_a_visit_on_the_telephone(ada, ben, cleo, dora, page_as):
    visit = an_appointment(a_pair())
    page = page_as(cleo)
    assert "Bogen" in page.get(f"/buero/termin/{visit.pk}/").content.decode()
    page.post(f"/buero/termin/{visit.pk}/ausgefallen/", {"reason": "Bus kam nicht"})
    visit.refresh_from_db()
    assert (visit.state, visit.cancel_reason) == ("cancelled", "Bus kam nicht")
    assert page_as(dora).post(f"/buero/termin/{visit.pk}/da/").status_code == 404


def test_a_no_and_people_of_the_telephone_wait_on_the_desk(ada, ben, cleo, page_as):
    User.objects.filter(pk=ada.pk).update(channel="phone")
    visit = an_appointment()
    actions.finish(appointment_id=visit.pk, by=ben, now=visit.end)
    [call] = on_the_list("nachfragen", visit.end)
    assert call.person == ada
    bens = visit.match.check_ins.get(person=ben)
    actions.answer_check_in(check_in_id=bens.pk, by=ben, now=visit.end, was_fine=False)
    assert on_the_list("nachfragen", visit.end) == [bens, call]
    page_as(cleo).post(f"/buero/nachfrage/{bens.pk}/", {"settle": "1"})
    assert on_the_list("nachfragen", visit.end) == [call]
