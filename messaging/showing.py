"""How a talk is laid out on its page: bubbles with days between, states in words, appointments with what one may do."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import skills
from accounts.models import Block, User
from matching.arranging import arranged, rights_of, series_of
from matching.forms.arrange import AppointmentForm
from matching.models import Match
from messaging import rules
from messaging.actions import messages_before
from messaging.cautions import WORDS as CAUTIONS
from messaging.forms import MessageForm
from messaging.models import Conversation, Installation, Mark, Message, Report
from messaging.quick import SENTENCES
from messaging.stands import stands_of

SHOWN = 50  # messages of a page


@dataclass(frozen=True)
class Bubble:
    """`name`: who wrote it, said to the reader; `state`: of one's own, "" for the other's; `cautions`: sentences."""

    message: Message
    mine: bool
    name: str
    state: str
    day: date
    first_of_day: bool
    cautions: list[Any]
    may_delete: bool


def state_words() -> dict[str, str]:
    return {
        "sending": _("wird gesendet"),
        "stored": _("gespeichert"),
        "delivered": _("zugestellt"),
        "read": _("gelesen"),
        "failed": _("nicht gesendet"),
    }


def talk_page(
    talk: Conversation,
    user: User,
    now: datetime,
    *,
    before: int | None = None,
    message_form: MessageForm | None = None,
    appointment_form: AppointmentForm | None = None,
) -> dict[str, Any]:
    """Everything the page of one conversation shows; `before`: only messages below this number."""
    rows = messages_before(talk, before, SHOWN)
    other = other_of(talk, user)
    marks = _marks_of(talk, other, user)
    about, bubbles = about_match(talk.match, user, now), _bubbles(rows, user, other, marks, now)
    return {
        "talk": talk,
        "other": other,
        "bubbles": bubbles,
        **_with_offers(bubbles, about),
        "older": rows[0].seq if rows and rows[0].seq > 1 else None,
        "newest_shown": before is None,
        "last_shown": max(talk.last_seq, rows[-1].seq if rows else 0),
        "writable": rules.may_write(user, talk, now),
        **_order(talk, user, other, now),
        "form": message_form or MessageForm.empty(),
        "quick": SENTENCES.items(),
        "quick_client_id": uuid4(),
        "words": state_words(),
        "appointment_form": appointment_form or AppointmentForm(),
        "details": json.dumps(_for_script(talk, user, other, marks, rows, now)) if before is None else "",
        **about,
    }


def about_match(match: Match, user: User, now: datetime) -> dict[str, Any]:
    """What, when, the code word, and the appointments with what this person may do about them."""
    rights = rights_of(match, user)
    found = arranged(match, rights, now=now)
    return {
        "match": match,
        "what": [skills.name(skill) for skill in match.request.skills.all()],
        "appointments": found,
        "series": series_of(match, rights, now=now),
        "next_appointment": next((entry.row for entry in found if entry.agreed and not entry.over), None),
        "may_arrange": rights.arrange,
        "arranging_rests": rights.rests,
    }


def other_of(talk: Conversation, user: User) -> User:
    """Whom this person talks with."""
    return talk.match.volunteer if user.pk == talk.match.resident_id else talk.match.resident


def _order(talk: Conversation, user: User, other: User, now: datetime) -> dict[str, Any]:
    """Until when one may write, who of the office read along, what this person reported or wished."""
    return {
        "ends": talk.closes_at if talk.closes_at and now < talk.closes_at else None,
        "is_over": talk.closes_at is not None and now >= talk.closes_at,
        "readings": talk.readings.select_related("reader")[:5],
        "my_reports": Report.objects.visible_to(user).filter(conversation=talk).order_by("-made_at")[:3],
        "i_blocked": Block.objects.told_by(user).filter(blocked=other).exists(),
    }


def _with_offers(bubbles: list[Bubble], about: dict[str, Any]) -> dict[str, Any]:
    """Proposals stand among the messages where the newest was made: what is written after them comes after them."""
    asked = [entry.row.created_at for entry in (*about["series"], *about["appointments"]) if entry.asks_me]
    newest = max(asked, default=None)
    earlier = [bubble for bubble in bubbles if newest is None or bubble.message.stored_at <= newest]
    return {"asked": bool(asked), "earlier": earlier, "later": bubbles[len(earlier) :]}


def _bubbles(rows: list[Message], user: User, other: User, marks: tuple[int, int], now: datetime) -> list[Bubble]:
    found: list[Bubble] = []
    for row in rows:
        day, mine = timezone.localdate(row.stored_at), row.sender_id == user.pk
        first = not found or found[-1].day != day
        words = [] if row.deleted_at else [CAUTIONS[kind] for kind in row.cautions.split() if kind in CAUTIONS]
        state = _state(row, marks) if mine else ""
        young = mine and rules.may_delete(row, now)
        found.append(Bubble(row, mine, _name(row, mine, other), state, day, first, words, young))
    return found


def _name(row: Message, mine: bool, other: User) -> str:
    if mine:
        return _("Sie")
    return other.first_name if row.sender_id == other.pk else _("Jemand")


def _state(row: Message, marks: tuple[int, int]) -> str:
    delivered, read = marks
    return "read" if row.seq <= read else "delivered" if row.seq <= delivered else "stored"


def _marks_of(talk: Conversation, other: User, viewer: User) -> tuple[int, int]:
    mark = Mark.objects.filter(conversation=talk, person=other).shown_to(viewer).first()
    return (mark.delivered_seq, mark.read_seq) if mark else (0, 0)


def _for_script(
    talk: Conversation, user: User, other: User, marks: tuple[int, int], rows: list[Message], now: datetime
) -> dict[str, Any]:
    """What static/js/talk.js needs to go on from this page."""
    cursors = Conversation.objects.visible_to(user).values_list("pk", "last_seq")
    last = max(talk.last_seq, rows[-1].seq if rows else 0)
    return {
        "conversation": str(talk.pk),
        "match": str(talk.match_id),
        "me": str(user.pk),
        "other": {"id": str(other.pk), "name": other.first_name},
        "epoch": str(Installation.current().epoch),
        "stand": stands_of({talk.match_id: talk.match.state})[talk.match_id],
        "cursors": {str(key): seq for key, seq in cursors} | {str(talk.pk): last},
        "delivered": marks[0],
        "read": marks[1],
        "language": get_language(),
        "writable": rules.may_write(user, talk, now),
        "delete_seconds": int(rules.MAY_DELETE.total_seconds()),
        "paths": {
            "delete": reverse("messaging:delete", args=[talk.pk, 0]),
            "report": f"{reverse('messaging:uneasy', args=[talk.pk])}?nachricht=0",
        },
        "cautions": {kind: str(words) for kind, words in CAUTIONS.items()},
        "icon": static("icons/sprite.svg"),
        "login": f"{reverse('account_login')}?next={reverse('messaging:talk', args=[talk.pk])}",
        "words": state_words() | _script_words(other),
    }


def _script_words(other: User) -> dict[str, str]:
    return {
        "me": _("Sie"),
        "today": _("heute"),
        "yesterday": _("gestern"),
        "news": _("Neue Nachricht von {name}").format(name=other.first_name),
        "typing": _("{name} schreibt gerade").format(name=other.first_name),
        "down": _(
            "Die Verbindung ist gerade unterbrochen. Was Sie schreiben, bleibt hier erhalten. "
            "Wir senden es, sobald es wieder geht."
        ),
        "again": _("Die Verbindung ist wieder da."),
        "logged_out": _("Sie sind nicht mehr angemeldet. Was Sie geschrieben haben, ist noch hier."),
        "log_in": _("Neu anmelden"),
        "stopped": _("Neue Nachrichten erscheinen hier erst, wenn Sie die Seite neu laden."),
        "take_back": _("Text zurückholen"),
        "changed": _("Beim Termin hat sich etwas geändert."),
        "look": _("Neu laden"),
        "deleted": _("Diese Nachricht wurde gelöscht."),
        "delete": _("Löschen"),
        "report": _("Melden"),
    }
