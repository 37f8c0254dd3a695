"""One pair: the moves each of the two has, pages that ask once more, screens that are too old, the address."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import AddressReading, User
from matching import states
from matching.models import HelpRequest, Match
from tests import people
from tests.matching.pages.test_home import a_fresh_match

pytestmark = pytest.mark.django_db
MOVES = ("accept", "decline", "confirm", "refuse", "end", "complete")


def move_url(match: Match, move: str) -> str:
    return reverse("matching:match_move", kwargs={"pk": match.pk, "move": move})


def match_url(match: Match) -> str:
    return reverse("matching:match", kwargs={"pk": match.pk})


@pytest.fixture
def pair(ada, ben):
    def of(state: str, **fields) -> Match:
        return a_fresh_match(state, people.a_request(by=ada, now=timezone.now()), ben, **fields)

    return of


@pytest.mark.parametrize(
    ("who", "state", "move", "after"),
    [
        ("ben", "asked", "accept", "accepted"),
        ("ben", "asked", "decline", "declined"),
        ("ada", "accepted", "confirm", "confirmed"),
        ("ada", "accepted", "refuse", "refused"),
        ("ada", "confirmed", "end", "ended"),
        ("ada", "confirmed", "complete", "completed"),
        ("ben", "confirmed", "end", "ended"),
        ("ben", "confirmed", "complete", "completed"),
    ],
)
def test_every_move_asks_once_and_then_moves(who, state, move, after, pair, page_as):
    match = pair(state)
    client = page_as(User.objects.get(first_name=who.title()))
    question = client.get(move_url(match, move))
    assert question.status_code == 200
    assert f'name="version" value="{match.version}"' in question.content.decode()
    answer = client.post(move_url(match, move), {"version": match.version, "reason": "passt gerade nicht"})
    assert answer.status_code == 302
    match.refresh_from_db()
    assert match.state == after
    assert client.get(answer.url).status_code == 200


@pytest.mark.parametrize("who", ["ada", "ben", "cleo", "dora"])
@pytest.mark.parametrize("state", ["proposed", "asked", "accepted", "confirmed"])
@pytest.mark.parametrize("move", MOVES)
def test_nobody_makes_a_move_that_is_not_theirs(who, state, move, pair, page_as, request):
    match, person = pair(state), request.getfixturevalue(who)
    theirs = {
        ("ben", "asked"): {"accept", "decline"},
        ("ada", "accepted"): {"confirm", "refuse"},
        ("ada", "confirmed"): {"end", "complete"},
        ("ben", "confirmed"): {"end", "complete"},
    }.get((who, state), set())
    answer = page_as(person).post(move_url(match, move), {"version": match.version})
    assert (answer.status_code == 302) == (move in theirs)
    assert answer.status_code in (302, 403, 404, 409)
    match.refresh_from_db()
    assert (match.state != state) == (move in theirs)


@pytest.mark.parametrize(
    ("who", "state", "reads"),
    [
        ("ben", "asked", False),
        ("ben", "accepted", True),
        ("ben", "confirmed", False),
        ("ben", "ended", False),
        ("ada", "accepted", False),
        ("ada", "confirmed", False),
    ],
)
def test_who_said_yes_reads_whom_to_call_when_it_does_not_go_after_all(who, state, reads, pair, page_as, request):
    """The law knows no such move of theirs: a worker rejects the pair on their word."""
    page = page_as(request.getfixturevalue(who)).get(match_url(pair(state))).content.decode()
    assert ("Es geht doch nicht?" in page, "Quartiersbüro Lindenhof: 0214 000000" in page) == (reads, reads)


def test_a_worker_is_led_to_the_desk(pair, cleo, page_as):
    match = pair(states.ACCEPTED)
    answer = page_as(cleo).get(match_url(match))
    assert answer.url == reverse("desk:case", kwargs={"pk": match.request_id})


def test_a_trusted_person_confirms(pair, ada, dora, page_as):
    people.trusts(ada, dora)
    match = pair(states.ACCEPTED)
    page_as(dora).post(move_url(match, "confirm"), {"version": match.version})
    match.refresh_from_db()
    assert match.state == states.CONFIRMED


def test_an_old_screen_shows_the_new_state(pair, ben, page_as):
    match = pair(states.ASKED)
    answer = page_as(ben).post(move_url(match, "accept"), {"version": match.version + 1})
    assert answer.status_code == 409
    assert "Bitte sehen Sie sich den neuen Stand an" in answer.content.decode()
    match.refresh_from_db()
    assert match.state == states.ASKED


@pytest.mark.parametrize("version", ["x", "-1", "9" * 40, "\x00", "١"])
def test_a_broken_version_is_an_old_screen(pair, ben, page_as, version):
    match = pair(states.ASKED)
    assert page_as(ben).post(move_url(match, "accept"), {"version": version}).status_code == 409


def test_tapping_twice_is_moving_once(pair, ada, page_as):
    match, client = pair(states.ACCEPTED), page_as(ada)
    client.post(move_url(match, "confirm"), {"version": match.version})
    again = client.post(move_url(match, "confirm"), {"version": match.version}, follow=True)
    assert again.redirect_chain == [(match_url(match), 302)]
    assert "Ben hilft Ihnen" in again.content.decode()
    assert "Der Stand hat sich" not in again.content.decode()
    assert match.events.filter(move="confirm").count() == 1
    assert client.get(move_url(match, "confirm")).url == match_url(match)


def test_someone_was_faster(pair, ben, page_as):
    match = pair(states.ASKED)
    HelpRequest.objects.filter(pk=match.request_id).update(accepted_helpers=1)
    answer = page_as(ben).post(move_url(match, "accept"), {"version": match.version})
    assert answer.status_code == 409
    assert "Jemand war schneller" in answer.content.decode()


def test_a_reason_of_any_length_is_taken(pair, ben, page_as):
    match = pair(states.ASKED)
    assert page_as(ben).post(move_url(match, "decline"), {"reason": "x" * 5000 + "\x00"}).status_code == 302


def test_a_zero_byte_in_a_reason_is_left_out(pair, ben, page_as):
    match = pair(states.ASKED)
    page_as(ben).post(move_url(match, "decline"), {"reason": "keine\x00 Zeit"})
    match.refresh_from_db()
    assert match.end_reason == "keine Zeit"


@pytest.mark.parametrize("move", ["release", "reject", "clear", "expire", "close", "fliegen"])
def test_moves_of_others_are_no_pages_here(pair, ben, page_as, move):
    assert page_as(ben).get(move_url(pair(states.ASKED), move)).status_code == 404


# --- the address ----------
def address_url(match: Match) -> str:
    return reverse("matching:address", kwargs={"pk": match.pk})


def test_opening_the_address_is_announced_and_noted(pair, ben, page_as):
    match, client = pair(states.CONFIRMED), page_as(ben)
    before = client.get(address_url(match)).content.decode()
    assert "notieren wir" in before
    assert "Lindenstraße" not in before
    assert not AddressReading.objects.exists()
    opened = client.post(address_url(match))
    page = opened.content.decode()
    assert "Ada Abend" in page
    assert "Lindenstraße 1" in page
    assert "no-store" in opened["Cache-Control"]
    assert AddressReading.objects.get().reader == ben


def test_the_resident_opens_the_name_of_their_helper(pair, ada, page_as):
    page = page_as(ada).post(address_url(pair(states.CONFIRMED))).content.decode()
    assert "Ben Bogen" in page


@pytest.mark.parametrize("who", ["ada", "ben", "cleo", "dora"])
@pytest.mark.parametrize("state", ["asked", "accepted", "ended", "completed"])
def test_no_address_before_and_after(who, state, pair, page_as, request):
    match, client = pair(state), page_as(request.getfixturevalue(who))
    for answer in (client.get(address_url(match)), client.post(address_url(match))):
        assert answer.status_code in (302, 404)
    assert not AddressReading.objects.exists()


def test_the_address_closes_when_the_match_ends(pair, ben, page_as):
    match, client = pair(states.CONFIRMED), page_as(ben)
    client.post(move_url(match, "end"), {"version": match.version})
    assert client.post(address_url(match)).url == match_url(match)


# --- who sees what ----------
CANARIES = ("Lindenstraße", "51300", "51.05", "+49", "0171")
SURNAMES = {"ada": ["Bogen"], "ben": ["Abend"], "dora": ["Bogen", "Abend"]}  # one's own stands in the header


@pytest.mark.parametrize("who", ["ada", "ben", "dora"])
@pytest.mark.parametrize("state", list(states.MATCH_STATES))
def test_no_surname_and_no_address_on_any_page(who, state, pair, ada, ben, page_as, request):
    User.objects.filter(pk__in=[ada.pk, ben.pk]).update(phone="+491711234567", share_phone=True)
    match = pair(state, reasons=[{"code": "near", "band": "same"}])
    client = page_as(request.getfixturevalue(who))
    pages = ["home", "matching:open"]
    urls = [*map(reverse, pages), match_url(match), reverse("matching:request", kwargs={"pk": match.request_id})]
    urls += [move_url(match, move) for move in MOVES]
    for url in urls:
        page = client.get(url).content.decode()
        assert not [canary for canary in (*CANARIES, *SURNAMES[who]) if canary in page], url


def test_a_volunteer_who_declined_sees_no_name_any_more(pair, ben, page_as):
    match = pair(states.DECLINED)
    assert "Ada" not in page_as(ben).get(match_url(match)).content.decode()


def test_pages_do_not_change_when_somebody_moves_within_their_cell(pair, ada, ben, page_as):
    from places.models import ExactAddress

    other = people.a_request(by=ada, now=timezone.now())
    match = pair(states.ASKED, reasons=[{"code": "near", "band": "same"}])
    client = page_as(ben)
    urls = [reverse("home"), reverse("matching:open"), match_url(match)]
    urls += [reverse("matching:offer", kwargs={"pk": other.pk})]
    seen = [_masked(client.get(url).content) for url in urls]
    ExactAddress.objects.filter(place=ada.place).update(lat=51.0523, lon=7.0031, street="Woanders", number="99")
    assert [_masked(client.get(url).content) for url in urls] == seen


def _masked(page: bytes) -> bytes:
    import re

    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)


def test_the_story_names_nobody_before_they_were_let_through(pair, ada, ben, page_as):
    match = pair(states.ASKED)
    page_as(ben).post(move_url(match, "decline"), {})
    page = page_as(ada).get(reverse("matching:request", kwargs={"pk": match.request_id})).content.decode()
    assert "Jemand hat diesmal abgesagt" in page
    assert "Ben" not in page


def test_the_deadline_is_said_in_words(pair, ben, page_as):
    match = pair(states.ASKED, deadline=timezone.now() + timedelta(days=1))
    assert "morgen, " in page_as(ben).get(match_url(match)).content.decode()
