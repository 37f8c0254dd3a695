"""
Whether an address, a number or a code is known: no page says it, by its words, its status, its length or its work.

Work is counted, not timed: passwords hashed and mails written. What is left of a difference hides in the even pace of
the pages (`EVEN_SECONDS`), which this file puts to zero to be quick.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.actions import claims
from accounts.models import User
from accounts.views import claim as claim_pages
from accounts.views import join as join_pages
from tests.people import NOW, PASSWORD, a_person, ada, cleo

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "ada@example.org", "eva@example.org"  # of one length
WRONG = "ein-falsches-passwort-1"
MASKS = [
    (re.compile(r'name="csrfmiddlewaretoken" value="\w+"'), "TOKEN"),
    (re.compile(r'"session_token": ?"\w+"'), "SESSION"),
    (re.compile(r"\b[A-Z0-9]{3,5}[- ][A-Z0-9]{3,5}(?:[- ][A-Z0-9]{2,4})?\b"), "NUMBER"),
]


@pytest.fixture(autouse=True)
def _people(db, monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(join_pages, "EVEN_SECONDS", 0)
    monkeypatch.setattr(claim_pages, "EVEN_SECONDS", 0)
    with time_machine.travel(NOW, tick=False):
        ada()
        cleo()
        yield


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """Every password that was hashed."""
    done: list[str] = []
    plain = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda self, *said: (done.append(said[0]), plain(self, *said))[1])
    return done


def _seen(client: Client, answer: Any, email: str) -> tuple:
    """Status, headers and text of this answer and of the page it leads to, the typed address put aside."""
    pages = [answer]
    if answer.status_code in (301, 302):
        pages.append(client.get(answer.headers["Location"]))
    return tuple(_page(page, email) for page in pages)


def _page(answer: Any, email: str) -> tuple:
    text = answer.content.decode().replace(email, "ADDRESS")
    for mask, instead in MASKS:
        text = mask.sub(instead, text)
    aside = ("Content-Length", "ETag")
    return answer.status_code, sorted((k, v) for k, v in answer.headers.items() if k not in aside), text


# --- doors: each knocks once with an address ----------
def _log_in(client: Client, email: str) -> Any:
    return client.post("/konto/login/", {"login": email, "password": WRONG})


def _code(client: Client, email: str) -> Any:
    return client.post("/konto/login/code/", {"email": email})


def _reset(client: Client, email: str) -> Any:
    return client.post("/konto/password/reset/", {"email": email})


def _join(client: Client, email: str) -> Any:
    pages = {
        "name": {"first_name": "Nina", "last_name": "Neu"},
        "kontakt": {"email": email, "phone": ""},
        "adresse": {"street": "Lindenstraße", "number": "1", "quarter": str(ada().quarter_id)},
    }
    for step, typed in pages.items():
        assert client.post(f"/mitmachen/bewohner/{step}/", typed).status_code == 302, step
    return client.post("/mitmachen/bewohner/pruefen/", {"consent": "on"})


def _claim(client: Client, email: str) -> Any:
    """With a code of the office that holds."""
    person = a_person("Erna", email=None)
    code = claims.issue_access_code(person_id=person.pk, by=cleo(), now=NOW, way="hand")
    return client.post("/mitmachen/code/", {"code": code, "email": email})


def _app(path: str, **more: str) -> Callable[[Client, str], Any]:
    def knock(client: Client, email: str) -> Any:
        body = json.dumps({"email": email} | more)
        return client.post(f"/api/auth/app/v1/auth/{path}", body, content_type="application/json")

    return knock


def _report(client: Client, email: str) -> Any:
    """From outside: who reports is not looked up, nor is whom the words name."""
    typed = {"quarter": ada().quarter.slug, "text": f"Es geht um {email}", "contact": email}
    return client.post("/melden/", typed)


DOORS: dict[str, Callable[[Client, str], Any]] = {
    "login": _log_in,
    "login by code": _code,
    "reset": _reset,
    "sign-up": _join,
    "code of the office": _claim,
    "report": _report,
    "app: login": _app("login", password=WRONG),
    "app: code": _app("code/request"),
    "app: reset": _app("password/request"),
}


NO_MAIL = ("login", "app: login", "report")


@pytest.mark.parametrize("door", DOORS)
def test_a_known_address_and_an_unknown_one_are_answered_alike(door, hashed):
    answers, work = [], []
    for email in (KNOWN, UNKNOWN):
        cache.clear()
        mail.outbox.clear()
        hashed.clear()
        client = Client(headers={"accept-language": "de"})
        answers.append(_seen(client, DOORS[door](client, email), email))
        work.append((len(hashed), [row.to == [email] for row in mail.outbox]))
    assert answers[0] == answers[1]
    assert work[0] == work[1]
    assert work[0][1] == ([] if door in NO_MAIL else [True])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("which", ["suspended", "worker", "entered by the office"])
def test_nor_is_anybody_told_apart_from_the_rest(door, which, hashed):
    """Suspended, of the office, or never here by themselves: the answer is that to an unknown address."""
    email = {"suspended": "eve@example.org", "worker": "cleo@example.org", "entered by the office": "eve@example.org"}[
        which
    ]
    if which != "worker":
        a_person("Eve", email=email, suspended_at=NOW if which == "suspended" else None)
    if which == "entered by the office":
        User.objects.filter(email=email).update(password="!", last_login=None)
    answers = []
    for one in (email, "x" * (len(email) - len("@example.org")) + "@example.org"):
        cache.clear()
        client = Client(headers={"accept-language": "de"})
        answers.append(_seen(client, DOORS[door](client, one), one))
    assert answers[0] == answers[1]


def test_only_the_right_password_hears_that_somebody_is_suspended():
    """Whoever holds the password is told; with a wrong one it is as if nobody were there (above)."""
    User.objects.filter(pk=ada().pk).update(suspended_at=NOW)
    client = Client(headers={"accept-language": "de"})
    answer = client.post("/konto/login/", {"login": KNOWN, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/konto/inactive/")
    assert "_auth_user_id" not in client.session
    assert _log_in(Client(), KNOWN).status_code == 200  # the form again


def test_every_code_of_the_office_that_does_not_hold_is_answered_alike(hashed):
    """Also with an address that is known: the code is asked first."""
    person = a_person("Erna", email=None)
    User.objects.filter(pk=person.pk).update(last_login=None)
    old = claims.issue_access_code(person_id=person.pk, by=cleo(), now=NOW - timedelta(days=15), way="hand")
    answers = set()
    for code in (old, "AAAA-BBBB-CC"):
        for email in (KNOWN, UNKNOWN):
            cache.clear()
            client = Client(headers={"accept-language": "de"})
            said = client.post("/mitmachen/code/", {"code": code, "email": email})  # `old` ran out
            answers.add(str(_page(said, email)).replace(code, "CODE"))
    assert len(answers) == 1


class Clock:
    """Stands for `time`; only work, as the test puts it, and sleep move it."""

    time = staticmethod(time.time)

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.mark.parametrize(
    ("pages", "knock", "work"),
    [(join_pages, _join, "_hand_over"), (claim_pages, _claim, "_mail_code")],
)
def test_what_is_left_of_a_difference_in_work_ends_inside_the_even_pace(pages, knock, work, monkeypatch):
    clock, does, took = Clock(), getattr(pages, work), []
    monkeypatch.setattr(pages, "time", clock)
    monkeypatch.setattr(pages, "EVEN_SECONDS", 0.4)
    for email, seconds in ((KNOWN, 0.05), (UNKNOWN, 0.31)):
        monkeypatch.setattr(pages, work, lambda *said, spent=seconds: (clock.sleep(spent), does(*said))[1])
        began = clock.now
        assert knock(Client(), email).status_code == 302
        took.append(round(clock.now - began, 6))
    assert took == [0.4, 0.4]
