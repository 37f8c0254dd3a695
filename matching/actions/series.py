""" "Jeden Dienstag um 10": agreed once, its visits made ahead; on holidays the two are asked first."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from core.database import clash_means, find
from core.errors import Invalid, NotAllowed, WrongState
from core.holidays import holidays_between
from matching import rules, signals, states
from matching.actions.appointments import book, drop_wishes, require_arranging, step_appointment
from matching.actions.steps import keep_until, lock_request
from matching.actions.visiting_days import check_day
from matching.errors import AlreadyRunning, NotOnThatDay, SlotTaken
from matching.models import Appointment, Match, Meet, Series

AHEAD = timedelta(weeks=8)  # visits are made this far ahead
MINUTES = (15, 12 * 60)
MOST_WEEKS = 4


@transaction.atomic
def propose_series(
    *,
    match_id: object,
    first_on: date,
    start: time,
    minutes: int,
    by: User,
    now: datetime,
    every_weeks: int = 1,
    place: str = Meet.HOME,
) -> Series:
    """
    Suggest meeting every week (or every second) from `first_on` on, at the same local time.

    Raises NotVisible, NotAllowed, ArrangingRests, Invalid, AlreadyRunning.
    """
    match = find(Match.objects.visible_to(by).select_related("request__quarter", "resident"), match_id)
    require_arranging(by, match)
    today = timezone.localdate(now)
    if not today <= first_on <= today + AHEAD:
        raise Invalid(fields={"first_on": [_("Bitte wählen Sie einen Tag in den nächsten acht Wochen.")]})
    if not (MINUTES[0] <= minutes <= MINUTES[1] and 1 <= every_weeks <= MOST_WEEKS and place in Meet.values):
        raise Invalid(fields={"minutes": [_("Bitte wählen Sie eine der Möglichkeiten.")]})
    with clash_means(AlreadyRunning):
        found = Series.objects.create(
            match=match,
            first_on=first_on,
            start_minute=start.hour * 60 + start.minute,
            minutes=minutes,
            every_weeks=every_weeks,
            place=place,
            proposed_by=by,
            created_at=now,
        )
    signals.announce_series(found, move="propose_series", by=by, at=now)
    return found


@transaction.atomic
def agree_series(*, series_id: object, by: User, now: datetime, word_of: User | None = None) -> Series:
    """
    The other side says yes; the next weeks are made at once.

    `word_of`: the one of the two whom the worker `by` hears on the telephone.
    Raises NotVisible, NotAllowed, ArrangingRests, WrongState.
    """
    found = _seen(series_id, by)
    require_arranging(by, found.match)
    says = rules.spokesperson(by, found.match, word_of)
    if found.agreed_at or found.ended_at:
        raise WrongState
    mine = found.proposed_by_id == says.pk
    resident = found.match.resident
    both = found.proposed_by and roles.acts_for(found.proposed_by, resident) and roles.acts_for(says, resident)
    if mine or (both and found.match.volunteer_id not in (found.proposed_by_id, says.pk)):
        raise NotAllowed(_("Ihren eigenen Vorschlag nimmt die andere Seite an."))
    if not Series.objects.filter(pk=found.pk, agreed_at__isnull=True, ended_at__isnull=True).update(agreed_at=now):
        raise WrongState
    found.refresh_from_db(fields=["agreed_at"])
    _make_visits(found, now=now)
    signals.announce_series(found, move="agree_series", by=says, at=now)
    return found


@transaction.atomic
def end_series(*, series_id: object, by: User, now: datetime, reason: str = "", word_of: User | None = None) -> Series:
    """
    No more regular visits: those not begun fall away. The other side reads the reason; both, where the office ends it.

    While the two rest from each other no word of one reaches the other, so none is kept.
    `word_of`: the one of the two whom the worker `by` hears on the telephone.
    Raises NotVisible, NotAllowed, WrongState.
    """
    found = _seen(series_id, by)
    says = rules.spokesperson(by, found.match, word_of)
    told = reason.strip()[:200] if rules.may_arrange(by, found.match) else ""
    said = {"ended_at": now, "ended_by": says, "end_reason": told, "delete_on": keep_until(now)}
    if not Series.objects.filter(pk=found.pk, ended_at__isnull=True).update(**said):
        raise WrongState
    found.refresh_from_db()
    ahead = found.visits.filter(state__in=[states.PROPOSED, states.AGREED], start__gt=now, arrived_at__isnull=True)
    for visit in ahead.select_related("match__resident", "match__volunteer"):
        visit.slots.all().delete()
        step_appointment(visit, "cancel", by=by, now=now, cancelled_at=now)
        drop_wishes(visit, now=now)
    signals.announce_series(found, move="end_series", by=says, at=now)
    return found


def extend_series(*, now: datetime) -> int:
    """
    The clock: make the visits of the coming weeks. Returns how many are new; safe to run twice.

    Of two who rest from each other none; once they go on, the next run makes up for it.
    """
    until = timezone.localdate(now) + AHEAD
    running = Series.objects.running().filter(agreed_at__isnull=False, match__state=states.CONFIRMED)
    late = running.exclude(made_until__gte=until).order_by("pk")
    return sum(_extend(pk, now=now) for pk in late.values_list("pk", flat=True))


def moment_of(series: Series, day: date) -> datetime:
    """The visit's start on this day: the local time of day, whatever the clocks did since."""
    return timezone.make_aware(datetime.combine(day, time(*divmod(series.start_minute, 60))))


@transaction.atomic
def _extend(pk: object, *, now: datetime) -> int:
    found = Series.objects.select_related("match").get(pk=pk)
    lock_request(found.match.request_id)
    found.refresh_from_db()
    return 0 if found.ended_at or rules.must_rest(found.match) else _make_visits(found, now=now)


def _make_visits(found: Series, *, now: datetime) -> int:
    today = timezone.localdate(now)
    until = today + AHEAD
    made = set(found.visits.values_list("occurs_on", flat=True))
    holidays = holidays_between(today, until)
    days = [day for day in _days(found, today, until) if day not in made and moment_of(found, day) > now]
    for day in days:
        _make_visit(found, day, asked=day in holidays, now=now)
    Series.objects.filter(pk=found.pk).update(made_until=until)
    return len(days)


def _make_visit(found: Series, day: date, *, asked: bool, now: datetime) -> None:
    """Agreed at once; a question to both on a holiday, or where one of the two has something else then,
    or where something checked has run out by that day."""
    start = moment_of(found, day)
    visit = Appointment(
        match=found.match,
        series=found,
        occurs_on=day,
        start=start,
        end=start + timedelta(minutes=found.minutes),
        place=found.place,
        created_at=now,
    )
    visit.delete_on = keep_until(visit.end)
    visit.save(force_insert=True)
    if asked:
        signals.announce_appointment(visit, move="ask", by=None, at=now)
        return
    try:
        adult = check_day(found.match, visit.start, visit.end, now=now)
        book(visit)
    except (SlotTaken, NotOnThatDay):
        signals.announce_appointment(visit, move="ask", by=None, at=now)
        return
    Appointment.objects.filter(pk=visit.pk).update(state=states.AGREED, agreed_at=now, adult=adult)


def _days(found: Series, first: date, last: date) -> list[date]:
    step = timedelta(weeks=found.every_weeks)
    skipped = max(0, -((found.first_on - first) // step))
    day, days = found.first_on + skipped * step, []
    while day <= last:
        days.append(day)
        day += step
    return [day for day in days if day >= first]


def _seen(series_id: object, by: User) -> Series:
    rows = Series.objects.filter(match__in=Match.objects.visible_to(by)).select_related("match")
    lock_request(find(rows, series_id).match.request_id)
    together = ("proposed_by", "match__request__quarter", "match__resident", "match__volunteer")
    found = Series.objects.select_related(*together).get(pk=series_id)
    if not rules.may_call_off(by, found.match):
        raise NotAllowed
    return found
