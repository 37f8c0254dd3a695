"""A whole call without a mouse, key presses counted: who is it, what do they need, consent, open."""

import sys
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.models import HelpRequest, Match
from tests import people
from tests.browsing import ready_for_keys
from tests.desk.calling import a_caller

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1440, "height": 900}
MOST = 25


class Keys:
    """Presses keys and counts them."""

    def __init__(self, page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def arrive(self, path: str) -> None:
        self.page.wait_for_url(f"**{path}")
        ready_for_keys(self.page)


def test_a_known_caller_costs_few_keys_and_an_answer_three(cleo, ben, browser_as, capsys):
    else_ = a_caller()
    people.a_request(else_, skills=("spazieren",), state="done", now=timezone.now())
    ben.channel, ben.email = "phone", None
    ben.save()
    match = people.a_match(people.a_request(people.ada(), now=timezone.now()), ben, state="asked")
    Match.objects.filter(pk=match.pk).update(deadline=timezone.now() + timedelta(hours=9))
    page = browser_as(cleo, size=DESK)
    page.goto(reverse("desk:home"))

    keys = Keys(page)
    keys.press("n")
    keys.arrive(reverse("desk:caller"))
    keys.press(*"putz", "Enter")
    keys.arrive(reverse("desk:caller_page", args=[else_.pk]))
    keys.press("Tab", "Tab", "Tab", "Tab", "Space", "Enter")
    keys.arrive("/buero/bitte/**")
    request = HelpRequest.objects.get(resident=else_, state="open")
    assert (request.consent, [skill.slug for skill in request.skills.all()]) == ("oral", ["spazieren"])
    with capsys.disabled():
        sys.stdout.write(f"\nphone.key_presses\t{keys.count}\n")
    assert keys.count < MOST

    answer = Keys(page)
    answer.press("l")
    answer.arrive(reverse("desk:calls"))
    answer.press("Enter")
    answer.arrive("/gefragt/**")
    answer.press("1")
    answer.arrive(reverse("desk:calls"))
    match.refresh_from_db()
    assert match.state == "accepted"
    with capsys.disabled():
        sys.stdout.write(f"phone.key_presses_answer\t{answer.count}\n")
