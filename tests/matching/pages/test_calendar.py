"""Own calendar, one appointment, the log of hours, and the feed read by a second parser."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil import rrule
from django.urls import reverse
from django.utils import timezone

from matching import actions, ics
from matching.models import Appointment, CheckIn
from tests.matching.arranged import HOUR, a_pair, an_appointment

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def soon(**more) -> datetime:
    return timezone.localtime().replace(minute=0, second=0, microsecond=0) + timedelta(days=2, **more)


def agreed(start=None) -> Appointment:
    return an_appointment(a_pair(), start=start or soon(), now=timezone.now())


def test_each_sees_the_other_by_first_name_and_a_stranger_nothing(ada, ben, dora, page_as):
    visit = agreed()
    month = f"{visit.start:%Y-%m}"
    for person, other in ((ada, "Ben"), (ben, "Ada")):
        page = page_as(person).get("/kalender/", {"monat": month}).content.decode()
        assert reverse("matching:appointment", args=[visit.pk]) in page
        assert other in page
        assert "Lindenstraße" not in page
    assert str(visit.pk) not in page_as(dora).get("/kalender/", {"monat": month}).content.decode()
    assert page_as(dora).get(f"/termin/{visit.pk}/").status_code == 404


@pytest.mark.parametrize("month", ["", "2026-13", "x", "0001-01", "9999-12", "2026-02"])
def test_any_month_in_the_address_is_a_page(month, ada, page_as):
    assert page_as(ada).get("/kalender/", {"monat": month}).status_code == 200


def test_moving_by_page(ada, ben, page_as):
    visit = agreed()
    new = soon(hours=2)
    typed = {"day": f"{new:%Y-%m-%d}", "start": f"{new:%H:%M}", "minutes": 60, "place": "treff"}
    assert page_as(ada).get(f"/termin/{visit.pk}/verschieben/").status_code == 200
    assert page_as(ada).post(f"/termin/{visit.pk}/verschieben/", typed).status_code == 302
    moved = Appointment.objects.get(replaces=visit)
    assert (moved.start, moved.place, moved.proposed_by) == (new, "treff", ada)
    assert page_as(ben).post(f"/termin/{moved.pk}/zusagen/").status_code == 302
    visit.refresh_from_db()
    assert visit.state == "cancelled"


def test_there_and_done_in_one_tap_each_and_the_hours_follow(ada, ben, page_as):
    visit = agreed()
    Appointment.objects.filter(pk=visit.pk).update(start=timezone.now() - HOUR, end=timezone.now())
    helper = page_as(ben)
    for move in ("da", "fertig"):
        assert helper.post(f"/termin/{visit.pk}/{move}/").status_code == 302
    assert "1 Minute" in helper.get("/stunden/").content.decode()
    assert helper.get("/stunden.csv").content.decode().splitlines()[1].endswith(";1;Einkaufen")
    assert page_as(ada).post(f"/termin/{visit.pk}/da/").status_code == 403


def test_whoever_reloads_what_they_did_is_led_to_the_appointment(ada, page_as):
    visit = agreed()
    answer = page_as(ada).get(f"/termin/{visit.pk}/absagen/")
    assert (answer.status_code, answer["Location"]) == (302, f"/termin/{visit.pk}/")
    visit.refresh_from_db()
    assert visit.state == "agreed"


def test_the_questions_stand_on_both_pages_and_the_answer_on_none(ada, ben, page_as):
    visit = agreed()
    actions.finish(appointment_id=visit.pk, by=ben, now=visit.end)
    hers = CheckIn.objects.get(person=ada)
    assert "War alles in Ordnung?" in page_as(ada).get("/mein/").content.decode()
    page_as(ada).post(f"/nachfrage/{hers.pk}/", {"was_fine": "nein"})
    hers.refresh_from_db()
    assert hers.was_fine is False
    assert page_as(ben).post(f"/nachfrage/{hers.pk}/", {"was_fine": "ja"}).status_code == 404


# --- the feed ----------
def read(text: str) -> list[dict]:
    """A second, small reader of iCalendar: unfolds, and knows times only by the file's own VTIMEZONE."""
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    zones, events, now = [], [], None
    for line in lines:
        name, _, value = line.partition(":")
        key, *more = name.split(";")
        if key == "BEGIN" and value in ("VEVENT", "STANDARD", "DAYLIGHT"):
            now = {}
        elif key == "END" and value in ("VEVENT", "STANDARD", "DAYLIGHT"):
            (events if value == "VEVENT" else zones).append(now)
            now = None
        elif now is not None:
            now.setdefault(key, []).append((value, more))
    return [{key: _said(key, parts[0], zones) for key, parts in event.items()} for event in events]


def _said(key, part, zones):
    value, more = part
    if key not in ("DTSTART", "DTEND"):
        return value
    assert more == ["TZID=Europe/Berlin"]
    naive = datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - local by definition
    return naive.replace(tzinfo=UTC) - _offset(naive, zones)


def _offset(naive, zones):
    """The offset of the onset that lies nearest before this local time."""
    onsets = [(moment, zone) for zone in zones for moment in _onsets(zone, naive) if moment <= naive]
    value = max(onsets, key=lambda pair: pair[0])[1]["TZOFFSETTO"][0][0]
    return timedelta(hours=int(value[1:3]), minutes=int(value[3:5])) * (-1 if value[0] == "-" else 1)


def _onsets(zone, until):
    first = datetime.strptime(zone["DTSTART"][0][0], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    yield first
    for value, _more in zone.get("RRULE", []):
        rule = re.sub(r"UNTIL=(\d+T\d+)Z", r"UNTIL=\1", value)
        yield from rrule.rrulestr(rule, dtstart=first).between(first, until, inc=True)
    for value, _more in zone.get("RDATE", []):
        yield from (datetime.strptime(one, "%Y%m%dT%H%M%S") for one in value.split(","))  # noqa: DTZ007


@pytest.mark.parametrize("day", [(2026, 3, 28), (2026, 3, 30), (2026, 7, 1), (2026, 10, 24), (2026, 10, 26)])
def test_a_second_parser_reads_the_same_moment_on_both_sides_of_the_clock_change(day, ada, ben):
    start = datetime(*day, 10, tzinfo=BERLIN)
    now = start - timedelta(days=3)
    visit = an_appointment(a_pair(), start=start, now=now)
    [event] = read(ics.calendar_of(ada, now=now).decode())
    assert (event["DTSTART"], event["DTEND"], event["STATUS"]) == (start, start + HOUR, "CONFIRMED")
    assert event["UID"].startswith(str(visit.pk))
    assert event["SUMMARY"] == "Einkaufen mit Ben"


def test_a_cancellation_travels_with_a_higher_sequence(ada, ben):
    now = timezone.now()
    visit = agreed()
    before = int(read(ics.calendar_of(ada, now=now).decode())[0]["SEQUENCE"])
    actions.cancel_appointment(appointment_id=visit.pk, by=ben, now=now, reason="krank")
    text = ics.calendar_of(ada, now=now).decode()
    [event] = read(text)
    assert (event["STATUS"], int(event["SEQUENCE"]) > before) == ("CANCELLED", True)
    for secret in ("Bogen", "Abend", "Lindenstraße", "krank", "51300"):
        assert secret not in text


def test_a_proposal_is_in_no_calendar(ada, ben):
    actions.propose_appointment(match_id=a_pair().pk, start=soon(), end=soon() + HOUR, by=ben, now=timezone.now())
    assert read(ics.calendar_of(ada, now=timezone.now()).decode()) == []


def test_the_secret_is_shown_once_kept_hashed_and_revocable(ada, ben, page_as, client):
    agreed()
    page = page_as(ada).post("/kalender/abo/", {"new": "1"}, follow=True).content.decode()
    path = re.search(r"/kalender/abo/[\w-]+\.ics", page).group()
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert path.split("/")[-1][:-4] not in ada.calendar_feed.digest
    assert path not in page_as(ada).get("/kalender/abo/").content.decode()
    page_as(ada).post("/kalender/abo/", {"new": "1"})
    assert client.get(path).status_code == 404
    other = actions.make_calendar_feed(by=ada, now=timezone.now())
    page_as(ada).post("/kalender/abo/", {"delete": "1"})
    assert client.get(f"/kalender/abo/{other}.ics").status_code == 404


def test_the_address_stands_in_no_log(ada, client, caplog, page_as):
    caplog.set_level("INFO")
    secret = actions.make_calendar_feed(by=ada, now=timezone.now())
    client.get(f"/kalender/abo/{secret}.ics")
    actions.revoke_calendar_feed(by=ada)
    client.get(f"/kalender/abo/{secret}.ics")
    said = [record.getMessage() for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("gemeinsinn")]
    assert secret not in " ".join(said + ours)
