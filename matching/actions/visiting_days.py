"""May these two meet on that day? Asked when a time is proposed and again when it is agreed, by the law of the day."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions.parents import running_consent
from accounts.models import ParentConsent, Step
from accounts.youth import Band
from core.words import list_in_words
from matching import dayrules, loading, states, times
from matching.errors import NotOnThatDay
from matching.facts import VolunteerFacts
from matching.models import Appointment, HelpRequest, Match

HOUR = timedelta(hours=1)


def check_day(
    match: Match, start: datetime, end: datetime, *, now: datetime, instead_of: Appointment | None = None
) -> ParentConsent | None:
    """
    Whom to call about this visit where the helper is under 18, else None.

    `instead_of`: the visit this one moves; it does not count against itself.

    Raises NotOnThatDay: a step has run out by then, or a rule for the young stands against it.
    """
    zone = loading.zone_of(match.request.quarter)
    day = start.astimezone(zone).date()
    request = loading.request_facts(HelpRequest.objects.for_cards().get(pk=match.request_id), now=now)
    volunteer = loading.facts_of([match.volunteer_id], now=now).get(match.volunteer_id)
    if volunteer is None:
        raise NotOnThatDay(_("Diese Person hilft zurzeit nicht."))
    if lacks := dayrules.lacking(request, volunteer, day):
        named = list_in_words([str(Step(step).label) for step in sorted(lacks)])
        raise NotOnThatDay(_("An diesem Tag gilt noch nicht oder nicht mehr: %(steps)s.") % {"steps": named})
    if not dayrules.is_young(volunteer, day):
        return None
    band = dayrules.band_on(request, volunteer, day)
    if band is None:
        raise NotOnThatDay(_("Für diese Hilfe ist die Person an diesem Tag noch zu jung."))
    _check_hours(band, *request.youth.hours(band, day), start, end)
    _check_load(band, volunteer, (start, end), instead_of)
    return _adult(match)


def _check_hours(band: Band, first: int, last: int, start: datetime, end: datetime) -> None:
    begin, close = timezone.localtime(start), timezone.localtime(end)
    whole = (close.date() - begin.date()).days * 1440 + close.hour * 60 + close.minute
    if begin.hour * 60 + begin.minute < first or whole > last:
        hours = {"first": _clock(first), "last": _clock(last)}
        raise NotOnThatDay(
            _("Für Helferinnen und Helfer unter 18 geht es an diesem Tag von %(first)s bis %(last)s Uhr.") % hours
        )


def _check_load(
    band: Band, volunteer: VolunteerFacts, span: tuple[datetime, datetime], instead_of: Appointment | None
) -> None:
    """What is agreed or done on this day and in this week, with this visit, stays within the band."""
    start, end = span
    zone = timezone.get_default_timezone()
    day, week = start.astimezone(zone).date(), times.week_of(start, zone)
    rows = Appointment.objects.filter(match__volunteer=volunteer.id, state__in=[states.AGREED, states.DONE_VISIT])
    rows = rows.exclude(pk=instead_of.pk) if instead_of else rows
    spans = rows.filter(start__gt=start - timedelta(days=8), start__lt=start + timedelta(days=8))
    taken = [(one.astimezone(zone), other - one) for one, other in spans.values_list("start", "end")]
    here = sum((span for at, span in taken if at.date() == day), end - start)
    weekly = sum((span for at, span in taken if times.week_of(at, zone) == week), end - start)
    if here > timedelta(minutes=band.minutes_a_day):
        most = {"hours": f"{band.minutes_a_day / 60:g}"}
        raise NotOnThatDay(_("Unter 18 sind es höchstens %(hours)s Stunden am Tag.") % most)
    if weekly > band.hours_a_week * HOUR:
        raise NotOnThatDay(
            _("Unter 18 sind es höchstens %(hours)s Stunden in der Woche.") % {"hours": f"{band.hours_a_week:g}"}
        )


def _adult(match: Match) -> ParentConsent:
    found = running_consent(match.volunteer)
    if found is None:
        raise NotOnThatDay(_("Für diesen Besuch fehlt die erwachsene Kontaktperson."))
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02}" if minute % 60 else str(minute // 60)
