"""People to call, and where their lines stand."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from accounts import search
from accounts.models import User
from matching.models import Match
from tests import people

HOUR = timedelta(hours=1)


def a_caller(name: str = "Else", last_name: str = "Pütz", **more) -> User:
    more = {"email": None, "channel": "phone", "phone": "+49214300101"} | more
    person = people.a_person(name, last_name=last_name, **more)
    person.search_key = search.key(person)
    person.save()
    return person


def an_asked_helper(name: str = "Bert") -> Match:
    helper = people.a_volunteer(name, email=None, channel="phone", phone="+492143001")
    resident = people.a_person(f"R{name}")
    match = people.a_match(people.a_request(resident, now=timezone.now()), helper, state="asked")
    Match.objects.filter(pk=match.pk).update(deadline=timezone.now() + 20 * HOUR)
    return match


def line_of(match: Match, person: User, kind: str = "gefragt") -> str:
    return reverse("desk:call", args=[kind, match.pk.hex, person.pk])


def only(blocks) -> list:
    """The lines of the only person there."""
    [block] = blocks
    return block.rows


def several_for_else(ben) -> list[Match]:
    """Two who said yes to Else, and a pair of hers that is sure."""
    else_ = a_caller(call_time="morning")
    made = []
    for name, state in (("Bea", "accepted"), ("Carl", "accepted"), ("Dirk", "confirmed")):
        request = people.a_request(else_, now=timezone.now())
        match = people.a_match(request, people.a_volunteer(name), state=state)
        Match.objects.filter(pk=match.pk).update(accepted_at=timezone.now(), confirmed_at=timezone.now())
        made.append(match)
    return made
