"""allauth's pages wear our clothes: language, one h1, landmarks, and nothing inline that the CSP would refuse."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.adapter import AccountAdapter
from tests.people import PASSWORD

ANONYMOUS = [
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_inactive",
    "account_email_verification_sent",
]
KNOWN = [
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_reauthenticate",
    "usersessions_list",
]
TEXT_TYPES = ("application/json",)


def page_of(client: Client, name: str) -> str:
    answer = client.get(reverse(name), follow=True, headers={"accept-language": "de"})
    assert answer.status_code == 200, name
    return answer.content.decode()


def is_like_our_own(html: str) -> bool:
    scripts = re.findall(r"<script\b([^>]*)>", html)
    assert all("src=" in attrs or any(kind in attrs for kind in TEXT_TYPES) for attrs in scripts), scripts
    assert "<style" not in html
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son[a-z]+=\"", html)
    assert len(re.findall(r"<h1\b", html)) == 1
    assert len(re.findall(r"<main\b", html)) == 1
    assert '<html lang="de"' in html
    assert re.search(r"<title>\s*[^\s<·]", html)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids)), sorted(i for i in ids if ids.count(i) > 1)
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANONYMOUS)
def test_page_for_strangers_is_like_our_own(name):
    assert is_like_our_own(page_of(Client(), name))


@pytest.mark.parametrize("name", KNOWN)
def test_page_of_the_account_is_like_our_own(name, ada, page_as):
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    assert is_like_our_own(page_of(page_as(ada), name))


@pytest.mark.django_db
def test_login_offers_password_code_and_passkey():
    html = page_of(Client(), "account_login")
    assert "Code per E-Mail schicken" in html
    assert "Mit Passkey anmelden" in html
    assert 'autocomplete="current-password"' in html


def test_code_comes_by_mail_and_opens_the_door(ada, mailoutbox):
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    client = Client(headers={"accept-language": "de"})
    answer = client.post(reverse("account_request_login_code"), {"email": ada.email}, follow=True)
    assert is_like_our_own(answer.content.decode())
    assert "Code eintippen" in answer.content.decode()
    assert len(mailoutbox) == 1
    code = re.search(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b", mailoutbox[0].body)
    assert code
    client.post(reverse("account_confirm_login_code"), {"code": code[1]})
    assert client.session["_auth_user_id"] == str(ada.pk)


@pytest.mark.django_db
def test_wrong_password_says_so_beside_the_form():
    answer = Client(headers={"accept-language": "de"}).post(
        reverse("account_login"), {"login": "wer@example.org", "password": "falsch-und-lang"}
    )
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'role="alert"' in html
    assert "wer@example.org" in html


def test_second_factor_is_set_up_in_our_words(ada, page_as):
    """Behind the question for the password, which allauth asks again before anything about keys changes."""
    client = page_as(ada)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    html = client.get(reverse("mfa_activate_totp"), headers={"accept-language": "de"}).content.decode()
    assert is_like_our_own(html)
    assert "Die sechs Ziffern aus der App" in html
    assert is_like_our_own(client.get(reverse("mfa_add_webauthn")).content.decode())


@pytest.mark.parametrize(("who", "where"), [("ada", "/mein/"), ("cleo", "/buero/"), ("meral", "/buero/zahlen/")])
@pytest.mark.django_db
def test_everybody_begins_where_their_work_is(who, where, rf, ada, cleo, dora):
    from allauth.account.adapter import get_adapter

    from accounts.models import RoleAssignment

    RoleAssignment.objects.create(user=dora, role="coordinator")
    request = rf.get("/")
    request.user = {"ada": ada, "cleo": cleo, "meral": dora}[who]
    assert get_adapter(request).get_login_redirect_url(request) == where


@pytest.mark.django_db
def test_logging_out_leaves_nothing_in_the_browser(ada, page_as):
    tablet = page_as(ada)
    assert "Clear-Site-Data" not in tablet.get("/mein/")
    assert "storage" in tablet.post("/konto/logout/")["Clear-Site-Data"]


def test_the_library_speaks_to_nobody_with_du():
    names = ["email_confirmed", "logged_out", "cannot_delete_primary_email", "unverified_primary_email"]
    said = [render_to_string(f"account/messages/{name}.txt", {"email": "ada@example.org"}) for name in names]
    said += [str(sentence) for sentence in AccountAdapter.error_messages.values()]
    assert not [sentence for sentence in said if re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir)\b", sentence)]


@pytest.mark.django_db
def test_the_way_to_a_new_password_is_in_the_words_of_the_house(ada, mailoutbox):
    client = Client(headers={"accept-language": "de"})
    said = [client.get(reverse("account_reset_password")).content.decode()]
    sent = client.post(reverse("account_reset_password"), {"email": ada.email}, follow=True)
    link = re.search(r"http://[^/]+(/konto/password/reset/key/\S+)", mailoutbox[0].body)[1]
    form = client.get(link, follow=True)
    new = {"password1": "ein-ganz-neues-9", "password2": "ein-ganz-neues-9"}
    done = client.post(form.redirect_chain[-1][0], new, follow=True)
    stale = client.get(link, follow=True)
    said += [answer.content.decode() for answer in (sent, form, done, stale)]
    headings = [re.search(r"<h1>(.*?)</h1>", html)[1] for html in said]
    assert headings == [
        "Passwort vergessen?",
        "Bitte sehen Sie in Ihre E-Mails",
        "Ihr neues Passwort",
        "Ihr neues Passwort gilt",
        "Dieser Link gilt nicht mehr",
    ]
    assert not [html for html in said if re.search(r"\b([Dd]u|[Dd]ein\w*|[Dd]ir)\b", html)]
    ada.refresh_from_db()
    assert ada.check_password("ein-ganz-neues-9")
