"""A confirmed pair with an open talk, and small helpers for the tests around it."""

from uuid import UUID, uuid4

from accounts.models import User
from matching import states
from messaging.actions import Posted, open_conversation, post_message
from messaging.models import Conversation
from tests import people
from tests.people import NOW


def a_talk(resident: User | None = None, volunteer: User | None = None) -> Conversation:
    """The open conversation of a confirmed match, of Ada and Ben where nobody is named."""
    request = people.a_request(by=resident or people.ada())
    match = people.a_match(request, volunteer or people.ben(), state=states.CONFIRMED)
    return open_conversation(match=match, now=NOW)


def say(talk: Conversation, by: User, body: str = "Guten Tag", client_id: UUID | None = None, now=NOW) -> Posted:
    return post_message(conversation_id=talk.pk, by=by, client_id=client_id or uuid4(), body=body, now=now)
