"""Who has only a telephone at home: hours they like, a helper without internet, a try in vain, a call that is done."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from accounts.models import User
from matching import actions, states
from matching.calls import verbs
from matching.calls.book import Entry, book
from matching.models import Appointment, CheckIn, Match
from places.models import Quarter

HOUR = timedelta(hours=1)
HELPERS = 2  # of those asked today
LIKES = (User.CallTime.MORNING, User.CallTime.ANY, User.CallTime.AFTERNOON, User.CallTime.NOON)
NOTE = "Geht selten vor zehn ans Telefon."


def ring(home: Quarter, *, worker: User, but: User, now: datetime) -> None:
    """The call list of the home quarter as the worker finds it. `but`: keeps their screen."""
    here = Match.objects.filter(request__quarter=home).exclude(volunteer=but)
    helpers = here.filter(state=states.ASKED, deadline__gt=now).order_by("deadline", "pk")[:HELPERS]
    newest = here.filter(state=states.CONFIRMED).order_by("-confirmed_at", "pk")[:1]
    switched = [match.volunteer_id for match in [*helpers, *newest]]
    User.objects.filter(pk__in=switched).update(channel=User.Channel.PHONE)
    _likes(home)
    pairs = list(here.filter(state=states.CONFIRMED, resident__channel=User.Channel.PHONE).order_by("pk")[:3])
    _arranging(pairs, now)
    actions.write_reminders(now=now)
    _at_work(book([home], reader=worker, now=now).now, worker, now)


def _likes(home: Quarter) -> None:
    """The hours at which they like to be called."""
    called = list(User.objects.filter(quarter=home, channel=User.Channel.PHONE).order_by("pk"))
    for place, person in enumerate(called):
        person.call_time = LIKES[place % len(LIKES)]
    User.objects.bulk_update(called, ["call_time"])


def _arranging(pairs: list[Match], now: datetime) -> None:
    """A time proposed, a visit called off, and the questions after one, each of somebody with only a telephone."""
    day = timezone.make_aware(datetime.combine(timezone.localdate(now) + timedelta(days=4), time(10)))
    for match in pairs[:1]:
        times = [(day + hours, day + hours + HOUR) for hours in (timedelta(), 4 * HOUR)]
        actions.propose_times(match_id=match.pk, times=times, by=match.volunteer, now=now - 3 * HOUR)
    for visit in Appointment.objects.filter(match__in=pairs[1:2], state=states.AGREED, start__gt=now + HOUR)[:1]:
        said = {"by": visit.match.volunteer, "now": now - HOUR, "reason": "Ich bin erkältet."}
        actions.cancel_appointment(appointment_id=visit.pk, **said)
    for match in pairs[2:]:
        gone = timezone.localdate(now) + timedelta(days=365)
        CheckIn.objects.get_or_create(
            match=match, person=match.resident, visit=3, defaults={"asked_at": now - 20 * HOUR, "delete_on": gone}
        )


def _at_work(waiting: list[Entry], worker: User, now: datetime) -> None:
    """One was not reached this morning, and one has been told."""
    for entry in waiting[-1:]:
        verbs.missed(**_place(entry), by=worker, now=now - timedelta(minutes=50), note=NOTE)
    for entry in [entry for entry in waiting if entry.line.answers[0].name == "told"][:1]:
        verbs.answer(**_place(entry), by=worker, now=now - timedelta(minutes=20), name="told")


def _place(entry: Entry) -> dict:
    return {"kind": entry.line.kind, "about": entry.line.about, "person_id": entry.line.person.pk}
