"""Each resource for each person, as a table; and nothing of anybody before it is theirs to know."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import RoleAssignment
from matching import states
from matching.models import Match
from messaging.models import Conversation
from places.models import ExactAddress, Place
from tests import people
from tests.api.client import ROOT
from tests.api.everything import OPERATIONS
from tests.api.world import a_world, filled
from tests.people import a_match, a_person, a_quarter, a_request
from tests.undone import undone

pytestmark = pytest.mark.django_db

# anonymous, Ada (asks), Ben (helps), Cleo (their worker), Dora (a neighbour), Egon (worker of another quarter)
WHO = ("nobody", "ada", "ben", "cleo", "dora", "egon")
ONE_OF_EACH = {
    "GET requests/{id}/": (401, 200, 404, 200, 404, 404),
    "PATCH requests/{id}/": (401, 403, 404, 403, 404, 404),  # filled: nobody changes it any more
    "PUT requests/{id}/place/": (401, 400, 400, 400, 400, 400),  # a body that does not fit is said first
    "POST requests/{id}/publish/": (401, 403, 404, 403, 404, 404),
    "POST requests/{id}/withdraw/": (401, 200, 404, 200, 404, 404),
    "GET requests/{id}/suggestions/": (401, 403, 404, 200, 404, 404),
    "GET requests/{id}/why-not/": (401, 403, 404, 200, 404, 404),
    "POST open-requests/{id}/offer/": (401, 404, 201, 404, 404, 404),
    "GET matches/{id}/": (401, 200, 200, 200, 404, 404),
    "POST matches/{id}/release/": (401, 403, 403, 409, 404, 404),
    "POST matches/{id}/complete/": (401, 200, 200, 200, 404, 404),
    "POST matches/{id}/clear/": (401, 403, 403, 409, 404, 404),  # nothing waits to be looked at
    "POST matches/{id}/address/": (401, 200, 200, 403, 404, 404),
    "GET rounds/{id}/": (401, 404, 404, 200, 404, 404),
    "GET quarters/{id}/weights/": (401, 404, 404, 200, 404, 404),
    "POST quarters/{id}/weights/": (401, 400, 400, 400, 400, 400),
    "POST quarters/{id}/weights/what-if/": (401, 400, 400, 400, 400, 400),
    "GET conversations/{id}/": (401, 200, 200, 404, 404, 404),  # workers read only after a report
    "GET conversations/{id}/messages/": (401, 200, 200, 404, 404, 404),
    "POST conversations/{id}/read/": (401, 400, 400, 400, 400, 400),
    "GET conversations/{id}/appointments/": (401, 200, 200, 404, 404, 404),
    "POST appointments/{id}/agree/": (401, 200, 403, 200, 404, 404),  # Ben proposed it
    "POST appointments/{id}/cancel/": (401, 200, 200, 200, 404, 404),
    "POST appointments/{id}/decline/": (401, 200, 200, 200, 404, 404),
    "POST appointments/{id}/move/": (401, 400, 400, 400, 400, 400),  # a body that does not fit is said first
    "POST appointments/{id}/arrived/": (401, 403, 409, 409, 404, 404),  # not agreed yet
    "POST appointments/{id}/finished/": (401, 403, 409, 409, 404, 404),
    "POST appointments/{id}/correct/": (401, 400, 400, 400, 400, 400),
    "POST appointments/{id}/take-back/": (401, 403, 409, 409, 404, 404),  # nobody said that it is over
    "POST series/{id}/agree/": (401, 200, 403, 200, 404, 404),
    "POST series/{id}/end/": (401, 200, 200, 200, 404, 404),
    "POST check-ins/{id}/answer/": (401, 400, 404, 404, 404, 404),  # Ada's alone; Cleo asks on the desk
    "GET hours/": (401, 200, 200, 200, 200, 200),
    "POST calendar-address/": (401, 201, 201, 201, 201, 201),
    "GET people/{id}/": (401, 403, 403, 200, 403, 404),
    "PATCH people/{id}/": (401, 403, 403, 200, 403, 404),
    "POST people/{id}/welcome/": (401, 403, 403, 404, 403, 404),  # Ada does not help
    "GET volunteer-profile/": (401, 404, 200, 404, 404, 404),
    "POST people/search/": (401, 403, 403, 400, 403, 400),
    "POST socket-tickets/": (401, 201, 201, 201, 201, 201),
}


def egon():
    """A worker elsewhere."""
    person = a_person("Egon", a_quarter("Birkenau", west=7.1), wants_help=False)
    RoleAssignment.objects.create(user=person, role="worker", quarter=person.quarter)
    return person


@pytest.mark.parametrize("row", sorted(ONE_OF_EACH))
def test_each_person_gets_the_answer_of_the_table(row, door):
    method, path = row.split()
    ids, elsewhere = a_world(), egon()
    for who, expected in zip(WHO, ONE_OF_EACH[row], strict=True):
        person = None if who == "nobody" else elsewhere if who == "egon" else getattr(people, who)()
        with undone():
            says = door(person)
            says.send(method, filled(f"{ROOT}{path}", ids))
        assert says.status == expected, (row, who, says.said)


def test_lists_hold_only_what_is_theirs(door, ada, ben, cleo, dora):
    a_world()
    counts = {
        "requests/": (2, 0, 2, 0, 0),
        "open-requests/": (0, 1, 0, 0, 0),
        "matches/": (1, 1, 1, 0, 0),
        "conversations/": (1, 1, 0, 0, 0),
        "appointments/": (1, 1, 1, 0, 0),
    }
    stranger = egon()
    for path, expected in counts.items():
        found = [len(door(person).get(path)["results"]) for person in (ada, ben, cleo, dora, stranger)]
        assert tuple(found) == expected, path


def test_a_trusted_person_sees_the_request_until_it_is_taken_back(door, ada, dora):
    request = a_request(ada)
    trust = people.trusts(ada, dora)
    says = door(dora)
    says.get(f"requests/{request.pk}/")
    assert says.status == 200
    trust.revoked_at = timezone.now()
    trust.save()
    says.get(f"requests/{request.pk}/")
    assert says.status == 404


# --- the table of states ----------
@pytest.mark.parametrize("state", states.MATCH_STATES)
def test_moves_offered_are_exactly_those_that_work(state, door, ada, ben, cleo):
    """Whoever sees the match: a move that is offered is done, another is 403 or 409, and the table agrees."""
    start = timezone.now() + timedelta(days=1)
    window = [(start, start + timedelta(days=2))]
    match = a_match(a_request(ada, windows=window), ben, state=state)
    Match.objects.filter(pk=match.pk).update(deadline=match.deadline and start)
    for person in (ada, ben, cleo):
        says = door(person)
        for move in ("release", "reject", "accept", "decline", "confirm", "refuse", "end", "complete"):
            with undone():
                seen = says.get(f"matches/{match.pk}/")
                if says.status != 200:
                    continue
                offered = move in seen["moves"]
                moved = says.post(f"matches/{match.pk}/{move}/", {"reason": "passt nicht", "spoken": True})
                assert (says.status == 200) == offered, (state, person.first_name, move, moved)
                assert says.status in (200, 403, 409)
                assert offered <= ((state, move) in states.MATCH_MOVES)
                if offered and moved["state"] != states.MATCH_MOVES[state, move]:
                    pytest.fail(f"{state} {move} led to {moved['state']}")


# --- canaries ----------
CANARIES = [
    "KANARI-STRASSE",
    "KANARI-HAUSNUMMER"[:12],
    "KANARI-NACHNAME",
    "KANARI-KLINGEL",
    "51.0512345",
    "7.0123456",
    "0171 5550199",
]


def a_request_with_canaries(ada):
    ada.last_name, ada.phone, ada.share_phone = "KANARI-NACHNAME", "+491715550199", True
    ada.save()
    ExactAddress.objects.filter(place=ada.place).update(
        street="KANARI-STRASSE", number="KANARI-HAUSN", hint="KANARI-KLINGEL", lat=51.0512345, lon=7.0123456
    )
    start = timezone.now() + timedelta(days=1)
    return a_request(ada, windows=[(start, start + timedelta(days=2))], description="Nur für Gefragte")


def everything_heard(says, ids) -> bytes:
    """What this person receives from every list and detail."""
    heard = b""
    for method, path, _operation in OPERATIONS:
        if method == "get":
            says.get(filled(path, ids))
            heard += says.answer.content + b"\n"
    return heard


def test_nothing_exact_is_heard_before_the_match_is_confirmed(door, ada, ben, dora):
    request = a_request_with_canaries(ada)
    match = a_match(request, ben, state="asked")
    ids = {"requests": request.pk, "matches": match.pk, "open-requests": request.pk, "people": ada.pk}
    for state in ("asked", "accepted"):
        Match.objects.filter(pk=match.pk).update(state=state, accepted_at=timezone.now())
        for person in (ben, dora):
            heard = everything_heard(door(person), ids).decode()
            assert not [canary for canary in CANARIES if canary in heard or canary.replace("0171 ", "171") in heard]
    assert "Bogen" not in everything_heard(door(ada), ids).decode()


def test_the_coarse_view_holds_no_name_no_text_and_no_person(door, ada, ben):
    a_request_with_canaries(ada)
    heard = json.dumps(door(ben).get("open-requests/"))
    assert "Nur für Gefragte" not in heard
    assert "Ada" not in heard
    assert str(ada.pk) not in heard
    assert ada.place.cell not in heard


def test_free_text_closes_for_a_volunteer_who_is_out_of_it(door, ada, ben):
    match = a_match(a_request_with_canaries(ada), ben, state="asked")
    says = door(ben)
    assert says.get(f"matches/{match.pk}/")["request"]["description"] == "Nur für Gefragte"
    says.post(f"matches/{match.pk}/decline/")
    assert says.get(f"matches/{match.pk}/")["request"]["description"] is None


def test_a_worker_never_hears_the_talk(door, ada, ben, cleo):
    match = a_match(a_request(ada), ben, state="confirmed")
    talk = Conversation.objects.create(match=match, last_seq=1)
    talk.messages.create(seq=1, sender=ben, client_id=talk.pk, body="KANARI-WORT")
    assert "KANARI-WORT" not in everything_heard(door(cleo), {"conversations": talk.pk, "matches": match.pk}).decode()


def test_moving_within_the_cell_changes_no_byte_that_three_others_receive(door, ada, ben, cleo, dora):
    """Location rule: Ada moves within her cell; Ben was asked, Cleo works there, Dora is a neighbour."""
    request = a_request_with_canaries(ada)
    match = a_match(request, ben, state="asked")
    ids = {"requests": request.pk, "matches": match.pk, "open-requests": a_request(ada).pk, "people": ada.pk}
    before = [everything_heard(door(person), ids) for person in (ben, cleo, dora)]
    ExactAddress.objects.filter(place=ada.place).update(lat=51.0531, lon=6.9987, street="Ganz woanders", number="99")
    assert Place.objects.get(pk=ada.place_id).cell
    assert [everything_heard(door(person), ids) for person in (ben, cleo, dora)] == before
