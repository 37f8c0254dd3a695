"""What a worker finds on their desk: things of the quarters they work in. Everything else does not exist for them."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from accounts import roles
from accounts.models import User
from core.errors import NotVisible
from matching import states
from matching.models import HelpRequest, Match, Round
from matching.models.requests import of_the_office
from places.models import Quarter

_View = TypeVar("_View", bound=Callable[..., HttpResponse])


def for_workers(view: _View) -> _View:
    """
    This page exists for workers of at least one quarter only; `request.desk_quarters` holds them all.

    Nothing of it stays in a browser's cache: the desk is often a shared machine.
    """

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        request.desk_quarters = list(roles.quarters_of(request.user))
        if not request.desk_quarters:
            raise NotVisible
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def for_coordinators(view: _View) -> _View:
    """This page exists for the city's coordinators only."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not roles.is_coordinator(request.user):
            raise NotVisible
        return view(request, *args, **kwargs)

    return guarded  # type: ignore[return-value]


def cases(worker: User) -> QuerySet[HelpRequest]:
    """Requests of the worker's quarters; of the drafts only the office's own, a resident's stay theirs."""
    mine = HelpRequest.objects.filter(quarter__in=roles.quarters_of(worker))
    return mine.filter(~Q(state=states.DRAFT) | of_the_office())


def drafts(worker: User) -> QuerySet[HelpRequest]:
    """Requests the office began for somebody and did not publish yet, whichever colleague took the call."""
    return cases(worker).filter(state=states.DRAFT)


def matches(worker: User) -> QuerySet[Match]:
    """Matches of requests of the worker's quarters, in every state."""
    return Match.objects.filter(request__quarter__in=roles.quarters_of(worker))


def people(worker: User) -> QuerySet[User]:
    """Who lives in one of the worker's quarters. A helper from next door stays with the office next door."""
    return User.objects.filter(quarter__in=roles.quarters_of(worker), is_active=True)


def rounds(worker: User) -> QuerySet[Round]:
    """Rounds over the worker's quarters."""
    return Round.objects.filter(quarter__in=roles.quarters_of(worker))


def chosen(quarters: list[Quarter], slug: str) -> list[Quarter]:
    """The one quarter with this slug, or all of them where the slug is unknown or empty."""
    return [quarter for quarter in quarters if quarter.slug == slug] or quarters
