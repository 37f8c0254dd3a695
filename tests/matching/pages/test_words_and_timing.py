"""What somebody chose becomes windows, windows become words, and both come back as they were chosen."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import Skill
from matching import hints, timing, words
from tests.people import NOW, a_request

TODAY = date(2026, 3, 3)  # a Tuesday, 10 o'clock


@pytest.mark.parametrize(
    ("when", "days"),
    [("today", [3]), ("tomorrow", [4]), ("week", [3, 4, 5, 6, 7, 8]), ("next", range(9, 16)), ("other", [20])],
)
def test_the_days_meant(when, days):
    assert timing.days_of(when, today=TODAY, other=date(2026, 3, 20)) == [date(2026, 3, day) for day in days]


def test_parts_that_touch_are_joined():
    assert timing.hours_of(["noon", "morning", "evening"]) == [(480, 840), (1080, 1260)]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["Einkaufen", "Zum Arzt begleiten"], "Einkaufen und zum Arzt begleiten"),
        (["Zum Arzt begleiten", "Briefe schreiben"], "Zum Arzt begleiten und Briefe schreiben"),
        (["Kochen"], "Kochen"),
    ],
)
def test_kinds_of_help_read_as_one_sentence(names, said):
    assert words.kinds([Skill(slug=name, name_de=name) for name in names]) == said


def test_what_is_over_today_is_left_out():
    windows = timing.windows_of([TODAY], [(480, 720), (840, 1080)], now=NOW + timedelta(minutes=1), minutes=60)
    assert windows[0][0] == datetime(2026, 3, 3, 9, 15, tzinfo=UTC)
    assert timing.windows_of([TODAY], [(480, 720)], now=NOW + timedelta(minutes=90), minutes=60) == []


def test_ten_stays_ten_when_the_clock_changes():
    saturday, sunday = date(2026, 3, 28), date(2026, 3, 29)
    windows = timing.windows_of([saturday, sunday], [(600, 720)], now=NOW, minutes=60)
    assert [start.astimezone(UTC).hour for start, _end in windows] == [9, 8]


@pytest.mark.parametrize(
    ("days", "hours", "chosen"),
    [
        ([TODAY], [(840, 1080)], {"when": "today", "parts": ["afternoon"]}),
        ([date(2026, 3, 4)], [(480, 840)], {"when": "tomorrow", "parts": ["morning", "noon"]}),
        ([date(2026, 3, 20)], [timing.WHOLE_DAY], {"when": "other", "date": date(2026, 3, 20)}),
        (
            [date(2026, 3, 20)],
            [(555, 600)],
            {"when": "other", "date": date(2026, 3, 20), "start": "09:15", "end": "10:00"},
        ),
    ],
)
def test_a_saved_choice_is_read_back(db, days, hours, chosen):
    windows = timing.windows_of(days, hours, now=NOW, minutes=30)
    assert timing.choice_of(a_request(windows=windows), today=TODAY) == chosen


def test_times_are_said_exactly_and_roughly(db):
    request = a_request()
    assert words.when(request, now=NOW) == ["morgen, 10 bis 14 Uhr"]
    assert words.roughly(request, now=NOW) == "morgen, vormittags und mittags"


def test_a_run_of_days_is_one_line(db):
    windows = timing.windows_of(timing.days_of("week", today=TODAY)[1:], [(840, 1080)], now=NOW, minutes=60)
    said = words.when(a_request(windows=windows), now=NOW)
    assert said == ["jeden Tag von morgen bis Sonntag, 8. März, 14 bis 18 Uhr"]


@pytest.mark.parametrize(
    ("rule", "since", "said"),
    [
        ("FREQ=WEEKLY;INTERVAL=2", TODAY, "jeden zweiten Dienstag, 10 bis 12 Uhr"),
        ("FREQ=WEEKLY;INTERVAL=3", TODAY, "alle drei Wochen am Dienstag, 10 bis 12 Uhr"),
        ("FREQ=WEEKLY", date(2026, 3, 10), "jeden Dienstag, ab Dienstag, 10. März, 10 bis 12 Uhr"),
        ("FREQ=MONTHLY;BYDAY=-1TU", TODAY, "jeden letzten Dienstag im Monat, 10 bis 12 Uhr"),
        ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU", TODAY, "alle zwei Monate am ersten Dienstag, 10 bis 12 Uhr"),
        ("FREQ=WEEKLY;UNTIL=20260630", TODAY, "jeden Dienstag, bis Dienstag, 30. Juni, 10 bis 12 Uhr"),
        ("FREQ=WEEKLY;COUNT=5", TODAY, "jeden Dienstag, 5-mal, 10 bis 12 Uhr"),
    ],
)
def test_series_are_said_as_neighbours_say_them(db, rule, since, said):
    request = a_request(timing="weekly", windows=[(1, 600, 720)])
    request.windows.update(rule=rule, since=since)
    assert words.when(request, now=NOW) == [said]
    assert words.roughly(request, now=NOW) == said.replace("10 bis 12 Uhr", "vormittags")


def test_weekly_times_are_said_by_weekday(db):
    request = a_request(timing="weekly", windows=[(1, 600, 720), (3, 600, 720)])
    assert words.when(request, now=NOW) == ["jede Woche: Dienstag und Donnerstag, 10 bis 12 Uhr"]
    assert words.roughly(request, now=NOW) == "jede Woche: Dienstag und Donnerstag, vormittags"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bitte Milch und Brot mitbringen", []),
        ("Ich wohne in der Lindenstraße 12", ["address"]),
        ("Klingel bei Hauptstr. 7a", ["address"]),
        ("Rufen Sie an: 0214 123456", ["phone"]),
        ("Die PIN liegt im Schrank", ["money"]),
        ("Ich gebe 20 Euro mit", ["money"]),
        ("Wegen meiner Demenz", ["illness"]),
        ("Wir brauchen 2 Kisten Wasser", []),
    ],
)
def test_what_had_better_stay_out_of_the_text_is_found(text, found):
    assert hints.found_in(text) == found
    assert len(hints.hints_for(text)) == len(found)
