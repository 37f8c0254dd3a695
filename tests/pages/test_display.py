"""Large type and language: kept before and after login, without scripts, and only back to our own pages."""

import pytest
from django.test import Client
from django.urls import reverse


def wish(client: Client, **form: str):
    return client.post(reverse("display"), {"next": "/datenschutz/", **form})


@pytest.mark.django_db
def test_stranger_keeps_large_type_in_a_cookie():
    client = Client()
    answer = wish(client, text_size="large")
    assert answer["Location"] == "/datenschutz/"
    assert 'class="large-type"' in client.get("/").content.decode()
    wish(client, text_size="normal")
    assert "large-type" not in client.get("/").content.decode()


def test_known_person_keeps_it_in_the_profile(ada, page_as):
    wish(page_as(ada), text_size="large", language="en")
    ada.refresh_from_db()
    assert (ada.text_size, ada.language) == ("large", "en")
    html = page_as(ada).get("/datenschutz/").content.decode()
    assert '<html lang="en" class="large-type">' in html


@pytest.mark.django_db
def test_stranger_changes_the_language():
    client = Client(headers={"accept-language": "de"})
    wish(client, language="en")
    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "way", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "\x00", "home", "nowhere"]
)
def test_never_leads_to_a_foreign_page(way):
    answer = wish(Client(), text_size="large", next=way)
    assert answer["Location"] == "/"


@pytest.mark.django_db
@pytest.mark.parametrize("form", [{}, {"text_size": "huge"}, {"language": "xx"}, {"text_size": "large\x00"}])
def test_unknown_wishes_change_nothing(form):
    answer = wish(Client(), **form)
    assert answer.status_code == 302
    assert "text_size" not in answer.cookies
    assert "django_language" not in answer.cookies


@pytest.mark.django_db
def test_reading_it_is_no_change():
    assert Client().get(reverse("display")).status_code == 405


@pytest.mark.django_db
def test_a_form_with_errors_leads_back_to_where_it_stood():
    client = Client(headers={"referer": "http://testserver/konto/login/"})
    html = client.post(reverse("account_login"), {"login": ""}).content.decode()
    assert 'name="next" value="/konto/login/"' in html
    html = Client(headers={"referer": "http://["}).post(reverse("account_login"), {}).content.decode()
    assert 'name="next" value="/"' in html
