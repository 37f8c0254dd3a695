"""From rows to the plain facts of a sheet, said in the language of whoever will read it."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import trust
from accounts.models import Badge, User
from accounts.rules import is_minor
from accounts.steps import youth_in_words
from core.errors import NotVisible
from core.words import minutes_in_words
from matching import cards, states, words
from matching.models import Appointment, HelpRequest, Match
from matching.models.matches import LEFT, SUSPENDED
from matching.paper import days, forms
from matching.paper.badge import BadgeFacts, badge
from matching.paper.door_card import MOST_TIMES, Door
from matching.paper.letters import HELPER, LETTERS, RESIDENT, Letter, News
from matching.paper.month import MonthVisit
from matching.paper.office import office_of
from matching.paper.press import Sheet
from places.models import Quarter

NEWS_FOR = timedelta(days=14)  # so long after something ended a letter still says it
OVER = (states.CLOSED, states.REFUSED, states.COMPLETED)
Thing = Match | Appointment | HelpRequest


def door_of(match: Match, *, now: datetime) -> Door:
    """Who comes and when, of a confirmed match."""
    today = timezone.localdate(now)
    coming = list(
        match.appointments.filter(state=states.AGREED, end__gt=now)
        .order_by("start", "pk")
        .select_related("adult")[:MOST_TIMES]
    )
    badge = Badge.objects.good_at(now).filter(user=match.volunteer_id).first()
    places = list(dict.fromkeys(str(row.get_place_display()) for row in coming))
    return Door(
        who=match.volunteer.first_name,
        kinds=words.kinds(match.request.skills.all()),
        times=[days.span(row.start, row.end, today=today) for row in coming],
        place=places[0] if len(places) == 1 else "",
        word=match.door_word,
        badge=badge.spoken if badge else "",
        adult=next((row.adult.name for row in coming if row.adult), ""),
    )


def badge_sheet(found: Badge) -> Sheet:
    """The badge in the city's language: it is read by whoever opens a door, not by the helper."""
    quarter = found.user.quarter
    if quarter is None:  # nobody is welcomed without one
        raise NotVisible
    with override(settings.LANGUAGE_CODE):
        address = settings.SITE_URL + reverse("accounts:badge", args=[found.code])
        facts = BadgeFacts(found.user.first_name, found.spoken, address, found.valid_until)
        return badge(facts, office_of(quarter))


def pledge_sheet(person: User) -> Sheet:
    """The text to sign today, for this helper, in their language. Raises NotVisible: they do not help."""
    if not hasattr(person, "volunteer_profile") or person.quarter is None:
        raise NotVisible
    text = trust.pledge_text()
    with override(person.language):
        said = text.text_en if person.language.startswith("en") and text.text_en else text.text_de
        lines = [line for line in said.splitlines() if line.strip()]
        return forms.pledge(office_of(person.quarter), name=person.full_name, lines=lines, number=text.number)


def consent_sheet(person: User, *, now: datetime) -> Sheet:
    """What the parents of this young helper sign. Raises NotVisible: they do not help, or are grown up."""
    today = timezone.localdate(now)
    if not hasattr(person, "volunteer_profile") or person.quarter is None or not is_minor(person, today=today):
        raise NotVisible
    with override(person.language):
        never = _("Kein Geld von der Bank holen, keine Pflege, keine Medikamente, keine Leiter, kein Strom.")
        lines = [*youth_in_words(person.born_on, today=today), never] if person.born_on else [never]
        return forms.parents_consent(office_of(person.quarter), name=person.full_name, lines=lines)


def holds(letter: Letter, thing: Thing, *, now: datetime) -> bool:
    """Is this what the letter says, now?"""
    if isinstance(thing, Match):
        return letter.about == "match" and _tells_of_match(letter, thing, now)
    if isinstance(thing, HelpRequest):
        return letter.about == "request" and letter.key == _news_of_wish(thing, now)
    return letter.about == "appointment" and letter.key == _news_of_visit(thing, now)


def _tells_of_match(letter: Letter, match: Match, now: datetime) -> bool:
    if letter.to == HELPER and match.end_reason == LEFT:  # they asked for it themselves: they know
        return False
    if letter.key == "beendet":
        held = match.end_reason == SUSPENDED and letter.to == HELPER
        return match.state == states.ENDED and _is_news(match.ended_at, now) and not held
    wanted = {"gefragt": (states.ASKED,), "gefunden": (states.ACCEPTED,), "dank": OVER}
    return match.state in wanted[letter.key] and match.asked_at is not None and not match.needs_review


def _news_of_wish(request: HelpRequest, now: datetime) -> str:
    """The key of the letter that tells of this request, "" where none is needed."""
    if request.state == states.OPEN and not request.accepted_helpers:
        return "suche"
    return "abgelaufen" if request.state == states.LAPSED and _is_news(request.ended_at, now) else ""


def _is_news(at: datetime | None, now: datetime) -> bool:
    return at is not None and at > now - NEWS_FOR


def letters_about(thing: Thing, *, now: datetime) -> list[tuple[Letter, User]]:
    """The letters one could write about this now, each with its recipient."""
    return [(one, recipient(one, thing)) for one in LETTERS if one.about == _kind(thing) and holds(one, thing, now=now)]


def recipient(letter: Letter, thing: Thing) -> User:
    if isinstance(thing, HelpRequest):
        return thing.resident
    match = thing.match if isinstance(thing, Appointment) else thing
    return match.volunteer if letter.to == HELPER else match.resident


def request_of(thing: Thing) -> HelpRequest:
    if isinstance(thing, HelpRequest):
        return thing
    return thing.match.request if isinstance(thing, Appointment) else thing.request


def news(letter: Letter, thing: Thing, *, now: datetime) -> News:
    """What this letter has to say, in the active language."""
    if isinstance(thing, HelpRequest):
        return _news_of_request(thing, now)
    return _news_of_match(letter, thing, now) if isinstance(thing, Match) else _news_of_appointment(letter, thing, now)


def visits_of(quarter: Quarter, month: date) -> Sequence[MonthVisit]:
    """Every visit that took place for a resident of this quarter, in the order of the calendar."""
    begins, ends = _midnight(month), _midnight((month + timedelta(days=32)).replace(day=1))
    rows = Appointment.objects.filter(match__request__quarter=quarter, state=states.DONE_VISIT)
    inside = rows.filter(start__gte=begins, start__lt=ends)
    return [_visit(row) for row in inside.for_lists()]


def _visit(row: Appointment) -> MonthVisit:
    return MonthVisit(
        start=row.start,
        end=row.end,
        minutes=row.minutes or row.planned_minutes,
        kinds=words.kinds(row.match.request.skills.all()),
        helper=row.match.volunteer.full_name,
        resident=row.match.resident_id,
    )


def _kind(thing: Thing) -> str:
    return {Match: "match", HelpRequest: "request", Appointment: "appointment"}[type(thing)]


def _news_of_visit(visit: Appointment, now: datetime) -> str:
    """The key of the letter that tells of this appointment, "" where none is needed."""
    if visit.state == states.AGREED and visit.end > now and visit.match.state == states.CONFIRMED:
        return "verschoben" if visit.replaces_id else "kommt"
    called_off = visit.state == states.CANCELLED and visit.cancelled_by_id is not None and visit.agreed_at is not None
    return "abgesagt" if called_off and visit.start > now - NEWS_FOR else ""


def _news_of_request(request: HelpRequest, now: datetime) -> News:
    today = timezone.localdate(now)
    since = days.day(request.open_since, today=today) if request.open_since else ""
    return News(kinds=words.kinds(request.skills.all()), since=since)


def _news_of_match(letter: Letter, match: Match, now: datetime) -> News:
    today, request = timezone.localdate(now), match.request
    if letter.key == "beendet":
        other = match.volunteer if letter.to == RESIDENT else match.resident
        goes_on = request.state == states.OPEN
        return News(words.kinds(request.skills.all()), other.first_name, goes_on=goes_on)
    if letter.to == RESIDENT:
        helper = cards.for_resident(match, viewer=match.resident, now=now).helper
        checked = helper.checked if helper else ()
        return News(words.kinds(request.skills.all()), match.volunteer.first_name, checked=checked)
    return News(
        kinds=words.kinds(request.skills.all()),
        when=words.roughly(request, now=now),
        length=minutes_in_words(request.duration_minutes),
        until=days.day(match.deadline, today=today) if match.deadline else "",
        said_yes=match.accepted_at is not None,
    )


def _news_of_appointment(letter: Letter, visit: Appointment, now: datetime) -> News:
    today, match, old = timezone.localdate(now), visit.match, visit.replaces
    return News(
        kinds=words.kinds(match.request.skills.all()),
        other=match.volunteer.first_name if letter.to == RESIDENT else match.resident.first_name,
        when=days.span(visit.start, visit.end, today=today),
        before=days.span(old.start, old.end, today=today) if old else "",
        place=str(visit.get_place_display()),
        word=match.door_word,
    )


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
