"""The front door and the legal pages."""

import pytest
from django.test import Client
from django.urls import reverse

PUBLIC = ["start", "imprint", "privacy", "accessibility", "report"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", PUBLIC)
def test_everybody_may_read_it(name):
    answer = Client(headers={"accept-language": "de"}).get(reverse(name))
    html = answer.content.decode()
    assert answer.status_code == 200
    assert html.count("<h1") == 1
    assert 'href="#inhalt"' in html
    assert "<script" not in html
    assert " style=" not in html


@pytest.mark.django_db
def test_start_shows_two_doors_and_the_phone(settings):
    settings.CITY_PHONE = "0214 4060"
    html = Client(headers={"accept-language": "de"}).get("/").content.decode()
    assert "Ich brauche Hilfe" in html
    assert "Ich möchte helfen" in html
    assert 'href="tel:02144060"' in html


@pytest.mark.django_db
def test_no_number_is_invented(settings):
    settings.CITY_PHONE = ""
    html = Client().get("/").content.decode()
    assert "tel:" not in html


def test_whoever_is_logged_in_goes_to_their_own_page(ada, page_as):
    answer = page_as(ada).get("/")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("home")


def test_office_of_my_quarter_is_on_every_page(ada, page_as):
    html = page_as(ada).get(reverse("privacy")).content.decode()
    assert "Quartiersbüro Lindenhof" in html
    assert 'href="tel:0214000000"' in html


def test_worker_finds_the_desk_in_the_navigation_and_a_resident_does_not(ada, cleo, page_as):
    assert "Büro</span>" in page_as(cleo).get(reverse("privacy")).content.decode()
    assert "Büro</span>" not in page_as(ada).get(reverse("privacy")).content.decode()


@pytest.mark.django_db
def test_policy_forbids_inline_scripts_and_foreign_hosts():
    policy = Client().get("/")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
