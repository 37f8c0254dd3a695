"""What is not as it should be: one report for the office to look at, with the message it is about."""

from datetime import timedelta
from uuid import uuid4

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
