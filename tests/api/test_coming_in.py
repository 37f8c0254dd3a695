"""How browsers and apps come in, and who stays outside."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from accounts.models import User
from tests.api.client import ROOT, Door
from tests.api.everything import OPERATIONS
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/api/auth/app/v1/auth/login"


def a_token_of(person: User) -> str:
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    said = Client().post(
        LOGIN, json.dumps({"email": person.email, "password": PASSWORD}), content_type="application/json"
    )
    assert said.status_code == 200, said.content
    return said.json()["meta"]["session_token"]


def test_an_app_logs_in_and_speaks_with_its_token(ada):
    token = a_token_of(ada)
    app = Door(Client(enforce_csrf_checks=True))
    assert app.get("me/", **{"X-Session-Token": token})["first_name"] == "Ada"
    app.post("socket-tickets/", **{"X-Session-Token": token})
    assert app.status == 201


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "ü" * 20, "a" * 4000, "a\\b'--" * 3])
def test_what_is_no_token_is_nobody(db, token):
    app = Door(Client())
    assert app.get("me/", **{"X-Session-Token": token})["code"] == "not_authenticated"
    assert app.status == 401
    assert app.answer["WWW-Authenticate"]


def test_a_worker_without_second_factor_in_this_session_stays_outside(cleo):
    app = Door(Client())
    assert app.get("me/", **{"X-Session-Token": a_token_of(cleo)})["code"] == "second_factor_needed"
    browser = Client()
    browser.force_login(cleo, backend="django.contrib.auth.backends.ModelBackend")
    assert Door(browser).get("me/")["code"] == "second_factor_needed"


def test_a_cut_session_is_over_for_apps_too(ada):
    token = a_token_of(ada)
    User.objects.filter(pk=ada.pk).update(auth_epoch=5)
    app = Door(Client())
    assert app.get("me/", **{"X-Session-Token": token})["code"] == "not_authenticated"
    assert app.status == 401


def test_a_browser_needs_the_csrf_token(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    browser = Door(client)
    assert browser.post("requests/")["code"] == "csrf"
    assert browser.status == 403


@pytest.mark.parametrize("path", ["quarters/", "skills/", "schema/", "docs/"])
def test_public_lists_are_open_to_everybody(db, path):
    door = Door(Client())
    door.get(path)
    assert door.status == 200


def test_everything_else_asks_to_log_in(db):
    for method, path, _operation in OPERATIONS:
        if path in ("/api/v1/quarters/", "/api/v1/skills/", "/api/v1/schema/"):
            continue
        door = Door(Client())
        door.send(method, path.removeprefix(ROOT).replace("{pk}", "0f8fad5b-d9cb-469f-a165-70867728950e"))
        assert (door.status, door.said["code"]) == (401, "not_authenticated"), path
