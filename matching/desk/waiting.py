"""Querysets of what waits on the desk, over the worker's quarters, in the order to take things up."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import FollowUp, Suspension, User, Vetting, VolunteerProfile
from accounts.reach import unproved
from accounts.states import APPEALED, PAUSED
from matching import states
from matching.desk import scope, steps
from matching.desk.unasked import UNASKED
from matching.models import Appointment, CheckIn, HelpRequest, Match, Series
from places.models import Quarter

QUIET = timedelta(days=30)  # so long after the last visit, or the yes, the office asks whether the pair goes on


def new_people(quarters: Sequence[Quarter], now: datetime) -> QuerySet[VolunteerProfile]:
    """Volunteers nobody has met yet, once the address they joined with was shown to be theirs."""
    waiting = VolunteerProfile.objects.filter(welcomed_at=None, stopped_at=None, user__quarter__in=quarters)
    here = waiting.filter(user__is_active=True, user__suspended_at__isnull=True)
    here = here.exclude(user__in=User.objects.filter(unproved()))
    return here.select_related("user__quarter").order_by("user__joined_at", "id")


def to_release(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """
    Proposals to release, and self-offers and first pairs to let through to the resident.

    A proposal for a place that somebody said yes to waits unseen until the place is free again.
    """
    free = Q(request__accepted_helpers__lt=F("request__helpers_needed"))
    undecided = Q(state=states.PROPOSED) & free | Q(state=states.ACCEPTED, needs_review=True)
    return _matches(quarters).filter(undecided).order_by("-request__urgency", "proposed_at", "id")


def to_confirm(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Somebody said yes; residents whom only the office can ask stand first."""
    online = User.objects.filter(pk=OuterRef("resident"), channel=User.Channel.ONLINE, email__isnull=False)
    said_yes = _matches(quarters).filter(state=states.ACCEPTED, needs_review=False)
    return said_yes.annotate(is_online=Exists(online)).order_by("is_online", "accepted_at", "id")


def without_proposal(quarters: Sequence[Quarter], now: datetime) -> QuerySet[HelpRequest]:
    """Open requests for which nobody is proposed, asked, or found."""
    live = Match.objects.live().filter(request=OuterRef("pk"))
    return _requests(quarters).exclude(Exists(live)).order_by("-urgency", "open_since", "id")


def overdue(quarters: Sequence[Quarter], now: datetime) -> QuerySet[HelpRequest]:
    """Open longer than their quarter's policy allows."""
    late = Q(pk__in=[])
    for quarter in quarters:
        late |= Q(quarter=quarter, open_since__lte=now - timedelta(days=quarter.overdue_days))
    return _requests(quarters).filter(late)


def by_need(rows: Sequence[HelpRequest], now: datetime) -> list[HelpRequest]:
    """Waiting time x urgency, the largest first."""

    def need(row: HelpRequest) -> float:
        waited = (now - row.open_since).total_seconds() if row.open_since else 0.0
        return waited * (1 + row.urgency)

    return sorted(rows, key=lambda row: (-need(row), str(row.pk)))


def drafts(quarters: Sequence[Quarter], now: datetime) -> QuerySet[HelpRequest]:
    """Taken down on the phone, not yet published: the consent is missing, or the call broke off."""
    begun = HelpRequest.objects.filter(scope.of_the_office(), state=states.DRAFT, quarter__in=quarters)
    return begun.for_cards().order_by("created_at", "id")


def places_not_found(quarters: Sequence[Quarter], now: datetime) -> QuerySet[User]:
    """Whose home, or the place of whose open request, the table does not know: nobody can be found near them."""
    homes = User.objects.filter(place__cell="", place__quarter__in=quarters, is_active=True).values("pk")
    asking = without_place().filter(quarter__in=quarters).values("resident")
    either = homes.order_by().union(asking.order_by())  # two short lists, instead of a look at everybody
    return User.objects.filter(pk__in=either).select_related("quarter", "place").order_by("joined_at", "id")


def without_place() -> QuerySet[HelpRequest]:
    """Open, at a place that is not found, or at none though it is no help on the telephone."""
    near = HelpRequest.skills.through.objects.filter(helprequest=OuterRef("pk"), skill__remote=False)
    return HelpRequest.objects.open().filter(Q(place__cell="") | Q(place__isnull=True) & Exists(near))


def ending_today(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """Asked, no answer yet, and the time to answer ends before tomorrow."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(tomorrow, time.min))
    return _matches(quarters).filter(state=states.ASKED, deadline__lt=midnight).order_by("deadline", "id")


def long_unasked(quarters: Sequence[Quarter], now: datetime) -> QuerySet[VolunteerProfile]:
    """Welcomed, ready, with room for one more, and nobody asked them for six weeks."""
    rows = able(now).filter(_unasked(now), user__quarter__in=quarters, live_matches__lt=F("capacity"))
    return rows.select_related("user__quarter").order_by(F("last_asked_at").asc(nulls_first=True), "welcomed_at", "id")


def unasked_on_pause(quarters: Sequence[Quarter], now: datetime) -> QuerySet[VolunteerProfile]:
    """Nobody asked them for as long, and that is what they want."""
    return _ready().filter(_unasked(now), _on_pause(now), user__quarter__in=quarters)


def able(now: datetime) -> QuerySet[VolunteerProfile]:
    """Whoever could be asked today: met by a worker, active, not suspended, not on a pause."""
    return _ready().exclude(_on_pause(now))


def _ready() -> QuerySet[VolunteerProfile]:
    return VolunteerProfile.objects.filter(
        welcomed_at__isnull=False, user__is_active=True, user__suspended_at__isnull=True
    )


def _on_pause(now: datetime) -> Q:
    return Q(paused=True) & (Q(paused_until__isnull=True) | Q(paused_until__gte=timezone.localdate(now)))


def _unasked(now: datetime) -> Q:
    before = now - UNASKED
    return Q(last_asked_at__lte=before) | Q(last_asked_at__isnull=True, welcomed_at__lte=before)


def quiet_pairs(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Match]:
    """
    Confirmed, nothing regular, nothing ahead, and no visit for 30 days: address and number stay open to the helper.

    `last_visit`: its end, None where there never was one. The longest quiet first.
    """
    visits = Appointment.objects.filter(match=OuterRef("pk"))
    held = Q(state__in=[states.AGREED, states.DONE_VISIT])
    lately = visits.filter(held & Q(end__gte=now - QUIET) | Q(state=states.PROPOSED, start__gt=now))
    regular = Series.objects.running().filter(match=OuterRef("pk"), agreed_at__isnull=False)
    quiet = _matches(quarters).filter(state=states.CONFIRMED, confirmed_at__lt=now - QUIET)
    rows = quiet.exclude(Exists(lately)).exclude(Exists(regular))
    last = Subquery(visits.filter(held).order_by("-end").values("end")[:1])
    return rows.annotate(last_visit=last).order_by(Coalesce("last_visit", "confirmed_at"), "id")


def to_check(quarters: Sequence[Quarter], now: datetime) -> QuerySet[CheckIn]:
    """A no after a visit, and the questions to those whom only the office can ask."""
    unanswered = Q(was_fine__isnull=True) | Q(again__isnull=True)
    by_phone = ~Q(person__channel=User.Channel.ONLINE) | Q(person__email__isnull=True)
    waiting = Q(was_fine=False) | Q(again=False) | unanswered & by_phone
    rows = CheckIn.objects.filter(waiting, settled_at__isnull=True, match__request__quarter__in=quarters)
    together = rows.select_related("person", "match__request__quarter", "match__resident", "match__volunteer")
    return together.order_by(F("was_fine").asc(nulls_last=True), "asked_at", "id")


def ending(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Vetting]:
    """What was checked and may be renewed now, or ran out."""
    return steps.ending_checks(quarters, now)


def to_decide(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Suspension]:
    """Pauses without a second worker, appeals, and decisions the person has not heard of."""
    open_ones = Q(state__in=[PAUSED, APPEALED]) | Q(told_at__isnull=True)
    rows = Suspension.objects.filter(open_ones, user__quarter__in=quarters)
    return rows.select_related("user__quarter").order_by("deadline", "id")


def due(quarters: Sequence[Quarter], now: datetime) -> QuerySet[FollowUp]:
    """What somebody wanted to see to by today."""
    rows = FollowUp.objects.filter(done_at__isnull=True, due_on__lte=timezone.localdate(now))
    return rows.filter(person__quarter__in=quarters).select_related("person__quarter").order_by("due_on", "made_at")


def _matches(quarters: Sequence[Quarter]) -> QuerySet[Match]:
    return Match.objects.filter(request__quarter__in=quarters).for_cards()


def _requests(quarters: Sequence[Quarter]) -> QuerySet[HelpRequest]:
    return HelpRequest.objects.open().filter(quarter__in=quarters).for_cards()
