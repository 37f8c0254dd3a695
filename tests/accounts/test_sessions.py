"""Cut sessions end, and people with a role show a second factor in each session."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.core.cache import cache
from django.test import Client

from accounts.actions.suspensions import propose_suspension
from accounts.models import User
from tests import people

pytestmark = pytest.mark.django_db
PROFILE = "/profil/"


def _logged_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_somebody_without_a_role_needs_no_second_factor(ada):
    assert _logged_in(ada).get(PROFILE).status_code == 200


def test_a_worker_without_a_second_factor_is_sent_to_set_it_up(cleo):
    answer = _logged_in(cleo).get(PROFILE)
    assert (answer.status_code, answer.url) == (302, "/konto/2fa/")


def test_a_worker_who_has_not_used_it_in_this_session_is_asked_for_it(cleo):
    TOTP.activate(cleo, generate_totp_secret())
    answer = _logged_in(cleo).get(PROFILE)
    assert (answer.status_code, answer.url) == (302, "/konto/2fa/reauthenticate/?next=%2Fprofil%2F")


def test_a_worker_who_used_it_in_this_session_comes_in(cleo, page_as):
    assert page_as(cleo).get(PROFILE).status_code == 200


def test_the_record_of_somebody_else_in_the_session_does_not_count(cleo, ada, page_as):
    client = page_as(cleo)
    session = client.session
    session["account_authentication_methods_user"] = str(ada.pk)
    session.save()
    assert client.get(PROFILE).status_code == 302


def test_the_api_answers_a_worker_without_second_factor_in_json(cleo):
    answer = _logged_in(cleo).get("/api/v1/me/")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_needed")


def test_pages_without_login_stay_open_for_a_worker(cleo):
    assert _logged_in(cleo).get("/datenschutz/").status_code == 200


def test_suspending_somebody_ends_their_open_session(ada, cleo):
    client = _logged_in(ada)
    propose_suspension(person_id=ada.pk, by=cleo, now=people.NOW, cause="other", reason="Weil.")
    answer = client.get(PROFILE)
    assert (answer.status_code, answer.url) == (302, "/konto/login/")
    assert "_auth_user_id" not in client.session


def test_raising_the_epoch_ends_older_sessions_but_not_newer_ones(ada):
    old = _logged_in(ada)
    User.objects.filter(pk=ada.pk).update(auth_epoch=1)
    ada.refresh_from_db()
    assert old.get(PROFILE).status_code == 302
    assert _logged_in(ada).get(PROFILE).status_code == 200


def test_a_suspended_person_cannot_log_in_again(ada, cleo):
    propose_suspension(person_id=ada.pk, by=cleo, now=people.NOW, cause="other", reason="Weil.")
    client = Client()
    client.post("/konto/login/", {"login": ada.email, "password": people.PASSWORD})
    assert "_auth_user_id" not in client.session


def test_pages_of_somebody_logged_in_are_not_kept_by_the_browser(ada):
    assert "no-store" in _logged_in(ada).get(PROFILE).headers["Cache-Control"]


@pytest.mark.django_db(transaction=True)  # allauth says after commit that a factor was added
def test_the_whole_way_of_a_worker_from_first_login_to_the_desk(cleo, mailoutbox):
    client = Client()
    client.post("/konto/login/", {"login": cleo.email, "password": people.PASSWORD})
    client.post("/konto/confirm-email/", {"code": re.search(r"^[A-Z0-9]+-[A-Z0-9]+$", mailoutbox[-1].body, re.M)[0]})
    assert client.get("/buero/").url == "/konto/2fa/"
    client.post("/konto/reauthenticate/", {"password": people.PASSWORD})
    client.get("/konto/2fa/totp/activate/")
    secret = client.session[SECRET_SESSION_KEY]
    client.post("/konto/2fa/totp/activate/", {"code": _code_of(secret)})
    assert client.get("/buero/").status_code == 200

    cache.clear()  # the same code would not be taken twice in half a minute
    again = Client()
    answer = again.post("/konto/login/", {"login": cleo.email, "password": people.PASSWORD})
    assert answer.url.startswith("/konto/2fa/authenticate/")
    assert again.get("/buero/").status_code == 302
    again.post("/konto/2fa/authenticate/", {"code": _code_of(secret)})
    assert again.get("/buero/").status_code == 200


def _code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_changed_password_ends_every_session_and_raises_the_epoch_for_sockets(ada):
    here, elsewhere = _logged_in(ada), _logged_in(ada)
    new = "ein-anderes-passwort-43"
    here.post("/konto/reauthenticate/", {"password": people.PASSWORD})
    here.post("/konto/password/change/", {"oldpassword": people.PASSWORD, "password1": new, "password2": new})
    ada.refresh_from_db()
    assert (ada.check_password(new), ada.auth_epoch) == (True, 1)
    assert elsewhere.get(PROFILE).status_code == 302
