"""A change counts in every process within a second, without anybody filling the roster anew."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from accounts.models import (
    Availability,
    AvailabilityException,
    OfferedSkill,
    User,
    Vetting,
    VolunteerChange,
    VolunteerProfile,
)
from matching import loading, roster
from matching.models import Appointment, Match
from matching.roster import load
from matching.roster.columns import FIELDS
from matching.roster.fresh import Keeper
from places.models import Place
from tests.people import NOW, TODAY, a_match, a_quarter, a_request, a_skill, a_volunteer

CHANGES = {
    "profile": lambda ben: VolunteerProfile.objects.filter(user=ben).update(radius_m=300),
    "person": lambda ben: User.objects.filter(pk=ben.pk).update(languages=["tr"]),
    "suspended": lambda ben: User.objects.filter(pk=ben.pk).update(suspended_at=NOW),
    "hours": lambda ben: Availability.objects.filter(profile__user=ben, weekday=1).delete(),
    "away": lambda ben: AvailabilityException.objects.create(
        profile=ben.volunteer_profile, first_day=TODAY, last_day=TODAY + timedelta(days=3)
    ),
    "skill gone": lambda ben: OfferedSkill.objects.filter(profile__user=ben).delete(),
    "skill new": lambda ben: OfferedSkill.objects.create(profile=ben.volunteer_profile, skill=a_skill("hund"), level=3),
    "quarters": lambda ben: ben.volunteer_profile.served_quarters.add(a_quarter("Nachbarhof", west=7.02)),
    "vetting": lambda ben: Vetting.objects.create(user=ben, kind="talk", on=TODAY, suitable=False),
    "place": lambda ben: Place.objects.filter(pk=ben.place_id).update(cell="881fa19183fffff"),
    "match": lambda ben: a_match(a_request(), ben, state="asked"),
    "moved match": lambda ben: Match.objects.filter(volunteer=ben).update(state="declined"),
    "appointment": lambda ben: _appointment(a_match(a_request(), ben, state="confirmed")),
    "deleted": lambda ben: VolunteerProfile.objects.filter(user=ben).delete(),
}


def _appointment(match):
    start = NOW + timedelta(days=1)
    Appointment.objects.create(match=match, start=start, end=start + timedelta(hours=1), state="agreed")


MASKS = {"skills": "skill_names", "level_1": "skill_names", "level_2": "skill_names", "languages": "language_names"}


def seen(columns, person):
    """Everything the columns say of one person in words, and whom they are listed with; None for somebody gone."""
    [row] = columns.rows_of([person.pk]).tolist()
    if row < 0 or not columns.here[row]:
        return None
    found = {name: getattr(columns, name)[row].tolist() for name in FIELDS if name not in ("home", "cell")}
    found |= {
        name: {word for _bit, word in getattr(columns, words).of_mask(found[name])} for name, words in MASKS.items()
    }
    found["serves"] = {q for number, q in enumerate(columns.quarters.words) if row in columns.serving.of(number)}
    found["lives"] = {q for number, q in enumerate(columns.quarters.words) if row in columns.living.of(number)}
    found["cell"] = columns.cells.word(int(columns.cell[row]))
    found["days"] = _dated(columns.days, row, "word")
    found["visits"] = _dated(columns.visits, row, "start", "end")
    return found


def _dated(table, row, *names):
    mine = table.keys >> 20 == row
    return [table.keys[mine].tolist()[i] & (1 << 20) - 1 for i in range(mine.sum())], *(
        table.columns[name][mine].tolist() for name in names
    )


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_the_roster_is_as_if_filled_anew(change, ben):
    a_volunteer("Emil")
    roster.current(now=NOW)
    CHANGES[change](ben)
    kept = roster.current(now=NOW).columns
    anew = load.everybody(now=NOW, zone=loading.zone_of(ben.quarter))
    assert seen(kept, ben) == seen(anew, ben)


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_a_request_is_answered_as_if_filled_anew(change, ben):
    """What is kept of a quarter from one request to the next goes with the people it was made of."""
    a_volunteer("Emil")
    facts = loading.request_facts(a_request(), now=NOW)
    asked_before = roster.current(now=NOW).top(facts, now=NOW)
    assert ben.pk in {one.volunteer.id for one in asked_before}
    CHANGES[change](ben)
    kept = roster.current(now=NOW).top(facts, now=NOW)
    roster.forget()
    assert kept == roster.current(now=NOW).top(facts, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("change", [name for name in CHANGES if name != "moved match"])
def test_every_change_leaves_a_note_about_that_person(change, ben):
    VolunteerChange.objects.all().delete()
    CHANGES[change](ben)
    assert ben.pk in set(VolunteerChange.objects.values_list("user_id", flat=True))


@pytest.mark.django_db
def test_logging_in_is_no_change_of_a_volunteer(ben):
    VolunteerChange.objects.all().delete()
    User.objects.filter(pk=ben.pk).update(last_login=NOW, text_size="large")
    assert not VolunteerChange.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_is_forgotten_again(ben):
    roster.current(now=NOW)
    with transaction.atomic():
        VolunteerProfile.objects.filter(user=ben).update(radius_m=300)
        assert _radius(roster.current(now=NOW), ben) == 300
        transaction.set_rollback(True)
    roster.fresh._keeper._looked = 0.0
    assert _radius(roster.current(now=NOW), ben) == 5000


@pytest.mark.django_db
def test_inside_a_transaction_only_whoever_changed_since_the_last_look_is_read_again(ben, monkeypatch):
    carl, read = a_volunteer("Carl"), []
    roster.current(now=NOW)
    real = load.some
    monkeypatch.setattr(
        load, "some", lambda columns, people, **when: read.extend(people) or real(columns, people, **when)
    )
    roster.current(now=NOW)
    with transaction.atomic():
        VolunteerProfile.objects.filter(user=carl).update(radius_m=300)
        roster.current(now=NOW)
        roster.current(now=NOW)
        transaction.set_rollback(True)
    assert read == [carl.pk]
    roster.current(now=NOW)
    assert read == [carl.pk, carl.pk]  # what was undone


@pytest.mark.django_db(transaction=True)
def test_another_process_sees_it_too(ben):
    mine, theirs = Keeper(), Keeper()
    mine.current(now=NOW), theirs.current(now=NOW)
    VolunteerProfile.objects.filter(user=ben).update(radius_m=700)
    mine._looked = theirs._looked = 0.0
    assert [_radius(one.current(now=NOW), ben) for one in (mine, theirs)] == [700, 700]


@pytest.mark.django_db(transaction=True)
def test_a_note_that_is_committed_late_is_not_missed(ben):
    """On PostgreSQL a transaction may commit a lower number after a higher one was read."""
    emil = a_volunteer("Emil")
    keeper = Keeper()
    keeper.current(now=NOW)
    VolunteerChange.objects.all().delete()
    VolunteerChange.objects.create(pk=1_000_007, user_id=emil.pk)
    keeper._looked = 0.0
    keeper.current(now=NOW)
    VolunteerProfile.objects.filter(user=ben).update(radius_m=700)
    VolunteerChange.objects.all().delete()
    VolunteerChange.objects.create(pk=1_000_003, user_id=ben.pk)
    keeper._looked = 0.0
    assert _radius(keeper.current(now=NOW), ben) == 700


@pytest.mark.django_db(transaction=True)
def test_many_may_ask_while_people_change(ben):
    """Nobody sees a half-written row, and nothing breaks."""
    request = a_request()
    facts = loading.request_facts(request, now=NOW)
    wrong: list[Exception] = []

    def ask():
        try:
            for _ in range(30):
                roster.fresh._keeper._looked = 0.0
                roster.current(now=NOW).top(facts, now=NOW)
        except Exception as trouble:
            wrong.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(3)]
    [thread.start() for thread in threads]
    for radius in range(300, 330):
        VolunteerProfile.objects.filter(user=ben).update(radius_m=radius)
    [thread.join() for thread in threads]
    assert not wrong
    roster.fresh._keeper._looked = 0.0
    assert _radius(roster.current(now=NOW), ben) == 329


@pytest.mark.django_db
def test_old_notes_go_and_a_sleeper_starts_anew(ben):
    assert VolunteerChange.objects.exists()
    VolunteerChange.objects.update(at=NOW - timedelta(days=2))
    assert roster.drop_old_notes(now=NOW) > 0
    assert not VolunteerChange.objects.exists()


def _radius(picture, person):
    return int(picture.columns.radius_m[picture.columns.rows_of([person.pk])[0]])
