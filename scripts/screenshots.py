"""
`./run screenshots`: the main pages of the demo city, at phone and desk width, into docs/screenshots/.

Works on a demo city of its own in var/screenshots, so a running demo is left alone.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screenshots"
PORT = 8137
ADDRESS = f"http://127.0.0.1:{PORT}"
WIDTHS = {"phone": (390, 844), "desk": (1440, 900)}
SETTINGS = {
    "DEMO": "1",
    "DATA_DIR": str(ROOT / "var" / "screenshots"),
    "DATABASE_URL": "",
    "REDIS_URL": "",
    "SITE_URL": ADDRESS,
    "ALLOWED_HOSTS": "127.0.0.1",
    "DJANGO_SETTINGS_MODULE": "config.settings.base",
}


def pages() -> Iterator[tuple[str, str, str]]:
    """(name of the picture, address, e-mail of who looks or "")."""
    from django.urls import reverse

    from config.demo.logins import RESIDENT, VOLUNTEER, WORKER
    from matching import states
    from matching.models import HelpRequest, Match
    from messaging.models import Conversation

    erna, jonas, katrin = RESIDENT.email, VOLUNTEER.email, WORKER.email
    hers = Match.objects.filter(request__resident__email=erna)
    talk = Conversation.objects.filter(match__in=hers, match__state=states.CONFIRMED).order_by("-last_seq").first()
    waiting = hers.filter(state=states.ACCEPTED).first()
    asked = Match.objects.filter(volunteer__email=jonas, state=states.ASKED).first()
    case = (
        HelpRequest.objects.filter(quarter__name="Opladen", state=states.OPEN, matches__state=states.PROPOSED)
        .order_by("open_since")
        .first()
    )
    yield "01-start", reverse("start"), ""
    yield "02-resident-home", reverse("home"), erna
    yield "03-ask-for-help", reverse("matching:request_new"), erna
    if waiting:
        yield "04-somebody-said-yes", reverse("matching:match", args=[waiting.pk]), erna
    yield "05-volunteer-home", reverse("home"), jonas
    if asked:
        yield "06-volunteer-is-asked", reverse("matching:match", args=[asked.pk]), jonas
    yield "07-when-i-have-time", reverse("accounts:times"), jonas
    if talk:
        yield "08-talk", reverse("messaging:talk", args=[talk.pk]), jonas
    yield "09-desk", reverse("desk:home"), katrin
    if case:
        yield "10-desk-case", reverse("desk:case", args=[case.pk]), katrin


def cookie_of(email: str) -> dict:
    """The session cookie of this person, logged in with everything workers need."""
    from django.conf import settings
    from django.test import Client

    from accounts.models import User

    person, client = User.objects.get(email=email), Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    now = time.time()
    session["account_authentication_methods"] = [
        {"method": "password", "at": now},
        {"method": "mfa", "type": "totp", "at": now},
    ]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key or "", "url": ADDRESS}


def wait_until_up() -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{ADDRESS}/healthz", timeout=2)  # noqa: S310
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    sys.exit("The server did not start.")


def photograph(shots: list[tuple[str, str, Any]]) -> None:
    from playwright.sync_api import sync_playwright

    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        for label, (width, height) in WIDTHS.items():
            for name, address, cookie in shots:
                context = browser.new_context(viewport={"width": width, "height": height}, locale="de-DE")
                if cookie:
                    context.add_cookies([cookie])
                page = context.new_page()
                answer = page.goto(ADDRESS + address, wait_until="load")
                page.screenshot(path=str(FOLDER / f"{name}-{label}.jpg"), type="jpeg", quality=80, full_page=True)
                print(f"{name}-{label}: {answer.status if answer else '?'}")
                context.close()
        browser.close()


def main() -> None:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ.update(SETTINGS)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed_demo")
    shots = [(name, address, cookie_of(email) if email else None) for name, address, email in pages()]
    server = subprocess.Popen([sys.executable, "manage.py", "serve", "--port", str(PORT)], stdout=subprocess.DEVNULL)
    try:
        wait_until_up()
        photograph(shots)
    finally:
        server.terminate()
        server.wait(timeout=20)


if __name__ == "__main__":
    main()
