"""What the five steps need to know and to say: for whom, where, and everything in words at the end."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.languages import in_words
from accounts.models import TrustedPerson, User
from core.words import count_in_words, list_in_words, minutes_in_words
from matching import hints as text_hints
from matching import states, words
from matching.models import HelpRequest


@dataclass(frozen=True)
class Answer:
    """One line of the last page: what was asked, what was answered, and the step to change it."""

    title: str
    lines: list[str]
    step: int


def trusting(user: User) -> QuerySet[User]:
    """The residents who named this person as somebody they trust, and whom they said yes to."""
    named = TrustedPerson.objects.acting().filter(person=user)
    return User.objects.filter(pk__in=named.values("resident")).order_by("first_name", "id")


def running_draft(user: User) -> HelpRequest | None:
    """What this person has begun for themselves and not sent."""
    begun = HelpRequest.objects.filter(resident=user, entered_by=user, state=states.DRAFT)
    return begun.order_by("-created_at", "id").first()


def whose(request: HelpRequest | None, user: User) -> str:
    """The resident's first name where somebody else fills in for them, else ""."""
    return "" if request is None or request.resident == user else request.resident.first_name


def answers(request: HelpRequest, *, now: datetime) -> list[Answer]:
    """The whole request in words, one answer per question."""
    return [
        Answer(_("Was"), [words.kinds(request.skills.all())], 1),
        Answer(_("Wann"), words.when(request, now=now), 2),
        Answer(_("Wie lange"), [minutes_in_words(request.duration_minutes)], 2),
        Answer(_("Wo"), [where_in_words(request)], 3),
        Answer(_("Was noch wichtig ist"), [request.description or _("Nichts weiter")], 4),
        Answer(_("Wünsche"), wishes(request), 4),
    ]


def where_in_words(request: HelpRequest) -> str:
    """ "Bei Ihnen zu Hause", never the address itself."""
    if request.place_id is None:
        return _("Am Telefon")
    return _("Bei Ihnen zu Hause") if request.place_id == request.resident.place_id else _("An einem anderen Ort")


def wishes(request: HelpRequest) -> list[str]:
    """How urgent, how many, and who would be welcome."""
    said = [str(HelpRequest.Urgency(request.urgency).label)]
    count = request.helpers_needed
    said.append(
        ngettext("Ein Mensch soll helfen", "%(count)s Menschen sollen helfen", count) % {"count": count_in_words(count)}
    )
    if request.languages:
        spoken = list_in_words(in_words(request.languages), last=_("oder"))
        said.append(_("Sprache: %(languages)s") % {"languages": spoken})
    if request.gender_wish:
        said.append({"woman": _("Lieber eine Frau"), "man": _("Lieber ein Mann")}.get(request.gender_wish, ""))
    if request.wishes_other_generation:
        said.append(_("Gern aus einer anderen Generation"))
    return [line[0].upper() + line[1:] for line in said if line]


def hints(request: HelpRequest) -> list[str]:
    """Kind hints about what had better not stand in the free text."""
    return text_hints.hints_for(request.description)
