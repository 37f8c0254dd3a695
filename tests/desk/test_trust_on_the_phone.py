"""Somebody on the telephone names whom they trust, gets a code of their own, and the story marks who acted."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.trust import revoke_trusted_person
from accounts.models import TrustedPerson, User
from matching import actions, chronicle
from matching.calls import verbs
from matching.desk import story
from tests import people

pytestmark = pytest.mark.django_db
MIA = {"name": "Mia Abend", "email": "mia@example.org", "agreed": "on"}


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


@pytest.fixture
def caller(cleo) -> User:
    return people.a_person("Else", last_name="Pütz", email=None, channel="phone", created_by=cleo)


def test_the_worker_names_a_trusted_person_on_the_spoken_word_and_ends_it(desk, caller):
    desk.post(reverse("desk:trust", args=[caller.pk]), MIA)
    row = TrustedPerson.objects.get(resident=caller)
    assert row.person.email == "mia@example.org"
    desk.post(reverse("desk:untrust", args=[caller.pk, row.pk]))
    row.refresh_from_db()
    assert row.revoked_at is not None


@pytest.mark.parametrize("wrong", [{"agreed": ""}, {"email": "x"}, {"name": ""}, {"name": "a\x00"}])
def test_without_the_word_or_an_address_nobody_is_named(wrong, desk, caller):
    assert desk.post(reverse("desk:trust", args=[caller.pk]), MIA | wrong).status_code == 400
    assert not TrustedPerson.objects.exists()


def test_the_code_is_shown_once(desk, caller):
    page = desk.post(reverse("desk:access_code", args=[caller.pk]), {"way": "hand"})
    code = page.context["access_code"]
    assert code in page.content.decode()
    assert code not in desk.get(reverse("desk:person", args=[caller.pk])).content.decode()


def test_whoever_comes_in_by_themselves_gets_no_code(desk, ada):
    User.objects.filter(pk=ada.pk).update(last_login=timezone.now())
    assert desk.post(reverse("desk:access_code", args=[ada.pk]), {"way": "hand"}).status_code == 409
    assert "Code ausgeben" not in desk.get(reverse("desk:person", args=[ada.pk])).content.decode()


def test_an_address_is_put_on_record_with_the_other_details(desk, caller):
    page = reverse("desk:contact", args=[caller.pk])
    form = {"first_name": "Else", "last_name": "Pütz", "channel": "phone", "call_time": "morning"}
    desk.post(page, form | {"email": "else@example.org"})
    caller.refresh_from_db()
    assert (caller.email, caller.call_time, caller.channel) == ("else@example.org", "morning", "phone")


def test_every_act_of_a_trusted_person_is_marked_also_once_it_is_over(ada, ben, cleo, dora):
    now = timezone.now()
    trust = people.trusts(ada, dora, since=now - timedelta(hours=1))
    request = actions.start_request(resident=ada, by=cleo, now=now - timedelta(hours=3))
    later = now + timedelta(days=2)
    changes = {"skills": ["einkaufen"], "flexible_until": (now + timedelta(days=9)).date()}
    actions.change_request(request_id=request.pk, by=cleo, now=now, changes=changes)
    actions.publish_request(request_id=request.pk, by=cleo, now=now, consent="oral")
    match = people.a_match(request, ben, state="accepted")
    actions.confirm_match(match_id=match.pk, by=dora, now=now)
    visit = actions.propose_appointment(match_id=match.pk, start=later, end=later + timedelta(hours=1), by=ben, now=now)
    actions.agree_appointment(appointment_id=visit.pk, by=dora, now=now)
    verbs.note_incoming(person=ada, by=cleo, now=now, request=request)
    revoke_trusted_person(trust_id=trust.pk, by=ada, now=now + timedelta(minutes=1))
    entries = story.of(request, now)
    acted = {entry.text.split(":")[0] for entry in entries if entry.by == "Dora Dohle als Vertrauensperson"}
    assert acted == {"Ben Bogen ist bestätigt.", "Jemand ist gefunden.", "Termin abgemacht"}
    assert any(entry.text == "Anruf mit Ada Abend. Bitte aufgenommen." for entry in entries)
    said = [line.said for line in chronicle.of_request(request, now=now)]
    assert sum("Das war Dora als Vertrauensperson." in sentence for sentence in said) == 1


def test_what_somebody_does_before_and_after_is_not_marked(ada, ben, dora):
    now = timezone.now()
    over = {"since": now - timedelta(days=9), "revoked_at": now - timedelta(days=8)}
    people.trusts(ada, dora, **over)
    match = people.a_match(people.a_request(ada), ben, state="accepted")
    match.events.create(move="confirm", after="confirmed", by=dora, at=now)
    assert [entry.by for entry in story.of(match.request, now)] == ["Dora Dohle"]
