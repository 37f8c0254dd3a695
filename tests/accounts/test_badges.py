"""A badge is good or not: the page behind its code tells no more, and the office reads the number on the telephone."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions import badges
from accounts.models import Badge, RoleAssignment, VolunteerProfile
from core.errors import Invalid, NotAllowed, NotVisible, TooMany
from tests.people import a_person, a_quarter


@pytest.fixture
def badge(ben, cleo) -> Badge:
    return badges.issue_badge(person_id=ben.pk, by=cleo, now=timezone.now())


def test_a_badge_has_a_number_to_say_and_a_code_to_scan(badge):
    assert len(badge.number) == 6
    assert badge.spoken == f"{badge.number[:3]} {badge.number[3:]}"
    assert len(badge.code) == 12
    assert badge.delete_on == badge.valid_until + timedelta(days=90)


def test_a_new_badge_ends_the_one_before(badge, ben, cleo):
    new = badges.issue_badge(person_id=ben.pk, by=cleo, now=timezone.now())
    assert badges.running_badge(ben, now=timezone.now()) == new
    badge.refresh_from_db()
    assert badge.withdrawn_at


def test_whoever_was_not_welcomed_gets_none(ben, cleo):
    VolunteerProfile.objects.filter(user=ben).update(welcomed_at=None)
    with pytest.raises(Invalid):
        badges.issue_badge(person_id=ben.pk, by=cleo, now=timezone.now())


def test_only_the_office_gives_and_takes(badge, ada, ben, cleo):
    with pytest.raises(NotAllowed):
        badges.issue_badge(person_id=ben.pk, by=ben, now=timezone.now())
    for verb in (badges.issue_badge, badges.withdraw_badge):
        with pytest.raises(NotVisible):
            verb(person_id=ben.pk, by=ada, now=timezone.now())


def spoil(badge: Badge, how: str) -> None:
    """Make a good badge good no longer."""
    day, now = timezone.localdate(), timezone.now()
    if how == "withdrawn":
        Badge.objects.filter(pk=badge.pk).update(withdrawn_at=now)
    if how == "run out":
        Badge.objects.filter(pk=badge.pk).update(issued_on=day - timedelta(400), valid_until=day - timedelta(1))
    if how == "suspended":
        badge.user.suspended_at = now
        badge.user.save()
    if how == "inactive":
        badge.user.is_active = False
        badge.user.save()


def without_tokens(answer, code: str) -> str:
    """The page without the asked code itself and without the forms' tokens, which differ each time."""
    return re.sub(r'token" value="[^"]*"', "", answer.content.decode().replace(code, ""))


@pytest.mark.parametrize("how", ["withdrawn", "run out", "suspended", "inactive"])
def test_a_bad_badge_looks_like_one_that_never_was(how, badge, client):
    good = client.get(f"/ausweis/{badge.code}/")
    spoil(badge, how)
    answer, never = client.get(f"/ausweis/{badge.code}/"), client.get("/ausweis/ABCDEFGHJKLM/")
    assert (good.status_code, answer.status_code, never.status_code) == (200, 404, 404)
    assert without_tokens(answer, badge.code) == without_tokens(never, "ABCDEFGHJKLM")


def test_the_page_names_first_name_and_office_only(badge, client, ben):
    page = client.get(f"/ausweis/{badge.code}/").content.decode()
    assert "Ben" in page
    assert ben.quarter.office_name in page
    for secret in (ben.last_name, ben.email, badge.number, str(ben.pk)):
        assert secret not in page


@pytest.mark.parametrize("code", ["x", "%00", "ä" * 200, "482913", "../", "' OR 1=1"])
def test_nonsense_is_a_bad_badge(code, badge, client):
    assert client.get(f"/ausweis/{code}/").status_code == 404


def test_the_number_opens_no_public_page(badge, client):
    assert client.get(f"/ausweis/{badge.number}/").status_code == 404


def test_a_typed_code_may_be_small(badge, client):
    assert client.get(f"/ausweis/{badge.code.lower()}/").status_code == 200


def test_looking_too_often_stops_the_good_and_the_bad_alike(badge):
    now = timezone.now()
    for _turn in range(badges.LOOKS):
        assert badges.look_at_badge(code="ABC", visitor="192.0.2.7", now=now) is None
    for code in ("ABC", badge.code):
        with pytest.raises(TooMany):
            badges.look_at_badge(code=code, visitor="192.0.2.7", now=now)
    assert badges.look_at_badge(code=badge.code, visitor="192.0.2.8", now=now) == badge
    assert badges.look_at_badge(code=badge.code, visitor="192.0.2.7", now=now + badges.LOOKS_PER) == badge


def test_too_often_is_a_page_with_429(badge, client, monkeypatch):
    monkeypatch.setattr(badges, "LOOKS", 1)
    client.get("/ausweis/ABC/")
    assert client.get(f"/ausweis/{badge.code}/").status_code == 429


def test_a_worker_of_any_quarter_confirms_a_number(badge, page_as, cleo):
    worker = a_person("Fritz", a_quarter("Fernau", west=7.3))
    RoleAssignment.objects.create(user=worker, role="worker", quarter=worker.quarter)
    for person in (cleo, worker):
        page = page_as(person).post("/buero/ausweis/", {"nummer": badge.spoken}).content.decode()
        assert "gilt heute" in page
        assert ("Ben Bogen" in page) == (person == cleo)


@pytest.mark.parametrize("typed", ["", "000000", "abc", "48291", "4829133333333333333333333", "\x00"])
def test_a_wrong_number_is_said_to_be_none(typed, badge, page_as, cleo):
    answer = page_as(cleo).post("/buero/ausweis/", {"nummer": typed})
    assert answer.status_code == 200
    assert "Kein gültiger Ausweis" in answer.content.decode()


def test_nobody_but_a_worker_checks_numbers(badge, ben):
    with pytest.raises(NotAllowed):
        badges.check_number(number=badge.number, by=ben, now=timezone.now())


def test_the_desk_gives_and_takes_a_badge(page_as, ben, cleo):
    door = page_as(cleo)
    door.post(f"/buero/person/{ben.pk}/ausweis/geben/")
    assert Badge.objects.get().spoken in door.get(f"/buero/person/{ben.pk}/").content.decode()
    door.post(f"/buero/person/{ben.pk}/ausweis/sperren/")
    assert "Noch kein gültiger Ausweis" in door.get(f"/buero/person/{ben.pk}/").content.decode()
