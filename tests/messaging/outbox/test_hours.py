"""Quiet hours and the digest by the clock on the wall, also in the nights when it is changed."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from messaging.outbox.hours import after_quiet, digest_after, is_quiet

BERLIN = ZoneInfo("Europe/Berlin")
NIGHT = {"quiet_from": 20 * 60, "quiet_until": 8 * 60}


def at(text: str, fold: int = 0) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=BERLIN, fold=fold)


@pytest.mark.parametrize(
    ("moment", "wish", "allowed"),
    [
        ("2026-03-03 10:00", NIGHT, "2026-03-03 10:00"),
        ("2026-03-03 19:59", NIGHT, "2026-03-03 19:59"),
        ("2026-03-03 20:00", NIGHT, "2026-03-04 08:00"),
        ("2026-03-04 07:59", NIGHT, "2026-03-04 08:00"),
        ("2026-03-04 08:00", NIGHT, "2026-03-04 08:00"),
        ("2026-03-03 13:30", {"quiet_from": 13 * 60, "quiet_until": 15 * 60}, "2026-03-03 15:00"),
        ("2026-03-03 23:00", {"quiet_from": 13 * 60, "quiet_until": 15 * 60}, "2026-03-03 23:00"),
        ("2026-03-03 23:00", {"quiet_from": 480, "quiet_until": 480}, "2026-03-03 23:00"),
        # an hour shorter, and an hour longer: eight o'clock stays eight o'clock
        ("2026-03-28 22:00", NIGHT, "2026-03-29 08:00"),
        ("2026-10-24 22:00", NIGHT, "2026-10-25 08:00"),
        # 2:30 does not exist that night
        ("2026-03-29 01:00", {"quiet_from": 0, "quiet_until": 150}, "2026-03-29 03:30"),
        # and is there twice in this one
        ("2026-10-25 01:00", {"quiet_from": 0, "quiet_until": 150}, "2026-10-25 02:30"),
    ],
)
def test_quiet_hours_hold_until_their_end(moment, wish, allowed):
    assert after_quiet(at(moment), **wish).timestamp() == at(allowed).timestamp()


def test_in_the_hour_that_comes_twice_the_second_end_counts():
    wish = {"quiet_from": 0, "quiet_until": 150}
    assert after_quiet(at("2026-10-25 02:10", fold=1), **wish).timestamp() == at("2026-10-25 02:30", fold=1).timestamp()


@pytest.mark.parametrize("night", ["2026-03-28 12:00", "2026-10-24 12:00", "2026-12-31 12:00"])
@pytest.mark.parametrize("quiet_until", [0, 60, 119, 120, 150, 179, 180, 480])
def test_through_a_night_minute_by_minute_nobody_is_woken_and_nobody_waits_for_ever(night, quiet_until):
    start = at(night).astimezone(ZoneInfo("UTC"))
    wish = {"quiet_from": 20 * 60, "quiet_until": quiet_until}
    for minutes in range(0, 24 * 60, 7):
        moment = start + timedelta(minutes=minutes)
        allowed = after_quiet(moment, **wish)
        assert moment <= allowed <= moment + timedelta(hours=14)
        assert allowed == moment or not is_quiet(allowed, **wish)


@pytest.mark.parametrize(
    ("written", "digest"),
    [
        ("2026-03-03 10:00", "2026-03-03 17:00"),
        ("2026-03-03 17:00", "2026-03-03 17:00"),
        ("2026-03-03 17:01", "2026-03-04 17:00"),
        ("2026-03-28 18:00", "2026-03-29 17:00"),
        ("2026-10-24 18:00", "2026-10-25 17:00"),
    ],
)
def test_the_digest_comes_at_five(written, digest):
    assert digest_after(at(written)).timestamp() == at(digest).timestamp()
