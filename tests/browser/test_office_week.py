"""
A week of a quarter office without a mouse: every step by keys, for a woman who owns a telephone and a letter box.

Monday she calls, the office asks Ben, Tuesday his yes and hers are heard on the telephone, Wednesday the time and the
door card, Thursday the visit, Friday the check-in; then a report, an access held, and on her word everything erased.
Ben's own steps between are taken by his verbs, and time passes by moving the visit. Where the week jumps to another
case, its page is opened by its address.
"""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Suspension, User
from matching import actions, states
from matching.models import Appointment, CheckIn, HelpRequest, Match
from messaging import actions as talk
from messaging.models import Report
from tests import people
from tests.browsing import ready_for_keys
from tests.desk.calling import a_caller

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1440, "height": 900}
MOST_TABS = 150
HERE = """() => { const at = document.activeElement; if (!at || at === document.body) return "";
  return [at.innerText, at.value, at.name, at.labels && at.labels[0] && at.labels[0].innerText].join(" | "); }"""


class Keyboard:
    """A browser that is only ever typed at."""

    def __init__(self, page) -> None:
        self.page = page
        page.goto(reverse("desk:home"))

    def reach(self, words: str) -> None:
        """Tab on until what has the focus says so; fails where no key gets there."""
        seen = []
        for _step in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            seen.append(self.page.evaluate(HERE))
            if words in seen[-1]:
                return
        raise AssertionError(f"{words} is not reached on {self.page.url}: {seen}")

    def go(self, key: str) -> None:
        """Press a key that leads on, and wait until the page that follows takes keys."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        ready_for_keys(self.page)

    def enter(self, words: str) -> None:
        self.reach(words)
        self.go("Enter")

    def type(self, label: str, text: str) -> None:
        self.reach(label)
        self.page.keyboard.type(text)

    def answer(self, kind: str, key: str) -> None:
        """The line of this kind on the call list, and the key of the answer that was heard."""
        self.go("l")
        for _step in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if f"/{kind}/" in self.page.evaluate("() => document.activeElement.href || ''"):
                break
        self.go("Enter")
        assert f"/{kind}/" in self.page.url
        self.go(key)

    def text(self) -> str:
        return self.page.locator("main").inner_text()


def test_a_week_of_the_office_by_keys_alone(cleo, ben, browser_as):
    else_ = a_caller()
    people.a_request(else_, skills=("spazieren",), state="done", now=timezone.now())
    people.a_volunteer("Vera")  # somebody is left for the others
    ben.volunteer_profile.offered_skills.create(skill=people.a_skill("spazieren"))
    keys = Keyboard(browser_as(cleo, size=DESK))
    match = _monday(keys, else_, ben)
    _tuesday(keys, match)
    visit = _wednesday(keys, match)
    _thursday(keys, visit)
    _friday(keys, else_)
    _a_report(keys, else_, ben)
    _an_access_is_held(keys, ben)
    _everything_goes(keys, else_)


def _monday(keys: Keyboard, else_: User, ben: User) -> Match:
    keys.go("n")
    keys.page.keyboard.type("putz")
    keys.go("Enter")
    assert keys.page.url.endswith(reverse("desk:caller_page", args=[else_.pk]))
    keys.reach("consent")  # it was read out to her, and she said yes
    keys.page.keyboard.press("Space")
    keys.go("Enter")
    wish = HelpRequest.objects.get(resident=else_, state=states.OPEN)
    assert wish.consent == "oral"
    match = actions.propose_match(request_id=wish.pk, volunteer_id=ben.pk, by=people.cleo(), now=timezone.now())
    keys.page.goto(reverse("desk:case", args=[wish.pk]))
    keys.enter("Freigeben und anfragen")
    match.refresh_from_db()
    assert match.state == states.ASKED
    return match


def _tuesday(keys: Keyboard, match: Match) -> None:
    actions.accept_match(match_id=match.pk, by=match.volunteer, now=timezone.now())
    keys.answer("gefunden", "1")
    match.refresh_from_db()
    assert match.state == states.CONFIRMED
    assert match.events.get(move="confirm").spoken


def _wednesday(keys: Keyboard, match: Match) -> Appointment:
    """The time the matcher found for both is asked of her on the telephone."""
    keys.answer("zeit", "1")
    visit = match.appointments.get(state=states.AGREED)
    keys.page.goto(reverse("desk:visit", args=[visit.pk]))
    keys.enter("Türkarte ansehen")
    match.refresh_from_db()
    assert match.door_word
    assert match.door_word in keys.page.content()
    assert "Ben" in keys.page.content()
    return visit


def _thursday(keys: Keyboard, visit: Appointment) -> None:
    now = timezone.now()
    Appointment.objects.filter(pk=visit.pk).update(start=now - timedelta(hours=2), end=now - timedelta(hours=1))
    keys.page.goto(reverse("desk:visit", args=[visit.pk]))
    keys.enter("Hat stattgefunden, ist fertig")
    visit.refresh_from_db()
    assert visit.state == states.DONE_VISIT


def _friday(keys: Keyboard, else_: User) -> None:
    keys.answer("nachfrage", "1")
    assert CheckIn.objects.get(person=else_).was_fine is True


def _a_report(keys: Keyboard, else_: User, ben: User) -> None:
    conversation = talk.open_conversation(match=Match.objects.get(volunteer=ben), now=timezone.now())
    report = talk.report_person(conversation_id=conversation.pk, by=else_, now=timezone.now(), reason="money")
    keys.page.goto(reverse("office:report", args=[report.pk]))
    keys.enter("Ich sehe es mir an")
    assert Report.objects.get().taken_by == people.cleo()


def _an_access_is_held(keys: Keyboard, ben: User) -> None:
    keys.page.goto(reverse("desk:person", args=[ben.pk]))
    keys.enter("Zugang anhalten")
    keys.reach("cause")
    keys.page.keyboard.press("Space")
    keys.type("reason", "Hat nach Geld gefragt.")
    keys.enter("Jetzt anhalten")
    held = Suspension.objects.get()
    assert held.user == ben
    assert User.objects.get(pk=ben.pk).suspended_at
    assert not Match.objects.live().filter(volunteer=ben).exists()


def _everything_goes(keys: Keyboard, else_: User) -> None:
    keys.page.goto(reverse("desk:person", args=[else_.pk]))
    keys.enter("Datenschutz: Kopie, Abmelden, Löschen")
    keys.reach("sure")
    keys.page.keyboard.press("Space")
    keys.page.keyboard.press("Tab")
    keys.go("Enter")
    assert not User.objects.filter(pk=else_.pk).exists()
