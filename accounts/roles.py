"""Who works where. Every question about roles is asked here and nowhere else."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Deputy, RoleAssignment, TrustedPerson, User, VolunteerProfile
from core.database import key_out, keys_in, moment_in, places, rows_of
from places.models import Quarter

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


_WITH_ROLES = """
    SELECT user_id FROM accounts_roleassignment
    WHERE since <= %s AND (until IS NULL OR until > %s) AND user_id IN ({people})
"""
_answers: ContextVar[dict[tuple[str, UUID], set] | None] = ContextVar("answers", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Inside, "works in" and "acts for" ask the database once per person: for drawing a list, never for a verb."""
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def quarters_of(user: "User | AnonymousUser") -> QuerySet[Quarter]:
    """
    Quarters this person works in now, their own and those of a colleague they stand in for today.

    Empty for everybody else. A coordinator has none: they see numbers.
    """
    if not user.is_authenticated or user.suspended_at:
        return Quarter.objects.none()
    mine = _running().filter(user=user, role="worker")
    today = timezone.localdate()
    absent = Deputy.objects.filter(
        deputy=user, first_day__lte=today, last_day__gte=today, ended_at__isnull=True, deputy__in=mine.values("user")
    )
    theirs = _running().filter(user__in=absent.values("worker"), role="worker")
    return Quarter.objects.filter(Q(pk__in=mine.values("quarter")) | Q(pk__in=theirs.values("quarter")))


def own_quarters_of(user: "User | AnonymousUser") -> QuerySet[Quarter]:
    """Quarters this person works in themselves, without those they stand in for."""
    if not user.is_authenticated or user.suspended_at:
        return Quarter.objects.none()
    return Quarter.objects.filter(pk__in=_running().filter(user=user, role="worker").values("quarter"))


def colleagues_of(user: User) -> QuerySet[User]:
    """Everybody else who works in a quarter of this city now."""
    working = User.objects.filter(pk__in=_running().filter(role="worker").values("user"))
    return working.filter(is_active=True, suspended_at__isnull=True).exclude(pk=user.pk)


def works_in(user: "User | AnonymousUser", quarter: Quarter) -> bool:
    """Is this person a worker of this quarter, now?"""
    if _answers.get() is None:
        return quarters_of(user).filter(pk=quarter.pk).exists()
    return quarter.pk in _once("works_in", user, lambda: quarters_of(user).values_list("pk", flat=True))


def workers_of(quarter: Quarter) -> QuerySet[User]:
    """Who works in this quarter now, by name."""
    keys = _running().filter(role="worker", quarter=quarter).values("user")
    return User.objects.filter(pk__in=keys, is_active=True, suspended_at__isnull=True)


def is_worker(user: "User | AnonymousUser") -> bool:
    """A worker of at least one quarter."""
    return quarters_of(user).exists()


def is_coordinator(user: "User | AnonymousUser") -> bool:
    return bool(
        user.is_authenticated and not user.suspended_at and _running().filter(user=user, role="coordinator").exists()
    )


def needs_second_factor(user: "User | AnonymousUser") -> bool:
    """Everybody with a role over other people's data."""
    return bool(user.is_authenticated and _running().filter(user=user).exists())


def who_need_second_factor(people: Iterable[UUID]) -> set[UUID]:
    """Of these people, those with a role over other people's data."""
    asked = keys_in(people)
    if not asked:
        return set()
    now = moment_in(timezone.now())
    return {key_out(row[0]) for row in rows_of(_WITH_ROLES.format(people=places(len(asked))), [now, now, *asked])}


def profile_of(user: "User | AnonymousUser") -> VolunteerProfile | None:
    """The volunteer profile, or None for somebody who does not help, or no longer."""
    return VolunteerProfile.objects.filter(user=user, stopped_at=None).first() if user.is_authenticated else None


def residents_of(user: User) -> QuerySet[User]:
    """For whom this person may ask: themself, who trusts them and has their yes; for workers, of their quarters."""
    named = TrustedPerson.objects.acting().filter(person=user)
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=named.values("resident")) | Q(quarter__in=quarters_of(user)))


def acts_for(user: "User | AnonymousUser", resident: User) -> bool:
    """The resident themselves, or somebody they named as trusted, who said yes and was not revoked."""
    if not user.is_authenticated or user == resident:
        return user == resident and user.is_authenticated
    named = TrustedPerson.objects.acting().filter(person=user)
    if _answers.get() is None:
        return named.filter(resident=resident).exists()
    return resident.pk in _once("acts_for", user, lambda: named.values_list("resident", flat=True))


def asked_to_act(user: User) -> QuerySet[TrustedPerson]:
    """Who would like this person to act for them, and waits for a yes or a no."""
    return user.trusts.unanswered().select_related("resident").order_by("since", "id")


def _once(question: str, user: "User | AnonymousUser", answer: Callable[[], QuerySet]) -> set:
    """What was found for this person before, inside `asked_once`."""
    answers = _answers.get()
    assert answers is not None  # asked only inside
    key = (question, cast("UUID", user.pk))
    if key not in answers:
        answers[key] = set(answer())
    return answers[key]


def _running() -> QuerySet[RoleAssignment]:
    now = timezone.now()
    return RoleAssignment.objects.filter(Q(until__isnull=True) | Q(until__gt=now), since__lte=now)
