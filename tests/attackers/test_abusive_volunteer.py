"""What an abusive volunteer tried and got; docs/attackers.md holds the whole list."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import people as verbs
from accounts.models import AddressReading, Block, User, VolunteerProfile
from core.errors import WrongState
from matching import actions, states
from matching.actions.proposals import TRIES_OF_ONE
from matching.models import HelpRequest, Match
from messaging.actions import order as talks
from messaging.models import Conversation
from tests.people import NOW, a_match, a_person, a_request, a_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def wish(ada) -> HelpRequest:
    ada.languages = ["de", "ar"]
    ada.save(update_fields=["languages"])
    return a_request(ada, now=timezone.now())


def listed(says) -> list[str]:
    return [row["id"] for row in says.get("open-requests/")["results"]]


# --- reading what the coarse card keeps back ----------
def test_an_offer_nobody_looked_at_tells_neither_language_nor_hour_nor_acquaintance(wish, ada, ben, cleo, door):
    User.objects.filter(pk=ben.pk).update(languages=["de", "ar"])
    a_match(a_request(ada, now=timezone.now()), ben, state=states.COMPLETED)
    says = door(ben)
    offered = says.post(f"open-requests/{wish.pk}/offer/")
    assert says.status == 201
    assert offered["reasons"] == []
    actions.clear_match(match_id=offered["id"], by=cleo, now=timezone.now())
    reasons = " ".join(says.get(f"matches/{offered['id']}/")["reasons"])
    assert "Arabisch" in reasons  # a worker let it through: now they are told
    assert "kennen sich" in reasons


def test_the_copy_of_ones_data_tells_no_hour_of_the_other_side(wish, ben):
    from config.data_protection.copies import copy_of

    match = actions.offer_help(request_id=wish.pk, by=ben, now=timezone.now())
    assert match.slot_start is not None
    rows = [t["rows"] for t in copy_of(ben, now=timezone.now())["tables"] if t["table"] == "matching.Match"]
    assert [row["origin"] for row in rows[0]] == ["self_offer"]
    assert "slot_start" not in rows[0][0]


@pytest.mark.parametrize("header", [{}, {"Idempotency-Key": "always-the-same"}])
def test_hours_cannot_be_halved_by_changing_ones_own_and_looking_again(header, wish, ben, door):
    """Each answer is worth a bit; an `Idempotency-Key` opens a transaction that a refusal rolls back."""
    says, profile = door(ben), VolunteerProfile.objects.get(user=ben)
    profile.availabilities.all().delete()  # never fits
    answers = []
    for number in range(TRIES_OF_ONE + 3):
        tried = {name: f"{value}-{number}" for name, value in header.items()}
        says.post(f"open-requests/{wish.pk}/offer/", **tried)
        answers.append(says.status)
    assert answers == [409] * TRIES_OF_ONE + [429] * 3


def test_page_and_api_count_the_same_looks(wish, ben, door, page_as):
    page = reverse("matching:offer", args=[wish.pk])
    for _look in range(TRIES_OF_ONE):
        assert page_as(ben).get(page).status_code == 200
    says = door(ben)
    says.post(f"open-requests/{wish.pk}/offer/")
    assert says.status == 429


# --- finding out who blocked, and meeting them again ----------
@pytest.mark.parametrize("blocks", ["ada", "ben"])
def test_nothing_is_listed_of_somebody_who_wants_no_contact(blocks, wish, ada, ben, door, page_as):
    says, one, other = door(ben), *((ada, ben) if blocks == "ada" else (ben, ada))
    assert listed(says) == [str(wish.pk)]
    verbs.block(other=other, by=one, now=timezone.now())
    assert listed(says) == []
    says.post(f"open-requests/{wish.pk}/offer/")
    assert says.status == 404
    assert str(wish.pk) not in page_as(ben).get(reverse("matching:open")).content.decode()
    assert page_as(ben).get(reverse("matching:offer", args=[wish.pk])).status_code == 404
    verbs.unblock(other=other, by=one, now=timezone.now())
    assert listed(says) == [str(wish.pk)]


@pytest.mark.parametrize("state", sorted(states.CERTAINLY_NOT_AGAIN))
def test_a_request_one_is_out_of_is_not_listed_again(state, wish, ben, door):
    a_match(wish, ben, state=state)
    HelpRequest.objects.filter(pk=wish.pk).update(state=states.OPEN)
    assert listed(door(ben)) == []


@pytest.mark.parametrize("state", sorted(states.WAITING))
def test_a_block_closes_whatever_waits_between_the_two(state, wish, ada, ben, cleo, django_capture_on_commit_callbacks):
    """Else the office asks, and the resident confirms, somebody she wanted no contact with."""
    match = a_match(wish, ben, state=state)
    other = a_match(a_request(ada, now=timezone.now()), a_volunteer("Emil"), state=states.ASKED)
    with django_capture_on_commit_callbacks(execute=True):
        verbs.block(other=ben, by=ada, now=timezone.now())
    match.refresh_from_db()
    wish.refresh_from_db()
    other.refresh_from_db()
    assert (match.state, wish.accepted_helpers, other.state) == (states.CLOSED, 0, states.ASKED)
    assert VolunteerProfile.objects.get(user=ben).live_matches == 0


@pytest.mark.parametrize(
    ("state", "move", "who"),
    [
        ("proposed", "release", "cleo"), ("asked", "accept", "ben"), ("accepted", "confirm", "ada"),
        ("accepted", "clear", "cleo"),
    ],
)  # fmt: skip
def test_no_move_brings_two_together_while_the_closing_is_still_to_come(state, move, who, wish, ada, ben, cleo):
    match = a_match(wish, ben, state=state)
    if move == "clear":
        Match.objects.filter(pk=match.pk).update(needs_review=True)
        HelpRequest.objects.update(accepted_helpers=0)  # nobody looked at it: it holds no place
    Block.objects.create(blocker=ada, blocked=ben)
    by = {"ada": ada, "ben": ben, "cleo": cleo}[who]
    with pytest.raises(WrongState):
        actions.move_match(match_id=match.pk, move=move, by=by, now=timezone.now())
    match.refresh_from_db()
    assert match.state == state
    Block.objects.all().delete()
    actions.move_match(match_id=match.pk, move=move, by=by, now=NOW)


def test_lifting_a_block_closes_nothing(wish, ada, ben, django_capture_on_commit_callbacks):
    Block.objects.create(blocker=ada, blocked=ben)
    match = a_match(wish, ben, state=states.ASKED)
    with django_capture_on_commit_callbacks(execute=True):
        verbs.unblock(other=ben, by=ada, now=timezone.now())
    match.refresh_from_db()
    assert match.state == states.ASKED


# --- being somebody else than the office met ----------
@pytest.mark.parametrize(
    ("field", "value"),
    [("first_name", "Pfarrer"), ("last_name", "Gutmann"), ("born_on", "1950-01-01"), ("gender", "woman")],
)
def test_a_checked_helper_does_not_become_somebody_else(field, value, ben, cleo, door):
    before = getattr(ben, field)
    says = door(ben)
    said = says.patch("me/", {field: value})
    assert (says.status, list(said["fields"])) == (400, [field])
    ben.refresh_from_db()
    assert getattr(ben, field) == before
    door(cleo).patch(f"people/{ben.pk}/", {field: value})  # told to the office, which met them
    ben.refresh_from_db()
    assert str(getattr(ben, field)) == value


def test_what_stays_the_same_and_everything_else_is_theirs_to_change(ben, door):
    says = door(ben)
    says.patch(
        "me/", {"first_name": "Ben", "born_on": "1990-06-01", "phone": "0214 5551234", "languages": ["de", "tr"]}
    )
    assert says.status == 200


def test_whom_nobody_met_corrects_their_own_name(dora, door):
    fresh = a_person("Gerda")
    VolunteerProfile.objects.create(user=fresh)
    for person in (dora, fresh):
        says = door(person)
        says.patch("me/", {"first_name": "Dorothea", "born_on": str(date(1980, 1, 1)), "gender": "woman"})
        assert says.status == 200


@pytest.mark.parametrize("field", ["first_name", "last_name", "gender"])
def test_the_profile_page_says_why_and_has_no_field_for_it(field, ben, page_as):
    typed = {
        "first_name": "Ben", "last_name": "Bogen", "born_on": "01.06.1990", "gender": "", "channel": "online",
        "text_size": "normal", "language": "de",
    } | {field: "man" if field == "gender" else "Peter"}  # fmt: skip
    client, before = page_as(ben), getattr(ben, field)
    client.post(reverse("accounts:profile"), typed)
    page = client.get(reverse("accounts:profile")).content.decode()
    assert "Das hat Ihr Quartiersbüro mit Ihnen festgehalten" in page
    assert f'name="{field}"' not in page
    ben.refresh_from_db()
    assert getattr(ben, field) == before


# --- contact outside before anybody confirmed ----------
@pytest.mark.parametrize(
    ("about", "fits"),
    [
        ("Rufen Sie mich an: 0171 2345678", False), ("WhatsApp +49 171 2345678", False),
        ("Mail an udo@example.org", False), ("Mehr auf www.example.org", False),
        ("Ich helfe seit 2015.Gern auch zweimal", True), ("2 bis 3 Stunden, ab 10 Uhr", True),
    ],
)  # fmt: skip
def test_the_few_words_about_oneself_carry_no_number_and_no_address(about, fits, ben, door):
    says = door(ben)
    mine = says.get("volunteer-profile/")
    names = ("skills", "languages", "radius_m", "hours_per_week", "capacity", "wishes_other_generation")
    body = {name: mine[name] for name in names} | {"served_quarters": [row["id"] for row in mine["served_quarters"]]}
    said = says.put("volunteer-profile/", body | {"about": about})
    assert says.status == (200 if fits else 400)
    assert fits or list(said["fields"]) == ["about"]


def test_a_long_walk_leaves_no_trace_of_the_other(wish, ada, ben):
    """After the end neither name nor word nor text is in what the volunteer still sees."""
    match = a_match(wish, ben, state=states.CONFIRMED)
    Match.objects.filter(pk=match.pk).update(code_word="Amsel Brücke")
    actions.end_match(match_id=match.pk, by=ada, now=timezone.now() + timedelta(minutes=1))
    from matching.api.sights import match_as_seen

    seen = match_as_seen(Match.objects.for_cards().get(pk=match.pk), ben)
    assert (seen["code_word"], seen["resident"]["first_name"], seen["request"]["description"]) == (None, None, None)
    assert (seen["reasons"], seen["slot_start"], seen["order"]) == ([], None, None)


# --- the address of somebody who wants no contact any more ----------
@pytest.mark.parametrize("who", ["ada", "ben", "cleo"])
def test_no_address_opens_while_the_two_rest_and_nobody_learns_why(who, wish, ada, ben, cleo, door, page_as):
    match = a_match(wish, ben, state=states.CONFIRMED)
    talk, says = Conversation.objects.create(match=match), door(ben)
    says.post(f"matches/{match.pk}/address/")
    assert says.status == 200
    readings = AddressReading.objects.count()
    if who == "cleo":
        talks.pause_talk(match_id=match.pk, by=cleo, now=timezone.now())
    else:
        talks.block_in_talk(conversation_id=talk.pk, by={"ada": ada, "ben": ben}[who], now=timezone.now())
    said = says.post(f"matches/{match.pk}/address/")
    assert (says.status, said["code"], said["fields"]) == (409, "address_closed", {})
    page = page_as(ben).post(reverse("matching:address", args=[match.pk])).content.decode()
    assert "gerade nicht zu sehen" in page
    assert "Lindenstraße" not in page
    assert "Abend" not in page
    assert AddressReading.objects.count() == readings
    if who == "cleo":
        talks.resume_talk(match_id=match.pk, by=cleo)
    else:
        talks.unblock_in_talk(conversation_id=talk.pk, by={"ada": ada, "ben": ben}[who], now=timezone.now())
    says.post(f"matches/{match.pk}/address/")
    assert says.status == 200
