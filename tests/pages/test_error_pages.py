"""What went wrong is said in a sentence, on a page of ours, with a way on."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client, RequestFactory

from core import http
from core.errors import Conflict, HouseError, Invalid, NotAllowed, NotVisible, StaleScreen, TooMany

KINDS = [(NotVisible, 404), (NotAllowed, 403), (Conflict, 409), (StaleScreen, 409), (Invalid, 400), (TooMany, 429)]


def page_for(error: HouseError) -> HttpResponse:
    request = RequestFactory().get("/irgendwo/")
    request.user = AnonymousUser()
    answer = http.ErrorMiddleware(lambda _: HttpResponse()).process_exception(request, error)
    assert answer is not None
    return answer


@pytest.mark.django_db
@pytest.mark.parametrize(("kind", "status"), KINDS)
def test_each_kind_has_its_page(kind, status):
    answer = page_for(kind())
    html = answer.content.decode()
    assert answer.status_code == status
    assert html.count("<h1") == 1
    assert str(kind.detail) in html
    assert 'href="/"' in html


@pytest.mark.django_db
def test_unknown_address_is_a_page_of_ours():
    answer = Client(headers={"accept-language": "de"}).get("/gibt-es-nicht/")
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in answer.content.decode()


@pytest.mark.django_db
def test_form_without_its_token_is_explained():
    answer = Client(enforce_csrf_checks=True, headers={"accept-language": "de"}).post("/anzeige/", {})
    assert answer.status_code == 403
    assert "zu lange offen" in answer.content.decode()


def test_our_own_fault_is_said_even_without_database():
    """No `django_db` here: the page for a 500 may not need a row."""
    request = RequestFactory().get("/irgendwo/")
    answer = http.broken(request)
    assert answer.status_code == 500
    assert "schiefgegangen" in answer.content.decode()
