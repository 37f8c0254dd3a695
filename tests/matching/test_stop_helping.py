"""Whoever helps may stop: promises end with notice, the rest goes by the calendar, and one may begin again."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts import search
from accounts.actions import badges, profiles, vetting
from accounts.models import User, VolunteerProfile
from accounts.roles import profile_of
from config.forgetting import forget
from core.errors import NotVisible
from matching import actions, overview, roster, states
from matching.actions import leaving
from matching.actions.steps import take_load
from matching.calls import book
from matching.errors import NoCapacity
from matching.models import Appointment, BookedSlot, Match, MatchEvent
from messaging.actions import open_conversation
from messaging.models import Notice
from places.models import Quarter
from tests.api.client import Door
from tests.people import NOW, TODAY, a_match, a_person, a_quarter, a_request, a_volunteer

pytestmark = pytest.mark.django_db
LAST_DAY = TODAY + timedelta(days=90)


@pytest.fixture
def a_pair(ada, ben, django_capture_on_commit_callbacks):
    """Ada and Ben with a visit agreed for tomorrow, and Ben asked for something else."""
    with time_machine.travel(NOW, tick=False):
        match = a_match(a_request(ada), ben, state="confirmed")
        a_match(a_request(a_person("Erna")), ben, state="asked")
        VolunteerProfile.objects.filter(user=ben).update(live_matches=2)
        open_conversation(match=match, now=NOW)
        start = NOW + timedelta(days=1)
        visit = actions.propose_appointment(
            match_id=match.pk, start=start, end=start + timedelta(hours=1), by=ben, now=NOW
        )
        actions.agree_appointment(appointment_id=visit.pk, by=ada, now=NOW)
        yield match
        roster.forget()


def _stop(by, person, now=NOW):
    return actions.stop_helping(person_id=person.pk, by=by, now=now)


def test_every_pair_ends_and_visits_are_called_off(a_pair, ada, ben):
    assert overview.promises_of(ben, now=NOW) == overview.Promises(2, 1, 90)
    assert _stop(ben, ben) == 2
    a_pair.refresh_from_db()
    assert a_pair.state == states.ENDED
    assert a_pair.request.__class__.objects.get(pk=a_pair.request_id).state == states.OPEN
    assert Appointment.objects.get().state == Appointment.State.CANCELLED
    assert not BookedSlot.objects.exists()
    assert not Match.objects.live().filter(volunteer=ben).exists()
    assert profile_of(ben) is None


def test_who_waits_is_told(a_pair, ada, ben):
    Notice.objects.all().delete()
    _stop(ben, ben)
    assert Notice.objects.filter(person=ada, kind="left").exists()


def test_the_next_best_is_asked_at_once(a_pair, ada, ben, django_capture_on_commit_callbacks):
    """As at every end of a pair: a wave goes on without anybody's doing, and never to who stopped."""
    a_volunteer("Vera")
    Quarter.objects.update(releases_routine=True)
    with django_capture_on_commit_callbacks(execute=True):
        _stop(ben, ben)
    assert a_pair.request.matches.live().get().volunteer.first_name == "Vera"


def test_also_where_they_were_only_asked(a_pair, ben, cleo, django_capture_on_commit_callbacks):
    a_volunteer("Vera")
    asked = Match.objects.get(volunteer=ben, state=states.ASKED)
    with django_capture_on_commit_callbacks(execute=True):
        _stop(ben, ben)
    assert asked.request.matches.live().get().volunteer.first_name == "Vera"


def test_nobody_is_found_for_them_who_stopped_a_moment_ago(ben):
    _stop(ben, ben)
    with pytest.raises(NoCapacity):
        take_load(ben)


def test_the_office_finds_them_as_somebody_who_does_not_help(ben, cleo, page_as):
    desk = page_as(cleo)
    User.objects.update(search_key=search.key(ben))  # two fit, or the one would open at once
    ways = [reverse("desk:people"), reverse("desk:caller")]
    assert all("hilft</" in desk.post(way, {"q": "Bogen"}).content.decode() for way in ways)
    _stop(ben, ben)
    assert not any("hilft</" in desk.post(way, {"q": "Bogen"}).content.decode() for way in ways)
    door = Door(desk)
    found = door.post("people/search/", {"text": "Bogen"})["results"]
    assert {(row["helps"], row["welcomed"]) for row in found} == {(False, False)}
    assert door.get(f"people/{ben.pk}/")["volunteer_profile"] is None


def test_badge_profile_and_checks_go_on_their_days(a_pair, ben, cleo):
    badges.issue_badge(person_id=ben.pk, by=cleo, now=NOW)
    _stop(ben, ben)
    assert badges.running_badge(ben, now=NOW) is None
    assert VolunteerProfile.objects.get(user=ben).delete_on == LAST_DAY
    assert set(ben.vettings.values_list("delete_on", flat=True)) == {LAST_DAY}
    with time_machine.travel(NOW + timedelta(days=90), tick=False):
        forget(now=timezone.now())
        assert ben.vettings.exists()
        assert VolunteerProfile.objects.filter(user=ben).exists()
    with time_machine.travel(NOW + timedelta(days=91), tick=False):
        forget(now=timezone.now())
        assert not ben.vettings.exists()
        assert not VolunteerProfile.objects.filter(user=ben).exists()


def test_a_check_that_ends_earlier_goes_earlier(ben):
    ben.vettings.filter(kind="pledge").update(delete_on=TODAY + timedelta(days=5))
    _stop(ben, ben)
    assert ben.vettings.get(kind="pledge").delete_on == TODAY + timedelta(days=5)


def test_one_may_begin_again_and_is_welcomed_anew(a_pair, ben, cleo):
    offered = set(ben.volunteer_profile.skills.values_list("pk", flat=True))
    _stop(ben, ben)
    profile = profiles.become_volunteer(person_id=ben.pk, by=ben, now=NOW + timedelta(days=30))
    assert (profile.stopped_at, profile.delete_on, profile.welcomed_at) == (None, None, None)
    assert set(profile.skills.values_list("pk", flat=True)) == offered
    assert set(ben.vettings.values_list("delete_on", flat=True)) == {None}
    assert vetting.welcome_volunteer(person_id=ben.pk, by=cleo, now=NOW).welcomed_at == NOW


def test_who_stopped_is_neither_welcomed_nor_waited_for_nor_resumed(ben, cleo, page_as):
    _stop(ben, ben)
    with pytest.raises(NotVisible):
        vetting.welcome_volunteer(person_id=ben.pk, by=cleo, now=NOW)
    with pytest.raises(NotVisible):
        profiles.resume(person_id=ben.pk, by=ben, now=NOW)
    assert "Bogen" not in page_as(cleo).get(reverse("desk:helpers")).content.decode()


@pytest.mark.parametrize("who", ["ada", "dora", "nils", "egon"])
def test_nobody_else_may(who, ada, ben, dora):
    far = a_quarter("Birkenau", west=7.1)
    others = {"ada": ada, "dora": dora, "nils": a_volunteer("Nils"), "egon": a_person("Egon", far)}
    with pytest.raises(NotVisible):
        _stop(others[who], ben)
    assert profile_of(ben)


def test_twice_and_without_a_profile_there_is_nothing(ada, ben):
    _stop(ben, ben)
    for person in (ben, ada):
        with pytest.raises(NotVisible):
            _stop(person, person)


def test_the_page_says_what_ends_and_one_tap_does_it(a_pair, ben, page_as):
    client = page_as(ben)
    page = client.get(reverse("matching:stop_helping")).content.decode()
    assert "2 laufende Vermittlungen enden" in page
    assert "Ein verabredeter Besuch wird abgesagt" in page
    answer = client.post(reverse("matching:stop_helping"), follow=True)
    assert "Danke für alles" in answer.content.decode()
    assert client.get(reverse("matching:stop_helping")).status_code == 404
    assert client.get(reverse("accounts:helping")).status_code == 200  # the way back in


def test_the_office_does_it_on_somebodys_word(a_pair, ben, cleo, page_as):
    client = page_as(cleo)
    assert "möchte nicht mehr helfen?" in client.get(reverse("desk:stop_helping", args=[ben.pk])).content.decode()
    page = client.post(reverse("desk:stop_helping", args=[ben.pk]), follow=True).content.decode()
    assert "hilft nicht mehr" in page
    assert client.get(reverse("desk:stop_helping", args=[ben.pk])).status_code == 404


def test_the_case_says_who_of_the_office_heard_it_and_nobody_is_told_what_they_said(a_pair, ada, ben, cleo):
    Notice.objects.all().delete()
    User.objects.filter(pk=ben.pk).update(channel="phone", phone="0214 123456")
    _stop(cleo, ben)
    assert set(MatchEvent.objects.filter(reason="left").values_list("move", "by", "spoken")) == {
        ("end", cleo.pk, True), ("close", cleo.pk, True),
    }  # fmt: skip
    Match.objects.filter(state=states.CLOSED).update(accepted_at=NOW)  # a yes nobody needs to thank for
    assert {(row.person, row.kind) for row in Notice.objects.all()} == {(ada, "left")}
    now = NOW + timedelta(minutes=1)
    assert book.of_person(ben, [ben.quarter], reader=cleo, now=now) == []


def test_an_app_does_it_too(a_pair, ben, page_as):
    door = Door(page_as(ben))
    door.post("volunteer-profile/stop/")
    assert door.status == 204
    door.get("volunteer-profile/")
    assert door.status == 404
    door.post("volunteer-profile/stop/")
    assert door.status == 404


def test_what_was_proposed_while_they_were_stopping_ends_too(a_pair, ben, monkeypatch):
    """PostgreSQL lets a proposal in between the look at what runs and the moment the profile says it is over."""
    late = a_request(a_person("Olga"))

    def end_helping(profile, **words):
        a_match(late, ben, state="proposed")
        end(profile, **words)

    end = leaving.end_helping
    monkeypatch.setattr(leaving, "end_helping", end_helping)
    assert _stop(ben, ben) == 3
    assert late.matches.get().state == states.CLOSED
