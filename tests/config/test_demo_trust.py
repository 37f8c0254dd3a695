"""The demo's office has a badge to check and an access to decide about."""

import pytest
from django.utils import timezone

from accounts.models import Badge, Suspension, User
from config.demo import logins
from config.demo.build import seed
from tests.logins import logged_in

pytestmark = pytest.mark.django_db


def test_a_badge_and_an_access_wait_for_the_worker_of_the_login():
    seed(now=timezone.now())
    katrin = User.objects.get(email=logins.WORKER.email)
    [badge] = Badge.objects.good_at(timezone.now())
    assert badge.user.email == logins.VOLUNTEER.email
    page = logged_in(katrin).post("/buero/ausweis/", {"nummer": badge.number}).content.decode()
    assert logins.VOLUNTEER.first_name in page
    [held] = Suspension.objects.running()
    assert held.user.suspended_at
    assert held.proposed_by != katrin
    client = logged_in(katrin)
    assert held.user.full_name in client.get("/buero/sperren/").content.decode()
    client.post(f"/buero/sperre/{held.pk}/confirm/")
    held.refresh_from_db()
    assert held.state == "excluded"
