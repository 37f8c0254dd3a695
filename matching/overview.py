"""One person's own page: appointments, requests, what waits for an answer, the load. A fixed number of queries."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from accounts.models import TrustedPerson, User, VolunteerProfile
from core.words import span_in_words
from matching import cards, rules, states, taken, times, words
from matching.actions.visits import may_come
from matching.models import Appointment, CheckIn, HelpRequest, Match
from matching.models.requests import HelpRequestQuerySet

PAST_SHOWN = 5
APPOINTMENTS_SHOWN = 5
THANKED_FOR = timedelta(days=7)


@dataclass(frozen=True)
class Meeting:
    """
    An agreed appointment: when, with whom (first name), for what, and the code word both know.

    `may_arrive`: "Bin da" can be said now; `has_begun`: it was, and nothing is moved or called off any more; `rests`:
    their talk is shut, and it can only be called off.
    """

    appointment: Appointment
    when: str
    who: str
    kinds: str
    code_word: str
    helps: bool  # the viewer is the one who helps
    for_whom: str = ""
    may_arrive: bool = False
    has_begun: bool = False
    rests: bool = False


@dataclass(frozen=True)
class Question:
    """The two questions after a visit. `who`: the other side; `for_whom`: a resident who trusts the viewer."""

    row: CheckIn
    who: str
    helps: bool
    for_whom: str = ""


@dataclass(frozen=True)
class Asking:
    """The resident's part. `wanted`: this person asks, or asked, or acts for somebody."""

    running: list[cards.RequestCard] = field(default_factory=list)
    past: list[cards.RequestCard] = field(default_factory=list)
    wanted: bool = True

    @property
    def has_answers(self) -> bool:
        """Somebody said yes and waits for the resident's decision."""
        return any(card.answers for card in self.running)


@dataclass(frozen=True)
class Helping:
    """
    The volunteer's part. `thanked`: asked, and not needed in the end.

    `hours_taken` of `hours` this week, `pairs` of `capacity` at the same time.
    """

    profile: VolunteerProfile
    is_welcomed: bool
    is_paused: bool
    waiting: list[cards.PairCard] = field(default_factory=list)
    thanked: list[cards.PairCard] = field(default_factory=list)
    promised: list[cards.PairCard] = field(default_factory=list)
    confirmed: list[cards.PairCard] = field(default_factory=list)
    hours_taken: float = 0
    hours: float = 0
    pairs: int = 0
    capacity: int = 0
    open_around: int = 0


def next_appointments(user: User, *, now: datetime) -> list[Meeting]:
    """Agreed and still to come, of this person and of those they act for; the next one first."""
    mine = Q(match__volunteer=user) | Q(match__resident=user) | Q(match__resident__in=_trusting(user))
    rows = (
        Appointment.objects.filter(mine, state=Appointment.State.AGREED, end__gt=now)
        .select_related("match__resident", "match__volunteer", "match__request")
        .prefetch_related("match__request__skills")
        .order_by("start", "id")
    )
    chosen = list(rows[:APPOINTMENTS_SHOWN])
    resting = rules.resting([row.match for row in chosen])
    return [_meeting(row, user, now, rests=row.match_id in resting) for row in chosen]


def questions(user: User) -> list[Question]:
    """Asked after a visit and not answered in full."""
    unanswered = Q(was_fine__isnull=True) | Q(again__isnull=True)
    rows = CheckIn.objects.answered_by(user).filter(unanswered, settled_at__isnull=True)
    return [_question(row, user) for row in rows.select_related("match__resident", "match__volunteer")]


def asking(user: User, *, now: datetime) -> Asking:
    """Own requests and those of people who named this person; what waits for a decision comes first."""
    mine = HelpRequest.objects.filter(Q(resident=user) | Q(resident__in=_trusting(user)))
    running = cards.request_cards(_running(mine).for_cards(), viewer=user, now=now)
    past = mine.filter(state__in=[states.DONE, states.WITHDRAWN, states.LAPSED], open_since__isnull=False)
    ended = cards.request_cards(past.for_cards().order_by("-ended_at", "id")[:PAST_SHOWN], viewer=user, now=now)
    running.sort(key=lambda card: not card.answers)
    return Asking(running=running, past=ended, wanted=user.wants_help or bool(running or ended))


def helping(user: User, profile: VolunteerProfile, *, now: datetime) -> Helping:
    """What waits for this volunteer's answer, what they promised, and how much they carry."""
    not_needed = Q(state__in=[states.CLOSED, states.REFUSED], ended_at__gte=now - THANKED_FOR)
    mine = Match.objects.filter(Q(state__in=states.LIVE) | not_needed, volunteer=user, asked_at__isnull=False)
    rows = cards.with_people(mine)
    found = list(rows.order_by("deadline", "asked_at", "id"))
    resting = cards.resting_of(found)
    pairs = [cards.for_volunteer(row, now=now, resting=resting) for row in found]
    today, week = timezone.localdate(now), times.week_of(now, timezone.get_default_timezone())
    return Helping(
        profile=profile,
        is_welcomed=profile.welcomed_at is not None,
        is_paused=profile.is_paused_on(today),
        waiting=[pair for pair in pairs if pair.match.state == states.ASKED and not pair.came_too_late],
        thanked=[pair for pair in pairs if pair.came_too_late or not pair.match.is_live],
        promised=[pair for pair in pairs if pair.match.state == states.ACCEPTED],
        confirmed=[pair for pair in pairs if pair.match.state == states.CONFIRMED],
        hours_taken=taken.known_hours(user.pk, now=now).get(week, 0),
        hours=float(profile.hours_per_week),
        pairs=sum(pair.match.is_live for pair in pairs),
        capacity=profile.capacity,
        open_around=open_around(user).count(),
    )


@dataclass(frozen=True)
class Promises:
    """What would end with somebody's help: live matches they know of, visits to come; days until all is deleted."""

    pairs: int
    visits: int
    kept_days: int


def promises_of(person: User, *, now: datetime) -> Promises:
    mine = Match.objects.live().filter(volunteer=person)
    visits = Appointment.objects.filter(match__in=mine, state=Appointment.State.AGREED, start__gt=now)
    return Promises(known_pairs(person.pk), visits.count(), settings.VETTING_KEPT_DAYS)


def known_pairs(person_id: UUID) -> int:
    """Live matches in which this volunteer was asked or offered themselves; a mere proposal they never hear of."""
    return Match.objects.live().filter(volunteer=person_id, asked_at__isnull=False).count()


def open_around(user: User) -> HelpRequestQuerySet:
    """Open requests of the served quarters with a place left, without those this person was asked for already."""
    asked = Match.objects.filter(request=OuterRef("pk"), volunteer=user, asked_at__isnull=False)
    rows = HelpRequest.objects.coarse_for(user).filter(accepted_helpers__lt=F("helpers_needed"))
    return rows.exclude(Exists(asked))


def _trusting(user: User) -> QuerySet:
    return TrustedPerson.objects.acting().filter(person=user).values("resident")


def _running(mine: HelpRequestQuerySet) -> HelpRequestQuerySet:
    """Drafts last: what was sent is what the person waits for."""
    drafts_last = Case(When(state=states.DRAFT, then=Value(1)), default=Value(0), output_field=IntegerField())
    running = mine.filter(state__in=[states.DRAFT, states.OPEN, states.FILLED])
    return running.order_by(drafts_last, "-created_at", "id")


def _meeting(row: Appointment, user: User, now: datetime, *, rests: bool) -> Meeting:
    match = row.match
    helps = match.volunteer_id == user.pk
    return Meeting(
        appointment=row,
        when=span_in_words(row.start, row.end, today=timezone.localdate(now)),
        who=match.resident.first_name if helps else match.volunteer.first_name,
        kinds=words.kinds(match.request.skills.all()),
        code_word=match.door_word,
        helps=helps,
        for_whom="" if helps or match.resident_id == user.pk else match.resident.first_name,
        may_arrive=helps and may_come(row, now),
        has_begun=row.arrived_at is not None,
        rests=rests,
    )


def _question(row: CheckIn, user: User) -> Question:
    match = row.match
    helps = row.person_id == match.volunteer_id
    return Question(
        row=row,
        who=match.resident.first_name if helps else match.volunteer.first_name,
        helps=helps,
        for_whom="" if row.person_id == user.pk else match.resident.first_name,
    )
