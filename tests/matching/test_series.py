""" "Jeden Dienstag um 10": agreed once, made ahead, asked about on holidays, over with the match."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import NotAllowed
from matching import actions
from matching.errors import AlreadyRunning
from matching.models import Appointment, BookedSlot
from tests.matching.arranged import a_pair, an_appointment
from tests.people import NOW

pytestmark = pytest.mark.django_db
BERLIN = ZoneInfo("Europe/Berlin")


def a_series(match, *, first_on=date(2026, 3, 10), now=NOW, **more):
    return actions.propose_series(
        match_id=match.pk, first_on=first_on, start=time(10), minutes=60, by=match.volunteer, now=now, **more
    )


def agreed(match, **more):
    found = a_series(match, **more)
    return actions.agree_series(series_id=found.pk, by=match.resident, now=more.get("now", NOW))


def local(rows):
    return [row.start.astimezone(BERLIN) for row in rows]


def test_agreed_once_the_visits_of_eight_weeks_are_there_and_ten_stays_ten(ada, ben):
    match = a_pair()
    assert not a_series(match).visits.exists()
    actions.agree_series(series_id=match.series.get().pk, by=ada, now=NOW)
    visits = local(Appointment.objects.filter(state="agreed"))
    assert visits == [
        datetime(2026, 3, 10, 10, tzinfo=BERLIN) + timedelta(weeks=week) for week in range(8)
    ]  # over 29 March too
    assert BookedSlot.objects.count() == 8 * 8


def test_the_clock_makes_more_and_never_twice(ada, ben):
    agreed(a_pair())
    later = NOW + timedelta(weeks=3)
    assert actions.extend_series(now=later) == 3
    assert actions.extend_series(now=later) == 0
    assert Appointment.objects.count() == 11


def test_ten_stays_ten_when_the_clocks_go_back(ada, ben):
    now = datetime(2026, 10, 1, 8, tzinfo=BERLIN)
    agreed(a_pair(), first_on=date(2026, 10, 20), now=now)
    assert {moment.hour for moment in local(Appointment.objects.all())} == {10}


def test_a_visit_on_a_holiday_is_a_question_to_both(ada, ben):
    now = datetime(2026, 4, 20, 8, tzinfo=BERLIN)
    agreed(a_pair(), first_on=date(2026, 5, 1), now=now)  # Labour Day, a Friday
    asked = Appointment.objects.get(occurs_on=date(2026, 5, 1))
    assert (asked.state, asked.proposed_by) == ("proposed", None)
    actions.agree_appointment(appointment_id=asked.pk, by=ben, now=now)
    asked.refresh_from_db()
    assert (asked.state, asked.proposed_by) == ("proposed", ben)
    actions.agree_appointment(appointment_id=asked.pk, by=ada, now=now)
    asked.refresh_from_db()
    assert asked.state == "agreed"


def test_a_visit_that_clashes_is_a_question_and_the_others_stand(ada, ben):
    match = a_pair()
    an_appointment(match, start=datetime(2026, 3, 17, 10, 30, tzinfo=BERLIN))
    agreed(match)
    visits = Appointment.objects.filter(occurs_on__isnull=False).values_list("occurs_on", "state")
    assert [day for day, state in visits if state == "proposed"] == [date(2026, 3, 17)]


def test_one_skipped_and_one_moved_stay_so_when_the_clock_comes(ada, ben):
    agreed(a_pair())
    skipped, moved = Appointment.objects.order_by("start")[:2]
    actions.cancel_appointment(appointment_id=skipped.pk, by=ada, now=NOW)
    start = moved.start + timedelta(days=1)
    new = actions.move_appointment(
        appointment_id=moved.pk, start=start, end=start + timedelta(hours=1), by=ada, now=NOW
    )
    actions.agree_appointment(appointment_id=new.pk, by=ben, now=NOW)
    actions.extend_series(now=NOW + timedelta(days=1))
    standing = Appointment.objects.filter(state="agreed").order_by("start")
    assert local(standing)[:2] == [datetime(2026, 3, 18, 10, tzinfo=BERLIN), datetime(2026, 3, 24, 10, tzinfo=BERLIN)]


def test_every_second_week(ada, ben):
    agreed(a_pair(), every_weeks=2)
    assert [row.day for row in local(Appointment.objects.all())] == [10, 24, 7, 21]


@pytest.mark.parametrize("end", ["match", "series"])
def test_it_ends_with_the_match_or_by_itself(end, ada, ben):
    match = a_pair()
    found = agreed(match)
    if end == "match":
        actions.end_match(match_id=match.pk, by=ada, now=NOW)
    else:
        actions.end_series(series_id=found.pk, by=ada, now=NOW)
    assert set(Appointment.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not BookedSlot.objects.exists()
    assert actions.extend_series(now=NOW + timedelta(weeks=2)) == 0


def test_the_same_series_runs_once_and_is_not_agreed_by_who_proposed_it(ada, ben):
    match = a_pair()
    found = a_series(match)
    with pytest.raises(AlreadyRunning):
        a_series(match)
    with pytest.raises(NotAllowed):
        actions.agree_series(series_id=found.pk, by=ben, now=NOW)
