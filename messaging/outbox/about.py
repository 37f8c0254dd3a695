"""What a notice speaks of: is it still news, and on which page does it stand? One function per question."""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from accounts import reach
from matching import states
from matching.calls.sources.news import thanks_owed
from matching.models import Appointment, CheckIn, Match, Series
from messaging.models import Conversation, Mark, Message, Notice


def always(notice: Notice, now: datetime) -> bool:
    return True


def is_asked(notice: Notice, now: datetime) -> bool:
    return Match.objects.filter(pk=notice.about, state=states.ASKED, deadline__gte=now).exists()


def is_accepted(notice: Notice, now: datetime) -> bool:
    return Match.objects.filter(pk=notice.about, state=states.ACCEPTED, needs_review=False).exists()


def is_confirmed(notice: Notice, now: datetime) -> bool:
    return Match.objects.filter(pk=notice.about, state=states.CONFIRMED).exists()


def is_proposed(notice: Notice, now: datetime) -> bool:
    """A time, any of several proposed together, or a series still waits for a yes."""
    waiting = Appointment.objects.filter(state=states.PROPOSED, start__gt=now)
    if waiting.filter(Q(pk=notice.about) | Q(offer=notice.about)).exists():
        return True
    return Series.objects.filter(pk=notice.about, agreed_at__isnull=True, ended_at__isnull=True).exists()


def is_ahead(notice: Notice, now: datetime) -> bool:
    """Agreed, and not begun; of a series: it runs."""
    if Appointment.objects.filter(pk=notice.about, state=states.AGREED, start__gt=now).exists():
        return True
    return Series.objects.running().filter(pk=notice.about).exists()


def is_agreed(notice: Notice, now: datetime) -> bool:
    rows = Appointment.objects.filter(pk=notice.about, state=states.AGREED, start__gt=now)
    return rows.filter(arrived_at__isnull=True).exists()


def is_unanswered(notice: Notice, now: datetime) -> bool:
    return CheckIn.objects.filter(pk=notice.about, answered_at__isnull=True, settled_at__isnull=True).exists()


def is_unread(notice: Notice, now: datetime) -> bool:
    """Messages of the other side that this person has not read."""
    read = Mark.objects.filter(conversation__match=notice.thread, person=notice.person_id)
    seq = read.values_list("read_seq", flat=True).first() or 0
    later = Message.objects.spoken().filter(conversation__match=notice.thread, seq__gt=seq, deleted_at=None)
    return later.exclude(sender=notice.person_id).exists()


def is_owed(notice: Notice, now: datetime) -> bool:
    """Thanks: people of the telephone whom nobody has asked yet, on any way, hear nothing of what is over already."""
    if not reach.only_by_phone(notice.person) or notice.thread is None:
        return True
    asked = Notice.objects.filter(person=notice.person_id, thread=notice.thread, kind="asked", told_at__isnull=False)
    return asked.exists() or Match.objects.filter(thanks_owed(), pk=notice.thread).exists()


def home(notice: Notice) -> str:
    return reverse("home")


def calendar(notice: Notice) -> str:
    return reverse("matching:calendar")


def match_page(notice: Notice) -> str:
    return reverse("matching:match", args=[notice.about])


def talk_page(notice: Notice) -> str:
    return reverse("messaging:of_match", args=[notice.thread])


def check_in_page(notice: Notice) -> str:
    return reverse("matching:check_in", args=[notice.about])


def report_page(notice: Notice) -> str:
    return reverse("messaging:report", args=[notice.about])


# What must stand for a page to be there, as `Notice.objects.with_pages()` says it.
NEEDS = {match_page: "has_match", talk_page: "has_talk", check_in_page: "has_check_in", report_page: "has_report"}


def page_or_home(page: Callable[[Notice], str], notice: Notice) -> str:
    """Their own page, where the thing is gone: with somebody who left for good, or in time. Of a row `with_pages`."""
    return page(notice) if page not in NEEDS or getattr(notice, NEEDS[page]) else home(notice)


def is_there(notice: Notice) -> bool:
    """The match it belongs to stands; it is gone when one of the two left for good. Of a row `with_pages`."""
    return notice.thread is None or notice.has_match  # type: ignore[attr-defined]


def lock_talks(threads: Iterable[UUID | None]) -> None:
    """
    Whoever is just storing messages is waited for: they are then unread, or come with a notice of their own.

    In ascending order, as `storing.locked` takes them: two who lock several never wait for each other.
    """
    rows = Conversation.objects.filter(match__in=set(threads)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values("pk"))
