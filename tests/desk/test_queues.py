"""What waits where, in which order, and at a price that does not grow."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import FollowUp, RoleAssignment, Suspension, User, VolunteerProfile
from matching.desk import queues
from matching.models import Appointment, CheckIn, HelpRequest, Match, Reminder, Round, RoundResult, Series
from messaging.actions import tell
from messaging.models import Notice, Report
from places.models import Place
from tests import people

pytestmark = pytest.mark.django_db
NOW = people.NOW


def waiting(key: str) -> list:
    queue = queues.named(key)
    return list(queue.in_order([people.a_quarter()], people.cleo(), NOW))


def test_a_proposal_waits_for_release(ada, ben):
    match = people.a_match(people.a_request(ada), ben)
    assert waiting("freigaben") == [match]


def test_a_proposal_for_a_place_that_is_held_waits_unseen(ada, ben):
    request = people.a_request(ada)
    people.a_match(request, ben, state="accepted")
    people.a_match(request, people.a_volunteer("Emil"))
    assert waiting("freigaben") == []


def test_a_self_offer_waits_for_release_and_not_for_the_resident(ada, ben):
    match = people.a_match(people.a_request(ada), ben, state="accepted")
    Match.objects.filter(pk=match.pk).update(needs_review=True)
    assert waiting("freigaben") == [match]
    assert waiting("zusagen") == []


def test_residents_with_only_a_telephone_stand_first_in_the_answers(ada, ben):
    online = people.a_match(people.a_request(ada), ben, state="accepted")
    caller = people.a_person("Else", email=None, channel="phone")
    by_phone = people.a_match(people.a_request(caller), ben, state="accepted")
    Match.objects.filter(pk=by_phone.pk).update(accepted_at=NOW + timedelta(hours=1))
    assert waiting("zusagen") == [by_phone, online]


def test_an_open_request_with_nobody_asked_is_without_proposal(ada, ben):
    lonely = people.a_request(ada)
    people.a_match(people.a_request(ada), ben, state="asked")
    assert waiting("ohne-vorschlag") == [lonely]


def test_without_proposal_says_the_reason_of_the_last_round(ada):
    request = people.a_request(ada)
    old, new = (Round.objects.create(quarter=ada.quarter, started_at=NOW + timedelta(days=day)) for day in (0, 1))
    RoundResult.objects.create(round=new, request=request, why_not={"gates": {"time": 7, "skill": 2}})
    RoundResult.objects.create(round=old, request=request, why_not={"gates": {"skill": 9}})
    [line] = queues.named("ohne-vorschlag").lines([request], NOW)
    assert "7 haben dann keine Zeit" in line.text


def test_overdue_follows_the_quarters_policy_and_urgency(ada):
    ages = {"calm": 8, "urgent": 6, "fresh": 2}
    made = {
        name: people.a_request(ada, open_since=NOW - timedelta(days=days), urgency=2 if name == "urgent" else 0)
        for name, days in ages.items()
    }
    assert waiting("ueberfaellig") == [made["urgent"], made["calm"]]


def test_deadlines_of_today_only(ada, ben):
    today = people.a_match(people.a_request(ada), ben, state="asked")
    later = people.a_match(people.a_request(ada), ben, state="asked")
    Match.objects.filter(pk=today.pk).update(deadline=NOW + timedelta(hours=5))
    Match.objects.filter(pk=later.pk).update(deadline=NOW + timedelta(hours=30))
    assert waiting("fristen") == [today]


def test_new_people_are_those_nobody_welcomed(ben):
    carl = people.a_volunteer("Carl", profile={"welcomed_at": None})
    assert [row.user for row in waiting("neue-leute")] == [carl]


def test_a_place_that_was_not_found_waits_with_its_person(ada, ben):
    Place.objects.filter(pk=ada.place_id).update(cell="")
    assert waiting("adressen") == [ada]
    [line] = queues.named("adressen").lines(waiting("adressen"), NOW)
    assert line.title == ada.full_name


def test_a_place_of_a_request_alone_waits_with_its_request(ada):
    place = Place.objects.create(quarter=ada.quarter, cell="")
    request = people.a_request(ada, place=place)
    [line] = queues.named("adressen").lines(waiting("adressen"), NOW)
    assert line.key == str(request.pk)


def test_who_asks_for_help_at_home_and_gave_no_address_waits_until_it_is_entered(ada, cleo, page_as):
    User.objects.filter(pk=ada.pk).update(place=None)
    ada.refresh_from_db()
    people.a_skill("vorlesen", remote=True)
    people.a_request(ada, skills=("vorlesen",))
    assert waiting("adressen") == []  # on the telephone nearness does not count
    request = people.a_request(ada)
    [line] = queues.named("adressen").lines(waiting("adressen"), NOW)
    assert (line.title, line.text) == (ada.full_name, "Noch keine Adresse")
    address = {"street": "Nirgendweg", "number": "7"}
    page_as(cleo).post(reverse("desk:place", args=[ada.pk]), address)
    request.refresh_from_db()
    ada.refresh_from_db()
    assert request.place == ada.place is not None
    [line] = queues.named("adressen").lines(waiting("adressen"), NOW)
    assert line.text == "Adresse bitte nachsehen"


def test_long_unasked_are_ready_people_of_six_weeks(ben):
    VolunteerProfile.objects.filter(user=ben).update(welcomed_at=NOW - timedelta(weeks=7))
    asked = people.a_volunteer("Carl", profile={"last_asked_at": NOW - timedelta(weeks=2)})
    assert [row.user for row in waiting("nicht-gefragt")] == [ben]
    assert asked not in [row.user for row in waiting("nicht-gefragt")]


def test_drafts_of_the_office_wait_and_those_of_residents_do_not(ada, cleo):
    people.a_request(ada, state="draft", open_since=None)
    taken_down = people.a_request(ada, state="draft", open_since=None, entered_by=cleo)
    assert waiting("entwuerfe") == [taken_down]


def a_quiet_pair(ada, ben, days: int = 31) -> Match:
    return quiet(people.a_match(people.a_request(ada), ben, state="confirmed"), now=NOW, days=days)


def a_visit(match: Match, *, days: int, state: str = "done") -> None:
    """So many days from today; before it where negative."""
    start = NOW + timedelta(days=days)
    Appointment.objects.create(match=match, start=start, end=start + timedelta(hours=1), state=state)


@pytest.mark.parametrize(("days", "is_there"), [(29, False), (31, True)])
def test_a_confirmed_pair_that_never_met_waits_after_thirty_days(days, is_there, ada, ben):
    match = a_quiet_pair(ada, ben, days)
    assert waiting("lange-kein-besuch") == [match] * is_there


@pytest.mark.parametrize(
    ("days", "state", "is_there"),
    [
        (-29, "done", False),
        (-29, "agreed", False),
        (-31, "done", True),
        (-31, "agreed", True),
        (-5, "cancelled", True),
        (-5, "proposed", True),
        (40, "agreed", False),
        (40, "proposed", False),
        (40, "cancelled", True),
    ],
)
def test_a_pair_is_quiet_without_a_visit_lately_or_ahead(days, state, is_there, ada, ben):
    match = a_quiet_pair(ada, ben, 90)
    a_visit(match, days=days, state=state)
    assert waiting("lange-kein-besuch") == [match] * is_there


@pytest.mark.parametrize(
    ("over", "is_there"), [({"agreed_at": NOW}, False), ({}, True), ({"agreed_at": NOW, "ended_at": NOW}, True)]
)
def test_a_pair_with_regular_visits_is_not_quiet(over, is_there, ada, ben):
    match = a_quiet_pair(ada, ben)
    Series.objects.create(match=match, first_on=date(2026, 3, 10), start_minute=600, minutes=60, **over)
    assert waiting("lange-kein-besuch") == [match] * is_there


@pytest.mark.parametrize("state", ["accepted", "ended", "completed"])
def test_only_a_confirmed_pair_is_quiet(state, ada, ben):
    quiet(people.a_match(people.a_request(ada), ben, state=state), now=NOW)
    assert waiting("lange-kein-besuch") == []


def test_the_longest_quiet_pair_stands_first_and_says_since_when(ada, ben):
    met, never = a_quiet_pair(ada, ben, 90), a_quiet_pair(ada, ben, 50)
    a_visit(met, days=-60)
    a_visit(met, days=-35)
    rows = waiting("lange-kein-besuch")
    assert rows == [never, met]
    first, second = queues.named("lange-kein-besuch").lines(rows, NOW)
    assert (first.waiting, first.badge) == ("seit 50 Tagen", "noch kein Besuch")
    assert (second.waiting, second.badge) == ("seit 35 Tagen", "")
    assert first.href == reverse("desk:case", args=[never.request_id])


def test_nothing_of_another_quarter_waits_here(ada, ben):
    far = people.a_person("Frieda", people.a_quarter("Rosenau", west=7.1))
    people.a_match(people.a_request(far), ben)
    assert all(waiting(queue.key) == [] for queue in queues.QUEUES)


def fill(count: int) -> None:
    """So many rows in every queue."""
    now = timezone.now()
    for number in range(count):
        name = f"P{number}{HelpRequest.objects.count()}"
        resident = people.a_person(name, channel="phone")
        helper = people.a_volunteer(f"H{name}", profile={"last_asked_at": now - timedelta(weeks=9)})
        new = people.a_volunteer(f"N{name}", profile={"welcomed_at": None})
        FollowUp.objects.create(person=resident, text="Anrufen", due_on=timezone.localdate())
        Suspension.objects.create(user=new, cause="other", reason="x", deadline=now + timedelta(days=3))
        new.vettings.create(kind="pledge", on=timezone.localdate(), valid_until=timezone.localdate())
        for state in ("proposed", "asked", "accepted"):
            request = people.a_request(resident, open_since=now - timedelta(days=20), now=now)
            match = people.a_match(request, helper, state=state)
            Match.objects.filter(pk=match.pk).update(deadline=now + timedelta(minutes=1))
        people.a_request(resident, open_since=now - timedelta(days=20), now=now)
        people.a_request(resident, state="draft", open_since=None, entered_by=helper, now=now)
        visited(people.a_match(people.a_request(resident, now=now), people.a_volunteer(f"V{name}"), state="confirmed"))
        quiet(people.a_match(people.a_request(resident, now=now), people.a_volunteer(f"Q{name}"), state="confirmed"))
        Place.objects.filter(pk=resident.place_id).update(cell="")
        tell([resident.pk], kind="office", event=name, now=now)
        Notice.objects.filter(person=resident).update(state="failed")


def quiet(match: Match, *, now: datetime | None = None, days: int = 31) -> Match:
    """Confirmed so long ago, and nothing since."""
    Match.objects.filter(pk=match.pk).update(confirmed_at=(now or timezone.now()) - timedelta(days=days))
    return match


def visited(match: Match) -> None:
    """A visit nobody heard of, one soon to remind of, a no after an earlier one, and a report."""
    Report.objects.create(number=match.pk.hex[:10], quarter=match.request.quarter, about=match.volunteer, kind="person")
    now, hour = timezone.now(), timedelta(hours=1)
    for start in (now - timedelta(days=1), now + hour):
        last = Appointment.objects.create(match=match, start=start, end=start + hour, state="agreed")
    Reminder.objects.create(appointment=last, person=match.resident, kind="hour", by_phone=True, due_at=now - hour)
    CheckIn.objects.create(match=match, person=match.resident, visit=1, was_fine=False)


@pytest.mark.parametrize("key", [queue.key for queue in queues.QUEUES])
def test_two_rows_cost_as_many_queries_as_twenty(key, cleo, page_as):

    client = page_as(cleo)
    fill(2)
    address = f"{reverse('desk:home')}?liste={key}"
    client.get(address)  # once, so that caches are warm
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    fill(18)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(address)
    assert len(answer.context["rows"]) >= (0 if key == "nicht-gefragt" else 18)
    assert len(few) == len(many)


def test_a_worker_of_two_quarters_narrows_to_one(ada, ben, cleo, page_as):

    rosenau = people.a_quarter("Rosenau", west=7.1)
    RoleAssignment.objects.create(user=cleo, role="worker", quarter=rosenau)
    people.a_request(ada)
    people.a_request(people.a_person("Frieda", rosenau))
    client = page_as(cleo)
    both = client.get(reverse("desk:home") + "?liste=ohne-vorschlag").context["rows"]
    one = client.get(reverse("desk:home") + "?liste=ohne-vorschlag&quartier=rosenau").context["rows"]
    assert [len(both), len(one)] == [2, 1]
    assert one[0].title.startswith("Frieda")


@pytest.mark.parametrize("query", ["?liste=%00", "?liste=x&seite=99999", "?quartier=nirgends", "?seite=-1"])
def test_an_odd_address_still_shows_the_desk(query, cleo, page_as):
    assert page_as(cleo).get(reverse("desk:home") + query).status_code == 200
