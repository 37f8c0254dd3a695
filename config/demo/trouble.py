"""
What an office has on its desk besides: a report, somebody who must stay away for now, and a helper with a badge.
"""

from datetime import timedelta
from uuid import uuid4

from accounts.actions.badges import issue_badge
from accounts.actions.suspensions import propose_suspension
from accounts.models import User
from config.demo.logins import HOME
from config.demo.people import People
from config.demo.shelf import Shelf
from matching import states
from messaging import actions
from messaging.models import Conversation


def report_one(shelf: Shelf, people: People) -> None:
    """A helper asks for money; the resident reports it, and the talk shows the warning to both."""
    logins = [one.pk for one in (people.erna, people.jonas and people.jonas.user) if one]
    pairs = Conversation.objects.filter(match__state=states.CONFIRMED, match__request__quarter__name=HOME)
    free = pairs.exclude(match__resident__in=logins).exclude(match__volunteer__in=logins)
    online = free.filter(match__resident__email__isnull=False).select_related("match__resident", "match__volunteer")
    talk = online.order_by("opened_at", "id").first() or free.order_by("opened_at", "id").first()
    if talk is None:
        return
    last = talk.messages.order_by("-seq").values_list("stored_at", flat=True).first()
    at = max(last or talk.opened_at, shelf.now - timedelta(hours=3)) + timedelta(minutes=2)
    asks = "Eine Frage noch: Können Sie mir bis Freitag 50 Euro leihen? Sagen Sie es bitte niemandem."
    posted = actions.post_message(
        conversation_id=talk.pk, by=talk.match.volunteer, client_id=uuid4(), body=asks, now=at
    )
    actions.report_message(
        conversation_id=talk.pk,
        seq=posted.message.seq,
        by=talk.match.resident,
        now=at + timedelta(minutes=10),
        reason="money",
        text="Das war jetzt schon das zweite Mal. Ich möchte niemandem wehtun.",
    )


def hold_one(shelf: Shelf, people: People) -> None:
    """The colleague held an access this morning; the worker of the login is the second one, who decides."""
    _katrin, *colleagues = people.workers[HOME]
    held = _free_helper(people)
    if not colleagues or held is None:
        return
    reason = "Kam dreimal nicht und war nicht zu erreichen. Eine Bewohnerin hat vergeblich gewartet."
    propose_suspension(
        person_id=held.pk, by=colleagues[0], now=shelf.now - timedelta(hours=3), cause="conduct", reason=reason
    )


def give_a_badge(shelf: Shelf, people: People) -> None:
    """Jonas carries one: its number is read out under "Ausweis prüfen"."""
    assert people.jonas is not None
    katrin, at = people.workers[HOME][0], shelf.now - timedelta(days=40)
    issue_badge(person_id=people.jonas.user.pk, by=katrin, now=at)


def _free_helper(people: People) -> User | None:
    """A welcomed grown-up helper of the quarter with nothing under way, whom nobody misses on the demo's lists."""
    keys = [one.user.pk for one in people.volunteers[HOME] if one is not people.jonas]
    free = User.objects.filter(pk__in=keys, volunteer_profile__live_matches=0, wants_help=False)
    welcomed = free.filter(volunteer_profile__welcomed_at__isnull=False, volunteer_profile__paused=False)
    return welcomed.exclude(born_on__gt="2005-01-01").order_by("last_name", "first_name", "pk").last()
