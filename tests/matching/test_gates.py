"""Each gate of product.md, one line each: the change that closes it, and what the why-not says."""

from datetime import date, timedelta

import pytest

from accounts.models import AvailabilityException, Block, Vetting, VolunteerChange, VolunteerProfile
from matching import suggestions
from matching.models import Appointment
from places.models import Border
from tests.people import (
    NOW,
    TODAY,
    a_match,
    a_person,
    a_place,
    a_quarter,
    a_request,
    a_skill,
    a_volunteer,
)

pytestmark = pytest.mark.django_db
FAR_CELL = "881fa1a613fffff"  # about 12 km away


def first_gate(request) -> str:
    assert suggestions.suggestions(request, now=NOW) == []
    return next(iter(suggestions.why_not(request, now=NOW).gates))


def profile(ben, **changes):
    VolunteerProfile.objects.filter(user=ben).update(**changes)


def person(ben, **changes):
    type(ben).objects.filter(pk=ben.pk).update(**changes)


CLOSED_BY = {
    "ready": lambda ben: profile(ben, welcomed_at=None),
    "paused": lambda ben: profile(ben, paused=True),
    "capacity": lambda ben: profile(ben, live_matches=3),
    "hours": lambda ben: profile(ben, hours_per_week=0.5),
    "vetting": lambda ben: ben.vettings.filter(kind="talk").delete(),
    "skill": lambda ben: ben.volunteer_profile.offered_skills.all().delete(),
    "time": lambda ben: ben.volunteer_profile.availabilities.all().delete(),
    "age": lambda ben: person(ben, born_on=date(2014, 1, 1)),  # twelve: too young for everything
}


@pytest.mark.parametrize("gate", CLOSED_BY)
def test_gate_closes(gate, ada, ben):
    request = a_request(ada)
    assert [one.volunteer for one in suggestions.suggestions(request, now=NOW)] == [ben]
    CLOSED_BY[gate](ben)
    assert first_gate(request) == gate


def test_quarter_gate_asks_volunteer_and_policy(ada):
    neighbour = a_quarter("Nachbarhof", west=7.02)
    emil = a_volunteer("Emil", neighbour)
    Border.objects.create(quarter=ada.quarter, neighbour=neighbour)
    request = a_request(ada)
    assert first_gate(request) == "quarter"
    assert {"code": "serving", "count": 1} in suggestions.why_not(request, now=NOW).changes
    emil.volunteer_profile.served_quarters.add(ada.quarter)
    assert len(suggestions.suggestions(request, now=NOW)) == 1
    ada.quarter.admits_neighbours = False
    ada.quarter.save()
    request.refresh_from_db()
    assert first_gate(request) == "quarter"
    opened = {"code": "quarter", "quarter": "Nachbarhof", "id": str(neighbour.pk), "count": 1}
    assert opened in suggestions.why_not(request, now=NOW).changes


def test_radius_is_measured_from_cell_to_cell(ada, ben):
    request = a_request(ada)
    ben.place.cell = FAR_CELL
    ben.place.save()
    assert first_gate(request) == "radius"


def test_by_telephone_distance_does_not_count(ada, ben):
    a_skill("anrufen", remote=True)
    ben.volunteer_profile.offered_skills.create(skill_id="anrufen")
    ben.place.cell = FAR_CELL
    ben.place.save()
    assert len(suggestions.suggestions(a_request(ada, skills=("anrufen",)), now=NOW)) == 1


def test_language_and_gender_are_gates_only_where_asked_for(ada, ben):
    assert suggestions.suggestions(a_request(ada), now=NOW)
    assert first_gate(a_request(ada, languages=["tr"])) == "language"
    assert first_gate(a_request(ada, gender_wish="woman")) == "gender"


def test_minors_only_for_what_admits_them(ada):
    a_skill("hund", minors_may=True)
    a_skill("leiter", minors_may=False)
    jo = a_volunteer("Jo", skills=("hund", "leiter"), born_on=TODAY.replace(year=TODAY.year - 15))
    jo.vettings.create(kind="parents", on=TODAY)
    after_school = [(NOW + timedelta(days=1, hours=5), NOW + timedelta(days=1, hours=8))]
    assert suggestions.suggestions(a_request(ada, skills=("hund",), windows=after_school), now=NOW)
    assert first_gate(a_request(ada, skills=("leiter",))) == "age"
    assert first_gate(a_request(ada, skills=("hund", "leiter"))) == "age"


def test_vetting_must_be_valid_on_the_day_and_the_newest_counts(ada, ben):
    a_skill("kind", needs="certificate")
    ben.volunteer_profile.offered_skills.create(skill_id="kind")
    request = a_request(ada, skills=("kind",))
    assert first_gate(request) == "vetting"
    seen = Vetting.objects.create(
        user=ben, kind="certificate", on=date(2024, 1, 1), valid_until=TODAY - timedelta(days=1)
    )
    assert first_gate(request) == "vetting"
    Vetting.objects.filter(pk=seen.pk).update(valid_until=TODAY)  # good today, but the visit is tomorrow
    assert first_gate(request) == "vetting"
    Vetting.objects.filter(pk=seen.pk).update(valid_until=TODAY + timedelta(days=1))
    assert suggestions.suggestions(request, now=NOW)
    Vetting.objects.create(user=ben, kind="certificate", on=TODAY, suitable=False)
    assert first_gate(request) == "vetting"


@pytest.mark.parametrize("by_resident", [True, False])
def test_blocked_either_way_is_no_pair_and_nobody_is_told(by_resident, ada, ben):
    pair = (ada, ben) if by_resident else (ben, ada)
    Block.objects.create(blocker=pair[0], blocked=pair[1])
    assert first_gate(a_request(ada)) == "blocked"


@pytest.mark.parametrize("state", ["rejected", "declined", "refused", "expired", "ended"])
def test_who_was_looked_at_before_is_not_asked_again_for_it(state, ada, ben):
    request = a_request(ada)
    a_match(request, ben, state=state)
    assert first_gate(request) == "rejected"
    assert suggestions.suggestions(a_request(ada), now=NOW)


def test_absence_and_agreed_appointments_are_taken_out(ada, ben):
    request = a_request(ada)
    other = a_match(a_request(a_person("Greta")), ben, state="confirmed")
    window = request.windows.get()
    visit = Appointment.objects.create(
        match=other, start=window.start, end=window.end - timedelta(minutes=30), state="agreed"
    )
    assert first_gate(request) == "time"
    visit.delete()
    AvailabilityException.objects.create(
        profile=ben.volunteer_profile, first_day=window.start.date(), last_day=window.start.date()
    )
    assert first_gate(request) == "time"


def test_nobody_is_suggested_to_themselves(ben):
    assert suggestions.suggestions(a_request(ben), now=NOW) == []


def test_whole_duration_must_fit_inside_one_window(ada, ben):
    start = NOW + timedelta(days=1)
    short = [
        (start, start + timedelta(minutes=45)),
        (start + timedelta(hours=2), start + timedelta(hours=2, minutes=45)),
    ]
    request = a_request(ada, windows=short)
    assert first_gate(request) == "time"
    assert any(change["code"] == "stretch" for change in suggestions.why_not(request, now=NOW).changes)


def test_changes_are_computed_for_real(ada, ben):
    a_skill("auto")
    request = a_request(ada, skills=("einkaufen", "auto"))
    [change] = [one for one in suggestions.why_not(request, now=NOW).changes if one["code"] == "without_skill"]
    assert (change["slug"], change["count"]) == ("auto", 1)
    request.skills.remove("auto")
    assert len(suggestions.suggestions(request, now=NOW)) == 1


def test_place_that_was_not_found_still_finds_helpers(ada, ben):
    place = a_place(ada.quarter, cell="")
    assert len(suggestions.suggestions(a_request(ada, place=place), now=NOW)) == 1


@pytest.mark.parametrize("count", [2, 12])
def test_number_of_queries_does_not_grow_with_volunteers(count, ada, django_assert_max_num_queries):
    for index in range(count):
        a_volunteer(f"Helfer{index}")
    request = a_request(ada)
    VolunteerChange.objects.all().delete()  # written long ago: inside a transaction nothing else counts as read
    suggestions.suggestions(request, now=NOW)  # the roster is there
    with django_assert_max_num_queries(16):
        assert len(suggestions.suggestions(request, now=NOW, limit=50)) == count
    with django_assert_max_num_queries(16):
        suggestions.why_not(request, now=NOW)


def test_nobody_is_proposed_for_a_time_too_near_to_arrange(ada, ben):
    soon = [(NOW + timedelta(minutes=10), NOW + timedelta(hours=4))]
    [calm] = suggestions.suggestions(a_request(ada, windows=soon), now=NOW)
    [urgent] = suggestions.suggestions(a_request(ada, windows=soon, urgency=2), now=NOW)
    assert calm.slot_start == NOW + timedelta(hours=2)
    assert urgent.slot_start == NOW + timedelta(minutes=30)
