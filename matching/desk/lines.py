"""The rows of the queues in words: who, about what, for how long. One function per kind of row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import FollowUp, Suspension, User, Vetting, VolunteerProfile
from accounts.reach import only_by_phone
from core.words import day_in_words
from matching import states
from matching.desk import unasked, words
from matching.desk.suspensions import STATES
from matching.desk.unasked_words import in_one_line, unasked_for
from matching.desk.waiting import without_place
from matching.desk.why import main_reasons
from matching.models import Appointment, CheckIn, HelpRequest, Match, Reminder


@dataclass(frozen=True)
class Line:
    """One row of a queue. `key` is the id of the case or person, `tone` as in components/badge.html."""

    key: str
    href: str
    title: str
    text: str
    waiting: str = ""
    quarter: str = ""
    badge: str = ""
    tone: str = "calm"


def of_matches(rows: Sequence[Match], now: datetime) -> list[Line]:
    return [_match(row, words.waiting(row.proposed_at, now), *_kind_of_release(row)) for row in rows]


def of_promises(rows: Sequence[Match], now: datetime) -> list[Line]:
    return [_match(row, words.waiting(row.accepted_at, now), *_channel(row.resident)) for row in rows]


def of_deadlines(rows: Sequence[Match], now: datetime) -> list[Line]:
    return [_match(row, _until(row.deadline, now), "", "calm") for row in rows]


def of_quiet_pairs(rows: Sequence[Match], now: datetime) -> list[Line]:
    """How long nobody came; `last_visit` as in `waiting.quiet_pairs`."""
    return [_quiet(row, row.last_visit, now) for row in rows]  # type: ignore[attr-defined]


def of_requests(rows: Sequence[HelpRequest], now: datetime) -> list[Line]:
    return [_request(row, now, words.kinds_of_help(row.skills.all())) for row in rows]


def of_unmatched(rows: Sequence[HelpRequest], now: datetime) -> list[Line]:
    reasons = main_reasons(rows)
    return [_request(row, now, _with_reason(row, reasons.get(row.pk, ""))) for row in rows]


def of_drafts(rows: Sequence[HelpRequest], now: datetime) -> list[Line]:
    found = [_request(row, now, words.kinds_of_help(row.skills.all())) for row in rows]
    return [replace(line, waiting=words.waiting(row.created_at, now)) for line, row in zip(found, rows, strict=True)]


def of_new_people(rows: Sequence[VolunteerProfile], now: datetime) -> list[Line]:
    text = gettext("möchte helfen")
    return [_person(row.user, text, words.waiting(row.user.joined_at, now)) for row in rows]


def of_checks(rows: Sequence[Vetting], now: datetime) -> list[Line]:
    """What runs out, with its last good day."""
    return [_check(row, now) for row in rows]


def of_suspensions(rows: Sequence[Suspension], now: datetime) -> list[Line]:
    return [_suspension(row, now) for row in rows]


def of_follow_ups(rows: Sequence[FollowUp], now: datetime) -> list[Line]:
    return [_follow_up(row, now) for row in rows]


def of_lost_places(rows: Sequence[User], now: datetime) -> list[Line]:
    """The person where it is their home, else the request that is to be helped with there."""
    others = without_place().filter(resident__in=[row.pk for row in rows]).for_cards()
    requests = {request.resident_id: request for request in others}
    return [_lost_place(row, requests.get(row.pk), now) for row in rows]


def of_unasked(rows: Sequence[VolunteerProfile], now: datetime) -> list[Line]:
    """Why nobody asked, and the smallest thing that would help."""
    homes = [row.user.quarter for row in rows if row.user.quarter]
    found = unasked.look(rows, within=homes, now=now)
    return [_person(row.user, in_one_line(found[row.user_id]), unasked_for(row, now)) for row in rows]


def of_reminders(rows: Sequence[Reminder], now: datetime) -> list[Line]:
    return [_reminder(row, now) for row in rows]


def of_visits(rows: Sequence[Appointment], now: datetime) -> list[Line]:
    return [_visit(row, now) for row in rows]


def of_check_ins(rows: Sequence[CheckIn], now: datetime) -> list[Line]:
    return [_check_in(row, now) for row in rows]


def _quiet(row: Match, last_visit: datetime | None, now: datetime) -> Line:
    never = "" if last_visit else gettext("noch kein Besuch")
    return _match(row, words.waiting(last_visit or row.confirmed_at, now), never, "careful")


def _match(row: Match, waiting: str, badge: str, tone: str) -> Line:
    names = {"resident": row.resident.full_name, "volunteer": row.volunteer.full_name}
    return Line(
        key=str(row.request_id),
        href=reverse("desk:case", args=[row.request_id]),
        title=gettext("%(resident)s und %(volunteer)s") % names,
        text=words.kinds_of_help(row.request.skills.all()),
        waiting=waiting,
        quarter=row.request.quarter.name,
        badge=badge,
        tone=tone,
    )


def _request(row: HelpRequest, now: datetime, text: str) -> Line:
    return Line(
        key=str(row.pk),
        href=reverse("desk:case", args=[row.pk]),
        title=row.resident.full_name,
        text=text,
        waiting=words.waiting(row.open_since, now),
        quarter=row.quarter.name,
        badge=row.get_urgency_display() if row.urgency else "",
        tone="stop" if row.urgency == HelpRequest.Urgency.URGENT else "careful",
    )


def _person(person: User, text: str, waiting: str) -> Line:
    return Line(
        key=str(person.pk),
        href=reverse("desk:person", args=[person.pk]),
        title=person.full_name,
        text=text,
        waiting=waiting,
        quarter=person.quarter.name if person.quarter else "",
    )


def _suspension(row: Suspension, now: datetime) -> Line:
    line = _person(row.user, row.get_cause_display(), words.waiting(row.proposed_at, now))
    said, tone = STATES[row.state]
    return replace(line, key=str(row.pk), href=reverse("desk:suspension", args=[row.pk]), badge=str(said), tone=tone)


def _follow_up(row: FollowUp, now: datetime) -> Line:
    today = timezone.localdate(now)
    line = _person(row.person, row.text, day_in_words(row.due_on, today=today))
    late = row.due_on < today
    badge, tone = (gettext("überfällig"), "stop") if late else (gettext("heute"), "careful")
    return replace(line, key=str(row.pk), href=f"{line.href}#wiedervorlage", badge=badge, tone=tone)


def _check(row: Vetting, now: datetime) -> Line:
    line = _person(row.user, row.get_kind_display(), _until_day(row, now))
    over = row.valid_until is not None and row.valid_until < timezone.localdate(now)
    badge, tone = (gettext("abgelaufen"), "stop") if over else (gettext("bald erneuern"), "careful")
    return replace(line, key=str(row.pk), href=reverse("desk:steps", args=[row.user_id]), badge=badge, tone=tone)


def _until_day(row: Vetting, now: datetime) -> str:
    day = day_in_words(row.valid_until, today=timezone.localdate(now)) if row.valid_until else ""
    return gettext("bis %(moment)s") % {"moment": day}


def _lost_place(person: User, request: HelpRequest | None, now: datetime) -> Line:
    if request and person.place and person.place.is_found:
        return _request(request, now, gettext("Ort der Hilfe nicht gefunden"))
    wanted = gettext("Adresse bitte nachsehen") if person.place else gettext("Noch keine Adresse")
    return _person(person, wanted, words.waiting(person.joined_at, now))


def _reminder(row: Reminder, now: datetime) -> Line:
    return Line(
        key=str(row.pk),
        href=reverse("desk:reminder", args=[row.pk]),
        title=row.person.full_name,
        text=words.moment(row.appointment.start, now),
        quarter=row.appointment.match.request.quarter.name,
        badge=gettext("in einer Stunde") if row.kind == Reminder.Kind.HOUR else "",
        tone="careful",
    )


def _visit(row: Appointment, now: datetime) -> Line:
    names = {"resident": row.match.resident.full_name, "volunteer": row.match.volunteer.full_name}
    return Line(
        key=str(row.pk),
        href=reverse("desk:visit", args=[row.pk]),
        title=gettext("%(resident)s und %(volunteer)s") % names,
        text=words.moment(row.start, now),
        quarter=row.match.request.quarter.name,
        badge=gettext("nicht fertig gemeldet") if row.arrived_at else gettext("nicht angekommen"),
        tone="careful",
    )


def _check_in(row: CheckIn, now: datetime) -> Line:
    said_no = row.was_fine is False or row.again is False
    other = row.match.volunteer if row.person_id == row.match.resident_id else row.match.resident
    return Line(
        key=str(row.pk),
        href=reverse("desk:check_in", args=[row.pk]),
        title=row.person.full_name,
        text=gettext("nach dem Besuch mit %(name)s") % {"name": other.full_name},
        waiting=words.waiting(row.asked_at, now),
        quarter=row.match.request.quarter.name,
        badge=gettext("sagt Nein") if said_no else gettext("bitte anrufen"),
        tone="stop" if row.was_fine is False else "careful",
    )


def _kind_of_release(row: Match) -> tuple[str, str]:
    if row.state == states.PROPOSED:
        return gettext("Vorschlag"), "calm"
    if row.origin == Match.Origin.SELF_OFFER:
        return gettext("bietet sich an"), "careful"
    return gettext("erste Vermittlung"), "careful"


def _channel(resident: User) -> tuple[str, str]:
    return (gettext("bitte anrufen"), "careful") if only_by_phone(resident) else (gettext("antwortet selbst"), "calm")


def _until(deadline: datetime | None, now: datetime) -> str:
    return gettext("bis %(moment)s") % {"moment": words.moment(deadline, now)}


def _with_reason(row: HelpRequest, reason: str) -> str:
    kinds = words.kinds_of_help(row.skills.all())
    return f"{kinds} · {reason}" if reason else kinds
