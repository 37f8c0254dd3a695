"""A person whom the office entered comes in by themselves: their row stays, and nobody else gets it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import claims
from accounts.actions.people import EmailTaken
from accounts.models import AccessCode, RoleAssignment, User
from accounts.views import claim
from core.errors import HouseError, NotAllowed, NotVisible
from matching.models import HelpRequest
from tests import people

pytestmark = pytest.mark.django_db
EMAIL = "else@example.org"


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    cache.clear()
    monkeypatch.setattr(claim, "EVEN_SECONDS", 0.0)


@pytest.fixture
def else_(cleo) -> User:
    return people.a_person("Else", last_name="Pütz", email=None, channel="phone", created_by=cleo)


def a_code(else_: User, cleo: User, **more) -> str:
    said = {"now": timezone.now(), "way": "hand"} | more
    return claims.issue_access_code(person_id=else_.pk, by=cleo, **said)


def type_in(code: str, email: str = EMAIL, client: Client | None = None) -> tuple[Client, object]:
    client = client or Client()
    return client, client.post(reverse("accounts:claim"), {"code": code, "email": email})


def test_the_person_comes_in_and_the_history_is_theirs(else_, cleo):
    request = people.a_request(else_)
    client, _answer = type_in(a_code(else_, cleo).lower().replace("-", " "))
    client.post(reverse("accounts:claim_code"), {"mailed": client.session["claim"]["mailed"]})
    else_.refresh_from_db()
    assert (else_.email, else_.channel) == (EMAIL, "online")
    assert else_.emailaddress_set.get().verified
    assert client.get(reverse("home")).context["user"] == else_
    assert HelpRequest.objects.visible_to(else_).get() == request


def test_the_mail_brings_the_code_that_is_asked_for(else_, cleo):
    client, answer = type_in(a_code(else_, cleo))
    assert answer.url == reverse("accounts:claim_code")
    assert client.session["claim"]["mailed"] in mail.outbox[-1].body
    assert mail.outbox[-1].to == [EMAIL]


def test_nothing_changes_before_the_address_is_proved(else_, cleo):
    type_in(a_code(else_, cleo))
    else_.refresh_from_db()
    assert else_.email is None


def test_a_known_address_looks_the_same_and_leads_nowhere(else_, cleo, ada):
    code = a_code(else_, cleo)
    client, answer = type_in(code, ada.email)
    free, other = type_in(code)
    assert (answer.status_code, answer.url) == (other.status_code, other.url)
    pages = [one.get(reverse("accounts:claim_code")).content.decode().split("<main")[1] for one in (client, free)]
    strip = [page.replace(ada.email, "X").replace(EMAIL, "X").split("csrfmiddlewaretoken") for page in pages]
    assert strip[0][0] == strip[1][0]
    assert client.post(reverse("accounts:claim_code"), {"mailed": ""}).status_code == 400
    assert client.post(reverse("accounts:claim_code"), {"mailed": "-"}).status_code == 400
    else_.refresh_from_db()
    assert else_.email is None


@pytest.mark.parametrize("why", ["wrong", "old", "used", "replaced", "suspended", "gone"])
def test_every_code_that_does_not_hold_is_answered_alike(why, else_, cleo):
    code = a_code(else_, cleo)
    if why == "old":
        AccessCode.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    if why == "used":
        AccessCode.objects.update(used_at=timezone.now())
    if why == "replaced":
        a_code(else_, cleo)
    if why == "suspended":
        User.objects.filter(pk=else_.pk).update(suspended_at=timezone.now())
    if why == "gone":
        else_.delete()
    _client, answer = type_in("AAAA-AAAA-AA" if why == "wrong" else code)
    assert answer.status_code == 400
    assert list(answer.context["form"].errors["code"]) == [str(claims.NoSuchCode.detail)]
    assert mail.outbox == []


def test_three_wrong_codes_of_the_mail_begin_anew(else_, cleo):
    client, _answer = type_in(a_code(else_, cleo))
    for _ in range(2):
        assert client.post(reverse("accounts:claim_code"), {"mailed": "falsch"}).status_code == 400
    assert client.post(reverse("accounts:claim_code"), {"mailed": "falsch"}).url == reverse("accounts:claim")
    assert "claim" not in client.session


def test_who_tries_often_is_slowed_down(else_, cleo):
    client = Client()
    answers = [type_in("AAAA-AAAA-AA", client=client)[1].status_code for _ in range(21)]
    assert (answers[0], answers[-1]) == (400, 429)


def test_a_code_works_once(else_, cleo):
    found = claims.find_access_code(a_code(else_, cleo), now=timezone.now())
    claims.claim_person(access_code_id=found.pk, email=EMAIL, now=timezone.now())
    with pytest.raises(claims.NoSuchCode):
        claims.claim_person(access_code_id=found.pk, email="zwei@example.org", now=timezone.now())


def test_only_the_digest_is_kept_and_it_leaves(else_, cleo):
    code = a_code(else_, cleo)
    row = AccessCode.objects.get()
    assert code.replace("-", "") not in str(vars(row))
    assert row.delete_on == timezone.localdate() + timedelta(days=31)


def test_who_may_have_a_code_and_who_may_make_one(else_, cleo, ada, dora):
    with pytest.raises(NotVisible):
        a_code(else_, dora)
    RoleAssignment.objects.create(user=dora, role="coordinator")
    with pytest.raises(NotAllowed):  # no code opens the door to a role
        a_code(dora, cleo)
    User.objects.filter(pk=ada.pk).update(last_login=timezone.now())
    with pytest.raises(claims.AlreadyTheirs):
        a_code(ada, cleo)


def test_an_address_on_record_is_proved_by_the_first_login(else_, cleo, ada):
    claims.put_email_on_record(person_id=else_.pk, by=cleo, now=timezone.now(), email="Else@Example.org")
    else_.refresh_from_db()
    assert else_.email == EMAIL
    assert not else_.emailaddress_set.get().verified
    with pytest.raises(EmailTaken):
        claims.put_email_on_record(person_id=else_.pk, by=cleo, now=timezone.now(), email=ada.email)
    with pytest.raises(HouseError):
        claims.put_email_on_record(person_id=else_.pk, by=cleo, now=timezone.now(), email="kein Punkt")
