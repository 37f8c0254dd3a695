"""
What a notice speaks of: is it still news, and on which page does it stand? One function per question.

Whether it is news is a condition on rows of `Notice`, so that one query asks of many; `Q()` for what stays news.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts import reach
from matching import states
from matching.calls.sources.news import thanks_owed
from matching.models import Appointment, CheckIn, Match, Series
from messaging.models import Conversation, Mark, Message, Notice


def always(now: datetime) -> Q:
    return Q()


def is_asked(now: datetime) -> Q:
    return _stands(Match.objects.filter(state=states.ASKED, deadline__gte=now))


def is_accepted(now: datetime) -> Q:
    return _stands(Match.objects.filter(state=states.ACCEPTED, needs_review=False))


def is_confirmed(now: datetime) -> Q:
    return _stands(Match.objects.filter(state=states.CONFIRMED))


def is_proposed(now: datetime) -> Q:
    """A time, any of several proposed together, or a series still waits for a yes."""
    waiting = Appointment.objects.filter(state=states.PROPOSED, start__gt=now)
    together = Q(Exists(waiting.filter(offer=OuterRef("about"))))
    return _stands(waiting) | together | _stands(Series.objects.filter(agreed_at__isnull=True, ended_at__isnull=True))


def is_ahead(now: datetime) -> Q:
    """Agreed, and not begun; of a series: it runs."""
    ahead = Appointment.objects.filter(state=states.AGREED, start__gt=now)
    return _stands(ahead) | _stands(Series.objects.running())


def is_agreed(now: datetime) -> Q:
    return _stands(Appointment.objects.filter(state=states.AGREED, start__gt=now, arrived_at__isnull=True))


def is_unanswered(now: datetime) -> Q:
    return _stands(CheckIn.objects.filter(answered_at__isnull=True, settled_at__isnull=True))


def is_unread(now: datetime) -> Q:
    """Messages of the other side that this person has not read."""
    read = Mark.objects.filter(conversation=OuterRef("conversation"), person=OuterRef(OuterRef("person")))
    said = Message.objects.spoken().filter(conversation__match=OuterRef("thread"), deleted_at=None)
    later = said.filter(seq__gt=Coalesce(Subquery(read.values("read_seq")[:1]), 0))
    return Q(Exists(later.exclude(sender=OuterRef("person"))))


def is_owed(now: datetime) -> Q:
    """Thanks: people of the telephone whom nobody has asked yet, on any way, hear nothing of what is over already."""
    told = Notice.objects.filter(kind="asked", told_at__isnull=False)
    asked = Exists(told.filter(person=OuterRef("person"), thread=OuterRef("thread")))
    thanked = Exists(Match.objects.filter(thanks_owed(), pk=OuterRef("thread")))
    return ~reach.offline("person") | Q(thread__isnull=True) | asked | thanked


def _stands(rows: QuerySet) -> Q:
    """The row it speaks of is one of these."""
    return Q(Exists(rows.filter(pk=OuterRef("about"))))


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
