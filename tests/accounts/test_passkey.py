"""A passkey is made and opens the door, in a real browser with a virtual authenticator, under our strict CSP."""

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def page(chromium, server):
    """A page at the name localhost: passkeys do not exist at a bare address."""
    cache.clear()
    context = chromium.new_context(locale="de-DE", base_url=server.address.replace("127.0.0.1", "localhost"))
    context.set_default_timeout(15_000)
    opened = context.new_page()
    session = context.new_cdp_session(opened)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    yield opened
    context.close()


def _log_in_by_password(page, email: str) -> None:
    page.goto("/konto/login/")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/mein/")


def test_passkey_is_made_and_opens_the_door(page, ada):
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
    refused = []
    page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
    _log_in_by_password(page, ada.email)
    page.goto("/konto/2fa/webauthn/add/")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Weiter").click()
    page.get_by_label("Name des Schlüssels").fill("Mein Tablet")
    page.get_by_label("Auch ohne Passwort anmelden").check()
    page.get_by_role("button", name="Hinzufügen").click()
    page.get_by_role("heading", name="Ihre Ersatzcodes").wait_for()
    page.context.clear_cookies()
    page.goto("/konto/login/")
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.wait_for_url("**/mein/")
    assert refused == []


def test_a_bare_address_offers_no_passkey(chromium, server):
    context = chromium.new_context(locale="de-DE", base_url=server.address)
    page = context.new_page()
    page.goto("/konto/login/")
    assert page.get_by_role("link", name="Code per E-Mail schicken").is_visible()
    assert not page.get_by_role("button", name="Mit Passkey anmelden").is_visible()
    context.close()
