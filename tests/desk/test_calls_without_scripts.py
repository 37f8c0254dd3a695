"""The call list without JavaScript: one call to somebody with several things, from the list alone."""

import pytest
from django.urls import reverse

from matching.models import Match
from tests.desk.calling import an_asked_helper, several_for_else

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_one_call_is_entered_thing_by_thing_and_nobody_answered_at_once(cleo, ben, browser_as):
    bea, carl, _dirk = several_for_else(ben)
    helper = an_asked_helper("Bert").volunteer
    page = browser_as(cleo, script=False)
    page.goto(reverse("desk:calls"))
    page.locator(".row", has_text="Bea möchte helfen").locator("summary").click()
    page.get_by_role("button", name="Ja, gerne").click()
    page.get_by_text("Eingetragen").first.wait_for()
    thing = page.locator(".row", has_text="Carl möchte helfen")
    thing.locator("summary").click()
    thing.get_by_label("Notiz").fill("überlegt noch")
    thing.get_by_label("Notiz").press("Enter")
    page.get_by_text("„überlegt noch“").first.wait_for()
    assert [Match.objects.get(pk=one.pk).state for one in (bea, carl)] == ["confirmed", "accepted"]
    page.locator(".caller", has_text=helper.full_name).get_by_role("button", name="Nicht erreicht").click()
    page.get_by_text("einmal nicht erreicht").wait_for()
    assert page.locator(".caller").count() == 2
