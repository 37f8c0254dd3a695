"""One table of errors, three kinds of answer."""

import re

import pytest
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DatabaseError, OperationalError, connection, transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.utils import translation

from core import http
from core.errors import Invalid, NotAllowed, NotVisible, TooMany, WrongState

KINDS = [
    (NotVisible(), 404, 4404, "not_found"),
    (Http404(), 404, 4404, "not_found"),
    (NotAllowed(), 403, 4403, "not_allowed"),
    (PermissionDenied(), 403, 4403, "not_allowed"),
    (WrongState(), 409, 4400, "wrong_state"),
    (Invalid(fields={"seq": ["…"]}), 400, 4400, "invalid"),
    (TooMany(retry_after=9), 429, 4429, "too_many"),
    (SuspiciousOperation(), 400, 4400, "bad_request"),
    (OperationalError("database is locked"), 503, 4400, "busy"),
    (OperationalError("database or disk is full"), 503, 4400, "away"),
]


@pytest.mark.parametrize(("error", "status", "close", "code"), KINDS, ids=lambda value: type(value).__name__)
def test_page_api_and_socket_say_the_same(error, status, close, code, rf: RequestFactory, db):
    page = http.ErrorMiddleware(lambda _: None).process_exception(_asked(rf, "/"), error)
    api = http.api_answer(error, {})
    frame = http.socket_error(error)
    assert page.status_code == api.status_code == status
    assert api.data["code"] == frame["code"] == code
    assert api.data["detail"] == frame["detail"]
    assert str(frame["detail"]) in page.content.decode()
    assert http.close_code(error) == close
    assert page.headers.get("Retry-After") == api.headers.get("Retry-After")


def test_a_page_without_its_database_says_come_back(client, db, monkeypatch):
    """Whoever the person is cannot be asked either, and the answer must not try."""

    def gone(*_args, **_kwargs):
        raise OperationalError("unable to open database file")

    client.cookies["sessionid"] = "x" * 32
    client.raise_request_exception = False
    with monkeypatch.context() as away:
        away.setattr("django.db.backends.utils.CursorWrapper.execute", gone)
        page, api = client.get("/mein/"), client.get("/api/v1/me/")
    assert (page.status_code, page["Retry-After"]) == (503, "5")
    assert "gerade für einen Augenblick nicht" in page.content.decode()
    assert (api.status_code, api["Retry-After"], api.json()["code"]) == (503, "5", "away")


def test_a_missing_table_is_a_bug_and_no_excuse(db):
    with pytest.raises(DatabaseError) as missing, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM no_such_table")
    assert http.answer_to(missing.value) is None


def test_a_bug_stays_one_and_says_nothing_of_itself(rf):
    bug = KeyError("Lindenstraße 1")
    assert http.ErrorMiddleware(lambda _: None).process_exception(rf.get("/"), bug) is None
    assert http.api_answer(bug, {}) is None
    assert http.socket_error(bug)["code"] == "broken"
    assert "Lindenstraße" not in str(http.socket_error(bug))
    assert http.close_code(bug) == 1011


def test_a_bug_gives_a_sentence_on_pages_and_json_at_the_api(rf, db):
    assert "Wir kümmern uns darum" in http.broken(_asked(rf, "/mein/")).content.decode()
    assert http.broken(rf.get("/api/v1/me/")).headers["Content-Type"] == "application/json"


def test_the_sentence_stays_where_even_the_page_cannot_be_made(rf, monkeypatch):
    def nothing_works(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr(http, "render", nothing_works)
    answer = http.broken(rf.get("/"))
    assert (answer.status_code, "schiefgegangen" in answer.content.decode()) == (500, True)


def test_hidden_and_missing_pages_are_the_same_byte_for_byte(rf, db):
    hidden = http.ErrorMiddleware(lambda _: None).process_exception(_asked(rf, "/bitte/1/"), NotVisible())
    missing = http.not_found(_asked(rf, "/bitte/1/"), Http404())
    assert hidden.status_code == missing.status_code
    assert _without_token(hidden.content) == _without_token(missing.content)


def test_an_old_form_is_told_what_to_do(db, ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post("/anzeige/", {"text_size": "large"})
    assert answer.status_code == 403
    assert "laden Sie sie neu" in answer.content.decode()


def test_the_sentence_is_in_the_readers_language():
    with translation.override("en"):
        assert http.api_answer(NotVisible(), {}).data["code"] == "not_found"


def _without_token(page: bytes) -> bytes:
    """The token of the forms is random on every page."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def _asked(rf: RequestFactory, path: str):
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.cookie import CookieStorage

    request = rf.get(path)
    request.user, request.session, request._messages = AnonymousUser(), {}, CookieStorage(request)
    return request
