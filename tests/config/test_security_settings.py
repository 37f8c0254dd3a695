"""The settings of a live site, one by one, and the headers and cookies that really go out."""

import runpy

import pytest
from django.conf import settings as here
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client

from tests import people


@pytest.fixture(scope="module")
def live(tmp_path_factory) -> dict:
    """What base.py says on a https address behind one proxy."""
    with pytest.MonkeyPatch.context() as env:
        env.setenv("SITE_URL", "https://hilfe.example.org")
        env.setenv("PROXIES", "1")
        env.setenv("DATABASE_URL", "")
        env.setenv("DATA_DIR", str(tmp_path_factory.mktemp("live")))
        return runpy.run_path(str(here.BASE_DIR / "config/settings/base.py"))


WANTED = {
    "DEBUG": False,
    "ALLOWED_HOSTS": ["hilfe.example.org"],
    "SECURE_SSL_REDIRECT": True,
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "SESSION_COOKIE_NAME": "__Host-sid",
    "SESSION_COOKIE_SECURE": True,
    "SESSION_COOKIE_SAMESITE": "Lax",
    "CSRF_COOKIE_NAME": "__Host-csrf",
    "CSRF_COOKIE_SECURE": True,
    "CSRF_COOKIE_HTTPONLY": True,
    "SECURE_REFERRER_POLICY": "same-origin",
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin",
    "X_FRAME_OPTIONS": "DENY",
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.Argon2PasswordHasher"],
    "PASSWORD_RESET_TIMEOUT": 3600,
    "ACCOUNT_EMAIL_VERIFICATION": "mandatory",
    "ACCOUNT_PREVENT_ENUMERATION": True,
    "ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE": True,
    "ACCOUNT_REAUTHENTICATION_REQUIRED": True,
    "ACCOUNT_REAUTHENTICATION_TIMEOUT": 300,
    "ACCOUNT_EMAIL_NOTIFICATIONS": True,
    "ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS": 3,
    "MFA_SUPPORTED_TYPES": ["webauthn", "totp", "recovery_codes"],
    "MFA_TRUST_ENABLED": False,
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "USERSESSIONS_TRACK_ACTIVITY": True,
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 1048576,
    "DATA_UPLOAD_MAX_NUMBER_FILES": 5,
    "FILE_UPLOAD_PERMISSIONS": 0o640,
    "EMAIL_TIMEOUT": 10,
    "ADMINS": [],
    "WORKER_IDLE_MINUTES": 30,
}


@pytest.mark.parametrize("name", sorted(WANTED))
def test_a_live_site_has_the_setting(name, live):
    assert live[name] == WANTED[name]


@pytest.mark.parametrize(
    "name", ["SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "CSRF_TRUSTED_ORIGINS", "USE_X_FORWARDED_HOST"]
)
def test_what_a_live_site_leaves_alone(name, live):
    assert name not in live


def test_the_rest_of_the_table(live):
    assert live["DATA_UPLOAD_MAX_NUMBER_FIELDS"] <= 400
    assert live["REST_FRAMEWORK"]["NUM_PROXIES"] == 1
    assert len(live["SECRET_KEY"]) >= 50
    assert "secure_delete=ON" in live["DATABASES"]["default"]["OPTIONS"]["init_command"]
    assert live["DATABASES"]["default"]["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert not [app for app in live["INSTALLED_APPS"] if app in ("django.contrib.admin", "corsheaders")]
    policy = live["CONTENT_SECURITY_POLICY"]["DIRECTIVES"]
    assert {part: str(value[0]) for part, value in policy.items() if part in ("default-src", "base-uri")} == {
        "default-src": "'none'",
        "base-uri": "'none'",
    }
    assert "'unsafe-inline'" not in str(policy)


@pytest.mark.django_db
def test_the_headers_that_go_out(ada, page_as):
    headers = page_as(ada).get("/profil/").headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.django_db
def test_logging_out_empties_the_browser(ada, page_as):
    assert page_as(ada).post("/konto/logout/")["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("password", ["kurz", "password123", "1234567890", "qwertyuiop"])
def test_a_password_everybody_has_is_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password)


# --- nobody learns who is here ----------
DOORS = {
    "wrong password": ("/konto/login/", {"login": "{}", "password": "ganz-falsches-wort-1"}),
    "code": ("/konto/login/code/", {"email": "{}"}),
    "reset": ("/konto/password/reset/", {"email": "{}"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("door", sorted(DOORS))
def test_a_known_and_an_unknown_address_get_the_same_answer(door, ada):
    known = _answer(*DOORS[door], ada.email)
    assert known == _answer(*DOORS[door], "zoe@example.org")
    people.a_person("Uwe", email="weg@example.org", suspended_at=people.NOW)
    assert known == _answer(*DOORS[door], "weg@example.org")


def _answer(path: str, typed: dict, address: str) -> tuple:
    """Status, target, length and text after the last redirect, without the address and the token."""
    cache.clear()
    client = Client()
    said = client.post(path, {name: value.format(address) for name, value in typed.items()})
    target = said.headers.get("Location", "")
    page = client.get(target) if target else said
    text = page.content.decode().replace(address, "ADRESSE")
    token = str(page.context["csrf_token"]) if page.context else ""
    return said.status_code, target, page.status_code, text.replace(token, "TOKEN")
