"""Dates, times and quantities are said as a neighbour would say them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils import translation

from core import words

TODAY = date(2026, 3, 3)  # a Tuesday
TEN = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-1, "gestern"), (0, "heute"), (1, "morgen"), (2, "Donnerstag, 5. März"), (305, "Samstag, 2. Januar 2027")],
)
def test_a_day_is_said_as_seen_from_today(days, said):
    assert words.day_in_words(TODAY + timedelta(days=days), today=TODAY) == said


@pytest.mark.parametrize(
    ("start", "hours", "said"),
    [
        (TEN, 4, "heute, 10 bis 14 Uhr"),
        (TEN + timedelta(minutes=30), 1.25, "heute, 10:30 bis 11:45 Uhr"),
        (TEN + timedelta(hours=10), 4, "heute, 20 bis 24 Uhr"),
        (TEN + timedelta(hours=10), 15, "heute, 20 Uhr bis morgen, 11 Uhr"),
    ],
)
def test_a_span_is_said_in_local_time(start, hours, said):
    assert words.span_in_words(start, start + timedelta(hours=hours), today=TODAY) == said


def test_moments_follow_the_clock_change():
    summer = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)
    assert words.moment_in_words(summer, today=TODAY) == "Dienstag, 2. Juni, 14 Uhr"


def test_english_has_its_own_clock():
    with translation.override("en"):
        assert words.clock_in_words(time(14)) == "2 pm"
        assert words.hours_in_words(time(8), time(12)) == "8 am to noon"


def test_english_days_are_written_as_in_europe():
    with translation.override("en"):
        assert words.full_day(date(2026, 6, 9), today=TODAY) == "Tuesday, 9 June"
        assert words.full_day(date(2027, 6, 8), today=TODAY) == "Tuesday, 8 June 2027"


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(30, "eine halbe Stunde"), (45, "45 Minuten"), (60, "1 Stunde"), (90, "1 Stunde 30 Minuten"), (120, "2 Stunden")],
)
def test_durations_are_said_in_hours(minutes, said):
    assert words.minutes_in_words(minutes) == said


def test_lists_end_with_a_word():
    assert words.list_in_words(["Einkaufen", "Vorlesen", "Kochen"]) == "Einkaufen, Vorlesen und Kochen"
