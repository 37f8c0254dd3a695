"""The spam bot: everything a program can send without being anybody (docs/attackers.md)."""

import json
import re
import secrets
import socket
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts import adapter
from accounts.actions import badges
from accounts.models import User, Vetting, VolunteerProfile
from accounts.views import join
from config.forgetting import KEPT_UNPROVED, schedule_people
from config.retention import remove_expired
from core.http import answer_to
from core.limits import door_of
from matching.desk import waiting
from messaging.actions import reports
from tests import people
from tests.accounts.test_join import VOLUNTEER, a_house
from tests.config.test_serve import folder, served  # noqa: F401 - fixtures: the server as a process

pytestmark = pytest.mark.django_db
STEP = "/mitmachen/bewohner/adresse/"


@pytest.fixture(autouse=True)
def _quick_answers(monkeypatch):
    monkeypatch.setattr(join, "EVEN_SECONDS", 0.0)


# --- rows without an account ----------
def test_joining_keeps_no_more_rows_than_its_limit(client):
    for _try in range(70):
        Client().post(STEP, {"street": "x", "back": "1"})
    assert Session.objects.count() == 60
    assert Client().post(STEP, {"street": "x"}).status_code == 429


def test_one_page_of_joining_keeps_one_answer_to_one_question(client):
    much = [secrets.token_hex(150) for _value in range(60)]
    client.post(STEP, dict.fromkeys(("street", "number", "postcode", "hint", "house", "quarter"), much))
    assert len(Session.objects.get().session_data) < 4000
    assert client.get(STEP).context["form"].data["street"] == much[-1]


def test_several_answers_to_a_question_that_allows_them_are_kept(client):
    client.post("/mitmachen/helfer/umkreis/", {"languages": ["de", "tr"], "radius_m": "2000", "back": "1"})
    assert client.get("/mitmachen/helfer/umkreis/").context["form"].data.getlist("languages") == ["de", "tr"]


# --- where a knock comes from ----------
def test_whoever_has_one_ipv6_address_has_all_of_its_network():
    assert door_of("2001:db8:1:2::1") == door_of("2001:db8:1:2:ffff::9") != door_of("2001:db8:1:3::1")
    assert door_of("::ffff:192.0.2.7") == door_of("192.0.2.7") == "192.0.2.7"
    assert door_of("") == ""


def test_badges_and_reports_count_the_network_and_no_forged_header(client):
    for host in range(badges.LOOKS):
        client.get("/ausweis/ABCDEFGHJKLM/", REMOTE_ADDR=f"2001:db8::{host:x}", HTTP_X_FORWARDED_FOR=f"10.0.0.{host}")
    assert client.get("/ausweis/ABCDEFGHJKLM/", REMOTE_ADDR="2001:db8::ffff:1").status_code == 429
    assert client.get("/ausweis/ABCDEFGHJKLM/", REMOTE_ADDR="2001:db8:0:1::1").status_code == 404
    quarter = people.a_quarter().slug
    for host in range(reports.PER_ADDRESS + 1):
        said = {"quarter": quarter, "text": "Da ist etwas", "reason": "other"}
        answer = client.post("/melden/", said, REMOTE_ADDR=f"2001:db8::{host:x}")
    assert answer.status_code == 400
    assert reports.Report.objects.count() == reports.PER_ADDRESS


# --- mails to others ----------
def ask_for_code(email: str, door: str) -> int:
    cache.clear()  # the limits of a minute begin anew, those of a day do not
    answer = Client().post("/konto/login/code/", {"email": email}, REMOTE_ADDR=door)
    return answer.status_code


@pytest.mark.parametrize("email", ["ada@example.org", "stranger@example.org"])
def test_out_of_one_door_somebody_gets_a_few_mails_a_day(ada, email):
    answers = {ask_for_code(email, "192.0.2.1") for _try in range(adapter.MAILS_FROM_TO + 5)}
    assert answers == {302}  # known and unknown alike, before and after
    assert len(mail.outbox) == adapter.MAILS_FROM_TO
    ask_for_code(email, "192.0.2.2")  # the person at home still gets theirs
    assert len(mail.outbox) == adapter.MAILS_FROM_TO + 1


def test_out_of_many_doors_somebody_gets_no_flood(ada):
    for host in range(adapter.MAILS_TO + 5):
        ask_for_code(ada.email, f"192.0.2.{host}")
    assert len(mail.outbox) == adapter.MAILS_TO


def test_out_of_one_door_not_the_whole_town_gets_mail(monkeypatch):
    monkeypatch.setattr(adapter, "MAILS_FROM", 6)
    for number in range(9):
        ask_for_code(f"stranger{number}@example.org", "192.0.2.1")
    assert len(mail.outbox) == 6


def test_the_next_day_mails_go_out_again(ada):
    now = timezone.now()
    assert [adapter.may_mail("a@example.org", now=now) for _try in range(adapter.MAILS_TO + 1)].count(False) == 1
    assert adapter.may_mail("a@example.org", now=now + timedelta(days=1))


# --- bodies ----------
def answer_to_body(port: int, head: bytes, piece: bytes, times: int) -> tuple[bytes, int]:
    """What the server says, and how many pieces it took before it hung up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"POST /melden/ HTTP/1.1\r\nHost: localhost\r\n" + head + b"\r\n")
        taken = 0
        try:
            for _piece in range(times):
                line.sendall(piece)
                taken += 1
        except OSError:
            pass
        try:
            return line.recv(200), taken
        except OSError:
            return b"", taken


def test_a_body_too_large_is_refused_before_it_lies_on_the_disk(served):  # noqa: F811
    _process, port = served
    mega = b"a" * 2**20
    said, taken = answer_to_body(port, b"Content-Length: %d\r\n" % (400 * 2**20), mega, 400)
    assert taken < 100
    assert said == b"" or said.startswith(b"HTTP/1.1 413 ")
    said, _taken = answer_to_body(port, b"Content-Length: %d\r\n" % (400 * 2**20), b"", 0)
    assert said.startswith(b"HTTP/1.1 413 ")
    chunk = b"100000\r\n" + mega + b"\r\n"
    said, taken = answer_to_body(port, b"Transfer-Encoding: chunked\r\n", chunk, 400)
    assert taken < 100
    small = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2
    said, _taken = answer_to_body(port, b"Content-Length: %d\r\n" % small, b"a" * small, 1)
    assert said.startswith(b"HTTP/1.1 403 ")  # arrived whole, and has no token


# --- people who are none ----------
def join_as_helper(email: str, door: str = "192.0.2.1") -> int:
    cache.clear()
    client = Client(REMOTE_ADDR=door)
    for step, said in VOLUNTEER[:-1]:
        client.post(f"/mitmachen/helfer/{step}/", said | ({"email": email} if step == "kontakt" else {}))
    return client.post("/mitmachen/helfer/pruefen/", {"consent": "on"}).status_code


def type_code(email: str) -> None:
    """The code out of the mail, on the login page of somebody who comes back later."""
    cache.clear()
    client = Client()
    client.post("/konto/login/code/", {"email": email})
    code = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", mail.outbox[-1].body, re.MULTILINE)
    assert code, mail.outbox[-1].body
    client.post("/konto/login/code/confirm/", {"code": code[1]})


def test_out_of_one_door_so_many_join_a_day(monkeypatch):
    monkeypatch.setattr(join, "JOINS_A_DAY", 2)
    a_house()
    answers = [join_as_helper(f"bot{number}@example.org") for number in range(4)]
    assert answers == [302, 302, 429, 429]
    assert User.objects.filter(email__startswith="bot").count() == 2
    assert join_as_helper("bot9@example.org", "192.0.2.2") == 302


def test_whoever_never_showed_their_address_does_not_wait_to_be_met_and_goes_after_a_week():
    a_house()
    join_as_helper("bot@example.org")
    join_as_helper("emma@example.org")
    type_code("emma@example.org")
    now = timezone.now()
    met = waiting.new_people([people.a_quarter()], now)
    assert [profile.user.email for profile in met] == ["emma@example.org"]
    schedule_people()
    today = timezone.localdate(now)
    remove_expired(today=today + KEPT_UNPROVED)
    assert User.objects.filter(email="bot@example.org").exists()
    remove_expired(today=today + KEPT_UNPROVED + timedelta(days=1))
    assert set(User.objects.values_list("email", flat=True)) == {"emma@example.org"}


@pytest.mark.parametrize("known_by", ["entered", "talk", "met", "request", "called", "proved"])
def test_somebody_the_office_knows_is_no_stranger(known_by):
    a_house()
    join_as_helper("emma@example.org")
    emma = User.objects.get(email="emma@example.org")
    if known_by == "entered":
        User.objects.filter(pk=emma.pk).update(created_by=people.cleo())
    if known_by == "talk":  # a step of trust is noted before the welcome
        Vetting.objects.create(user=emma, kind="talk", on=timezone.localdate())
    if known_by == "met":
        VolunteerProfile.objects.filter(user=emma).update(welcomed_at=timezone.now())
    if known_by == "request":
        people.a_request(emma, state="withdrawn")
    if known_by == "called":
        User.objects.filter(pk=emma.pk).update(channel="phone")
    if known_by == "proved":
        EmailAddress.objects.filter(user=emma).update(verified=True)
    schedule_people()
    remove_expired(today=timezone.localdate() + timedelta(days=30))
    assert User.objects.filter(pk=emma.pk).exists()


@pytest.mark.parametrize("door", ["app", "browser"])
def test_the_interface_of_logins_lets_nobody_join(door, client):
    said = {"email": "bot@example.org", "password": secrets.token_hex(12)}
    answer = client.post(f"/api/auth/{door}/v1/auth/signup", said, content_type="application/json")
    assert answer.status_code in (403, 404)
    assert not User.objects.exists()


# --- proxies ----------
def test_whoever_came_past_a_proxy_is_refused_in_words(client, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 2
    assert client.get("/ausweis/ABCDEFGHJKLM/", HTTP_X_FORWARDED_FOR="10.0.0.1").status_code == 400
    assert client.get("/ausweis/ABCDEFGHJKLM/", HTTP_X_FORWARDED_FOR="10.0.0.1, 10.0.0.2").status_code == 404


# --- JSON that other packages read ----------
AUTH = ("config", "auth/session", "auth/login", "auth/code/request", "auth/password/request", "auth/2fa/authenticate")
NUMBER = b"9" * 5000
JUNK = [b"[" * 100_000, NUMBER, b"[" + NUMBER + b"]", b"{", b"\xff\xfe", b"null", b'"\\ud800"', b'{"email": {}}']


@pytest.mark.parametrize("body", JUNK, ids=range(len(JUNK)))
@pytest.mark.parametrize("path", AUTH)
def test_the_app_api_of_logins_never_breaks(path, body, client):
    answer = client.post(f"/api/auth/app/v1/{path}", body, content_type="application/json")
    assert 400 <= answer.status_code < 500


CREDENTIALS = [
    *(junk.decode("latin1") for junk in JUNK),
    '{"id": 1}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "YQ",'
    ' "signature": "YQ", "userHandle": "YQ"}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "%%%", "authenticatorData": []}}',
    "[]",
    "1e400",
]


@pytest.mark.parametrize("credential", CREDENTIALS, ids=range(len(CREDENTIALS)))
def test_a_passkey_made_of_junk_never_breaks_the_login(credential, client):
    client.get("/konto/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = client.post("/konto/2fa/webauthn/login/", {"credential": credential})
    assert answer.status_code < 500
    said = {"credential": credential if len(credential) < 5000 else [credential]}
    client.get("/api/auth/app/v1/auth/webauthn/login")
    assert client.post("/api/auth/app/v1/auth/webauthn/login", said, content_type="application/json").status_code < 500


def test_only_the_parser_giving_up_is_excused():
    def too_deep(level: int = 0) -> int:
        return too_deep(level + 1)

    for broken in (too_deep, lambda: int("x"), lambda: json.loads("{")):
        with pytest.raises((RecursionError, ValueError)) as caught:
            broken()
        assert answer_to(caught.value) is None


def test_no_visit_begins_at_the_end_of_a_day(ada, ben, page_as):
    match = people.a_match(people.a_request(ada), ben, state="confirmed")
    said = {"match": str(match.pk), "first_on": "2026-12-01", "start": "24:00", "minutes": 15}
    answer = page_as(ben).post("/api/v1/series/", said, content_type="application/json")
    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["start"])
