"""Who has only a telephone at home: hours they like, a helper without internet, a try in vain, a call that is done."""

from datetime import datetime, timedelta

from accounts.models import User
from matching import states
from matching.calls import verbs
from matching.calls.book import Entry, book
from matching.models import Match
from places.models import Quarter

HELPERS = 2  # of those asked today
LIKES = (User.CallTime.MORNING, User.CallTime.ANY, User.CallTime.AFTERNOON, User.CallTime.NOON)
NOTE = "Geht selten vor zehn ans Telefon."


def ring(home: Quarter, *, worker: User, but: User, now: datetime) -> None:
    """The call list of the home quarter as the worker finds it. `but`: keeps their screen."""
    asked = Match.objects.filter(request__quarter=home, state=states.ASKED, deadline__gt=now).exclude(volunteer=but)
    helpers = asked.order_by("deadline", "pk").values_list("volunteer", flat=True)[:HELPERS]
    User.objects.filter(pk__in=list(helpers)).update(channel=User.Channel.PHONE)
    for number, like in enumerate(LIKES):
        called = User.objects.filter(quarter=home, channel=User.Channel.PHONE).order_by("pk")
        some = [pk for place, pk in enumerate(called.values_list("pk", flat=True)) if place % len(LIKES) == number]
        User.objects.filter(pk__in=some).update(call_time=like)
    _at_work(book([home], reader=worker, now=now).now, worker, now)


def _at_work(waiting: list[Entry], worker: User, now: datetime) -> None:
    """One was not reached this morning, and one has been told."""
    for entry in waiting[-1:]:
        verbs.missed(**_place(entry), by=worker, now=now - timedelta(minutes=50), note=NOTE)
    for entry in [entry for entry in waiting if entry.line.answers[0].name == "told"][:1]:
        verbs.answer(**_place(entry), by=worker, now=now - timedelta(minutes=20), name="told")


def _place(entry: Entry) -> dict:
    return {"kind": entry.line.kind, "about": entry.line.about, "person_id": entry.line.person.pk}
