"""What a person with a small phone sees of what they just did: the line, their message, their answer, their mistake."""

from datetime import timedelta

import pytest
from django.utils import timezone

from matching import actions
from tests.messaging.talks import a_talk, say

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def talk():
    return a_talk()


@pytest.fixture
def phone(talk, browser_as):
    """Ada's phone, the talk open and its line up."""
    page, heard = browser_as(talk.match.resident), []
    page.on("websocket", lambda line: line.on("framereceived", lambda frame: heard.append(frame)))
    page.goto(f"/gespraech/{talk.pk}/")
    for _ in range(300):  # a greeting that came before one waits for it counts too
        if heard:
            break
        page.wait_for_timeout(50)
    assert heard, "the line is not up"
    return page


def write(page, text: str) -> None:
    page.get_by_label("Ihre Nachricht").fill(text)
    page.get_by_role("button", name="Senden").click()


def test_the_page_says_within_seconds_that_the_line_is_down_and_when_it_is_back(phone):
    phone.context.set_offline(True)  # the socket stays open, and says nothing
    expect(phone.locator("#leitung")).to_contain_text("unterbrochen", timeout=3_000)
    write(phone, "Hören Sie mich?")
    phone.wait_for_timeout(2_500)
    expect(phone.locator("#leitung")).to_be_in_viewport()
    expect(phone.locator(".bubble.mine")).to_have_attribute("data-state", "sending")
    phone.context.set_offline(False)
    phone.locator(".bubble.mine[data-seq]").wait_for(timeout=5_000)
    expect(phone.locator("#leitung")).to_be_hidden()
    assert phone.locator(".bubble").count() == 1


def proposed_by_ben(talk, days: int = 3):
    """Ben suggests an hour at ten o'clock."""
    now = timezone.now()
    start = timezone.localtime(now).replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=days)
    return actions.propose_appointment(
        match_id=talk.match_id, start=start, end=start + timedelta(hours=1), by=talk.match.volunteer, now=now
    )


def enter(talk, browser_as, script: bool):
    page = browser_as(talk.match.resident, script=script)
    page.goto(f"/gespraech/{talk.pk}/")
    return page


def propose(page, day: str) -> None:
    page.get_by_text("Einen Termin vorschlagen").click()
    page.get_by_label("Tag", exact=True).fill(day)
    page.get_by_label("Uhrzeit", exact=True).fill("10:00")
    page.get_by_role("button", name="Vorschlagen").click()


def with_and_without_scripts(test):
    return pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])(test)


@with_and_without_scripts
def test_a_message_is_in_view_after_sending_though_proposals_are_open(talk, browser_as, script):
    for day in (3, 4):
        proposed_by_ben(talk, day)
    page = enter(talk, browser_as, script)
    write(page, "Ich überlege noch.")
    bubble = page.locator(".bubble.mine[data-seq]", has_text="Ich überlege noch.")
    expect(bubble).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Ihre Nachricht")).to_be_in_viewport()


def test_a_proposal_stands_among_the_messages_where_it_was_made(talk, browser_as):
    say(talk, talk.match.volunteer, "vorher", now=timezone.now())
    proposed_by_ben(talk)
    say(talk, talk.match.resident, "nachher", now=timezone.now())
    page = enter(talk, browser_as, script=False)
    told = page.locator("#nachrichten > .bubble, #angebote").all_inner_texts()
    assert [next(word for word in ("vorher", "schlägt", "nachher") if word in text) for text in told] == [
        "vorher",
        "schlägt",
        "nachher",
    ]


def test_a_proposal_that_comes_in_is_the_newest_word_of_the_open_page(talk, phone, browser_as):
    write(phone, "Wann passt es?")
    phone.locator(".bubble.mine[data-seq]").wait_for()
    ben = browser_as(talk.match.volunteer)
    ben.goto(f"/gespraech/{talk.pk}/")
    propose(ben, str(timezone.localdate() + timedelta(days=3)))
    phone.get_by_role("button", name="Einverstanden").wait_for()
    assert phone.locator("#nachrichten > li").last.get_attribute("id") == "angebote"


@with_and_without_scripts
def test_what_was_agreed_is_in_view_and_read_first(talk, browser_as, script):
    found = proposed_by_ben(talk)
    page = enter(talk, browser_as, script)
    page.get_by_role("button", name="Einverstanden").click()
    expect(page.get_by_text("Termin steht")).to_be_in_viewport()
    expect(page.locator(f"#termin-{found.pk}")).to_be_focused()


@with_and_without_scripts
def test_a_time_that_is_taken_says_so_in_its_own_card(talk, browser_as, script):
    first, second = proposed_by_ben(talk), proposed_by_ben(talk)
    actions.agree_appointment(appointment_id=first.pk, by=talk.match.resident, now=timezone.now())
    page = enter(talk, browser_as, script)
    page.get_by_role("button", name="Einverstanden").click()
    notice = page.locator(".card", has=page.locator(f"#termin-{second.pk}")).get_by_text("schon einen Termin")
    expect(notice).to_be_in_viewport()
    assert page.get_by_text("schon einen Termin").count() == 1


@with_and_without_scripts
def test_a_cancelled_visit_is_in_view(talk, browser_as, script):
    found = proposed_by_ben(talk)
    actions.agree_appointment(appointment_id=found.pk, by=talk.match.resident, now=timezone.now())
    page = enter(talk, browser_as, script)
    page.get_by_text("Termin absagen", exact=True).click()
    page.get_by_role("button", name="Ja, diesen Termin absagen").click()
    expect(page.get_by_text("Sie haben diesen Termin abgesagt.")).to_be_in_viewport()


@with_and_without_scripts
def test_a_proposal_is_in_view_with_the_word_that_it_stands(talk, browser_as, script):
    page = enter(talk, browser_as, script)
    propose(page, str(timezone.localdate() + timedelta(days=3)))
    expect(page.get_by_text("Ihr Vorschlag steht jetzt im Gespräch.")).to_be_in_viewport()
    expect(page.get_by_text("hat noch nicht geantwortet")).to_be_in_viewport()


@with_and_without_scripts
def test_a_day_that_does_not_fit_has_the_focus_and_its_mistake_in_view(talk, browser_as, script):
    page = enter(talk, browser_as, script)
    propose(page, str(timezone.localdate() - timedelta(days=3)))
    field = page.get_by_label("Tag", exact=True)
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    expect(page.locator(".field.wrong .errorlist").first).to_be_in_viewport()


def test_regular_times_that_end_say_so_in_view(talk, browser_as):
    row = actions.propose_series(
        match_id=talk.match_id,
        first_on=timezone.localdate() + timedelta(days=3),
        start=timezone.localtime().time().replace(hour=10, minute=0, second=0, microsecond=0),
        minutes=60,
        by=talk.match.volunteer,
        now=timezone.now(),
    )
    page = enter(talk, browser_as, script=True)
    page.get_by_role("button", name="Lieber nicht").click()
    expect(page.get_by_text("Dieser Vorschlag gilt nicht mehr.")).to_be_in_viewport()
    assert page.locator(f"#serie-{row.pk}").count() == 0
