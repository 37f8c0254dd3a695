"""What the two arranged, as cards: times with what this person may do about each. Read by talk and calendar."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from core.holidays import holidays_between
from core.words import clock_in_words, day_in_words
from matching import rules, states
from matching.actions.corrections import correctable_until
from matching.actions.series import moment_of
from matching.actions.visits import may_come
from matching.models import Appointment, Match, Series

OVER_SINCE = timedelta(hours=12)  # an appointment stays on the page that long
CANCELLED_SINCE = timedelta(days=2)
ENDED_SINCE = timedelta(days=14)  # a series that somebody ended: as long as the next visit would have been away
FEW_OF_A_SERIES = 2  # the next ones; the calendar shows them all


@dataclass(frozen=True)
class Arranged:
    """
    One appointment, or several times proposed together (`choices`).

    `asks_me`: this person may answer. `asked_because`: why a regular visit is a question. `who`: first name of the side
    that proposed or cancelled it, "" for one's own side and for the office. `adult`: whom to ask
    for where the helper is under 18; the number is the office's, which knows theirs. `may_change`: another time, and
    words to the other side; `may_call_off` stays while those rest. `correct_until`: so long this person may say
    anew how long it took; `corrected_by`: a sentence about who did.
    """

    row: Appointment
    choices: list[Appointment] = field(default_factory=list)
    mine: bool = False
    agreed: bool = False
    over: bool = False
    cancelled: bool = False
    asks_me: bool = False
    asked_because: str = ""
    who: str = ""
    by_office: bool = False
    adult: str = ""
    may_change: bool = False
    may_call_off: bool = False
    may_arrive: bool = False
    may_finish: bool = False
    correct_until: datetime | None = None
    corrected_by: str = ""

    @property
    def anchor(self) -> str:
        """Where its card stands on a page."""
        return f"termin-{self.row.pk}"

    def speaks_of(self, appointment_id: object) -> bool:
        """Whether this card holds that appointment, alone or as one of several to choose from."""
        return str(appointment_id) in {str(row.pk) for row in (self.row, *self.choices)}


@dataclass(frozen=True)
class Regular:
    """
    A series in words: "jeden Dienstag, 10 Uhr". `ended`: a sentence about who ended it, "" while it runs.

    `may_say_why`: words to the other side, which rest while the two do.
    """

    row: Series
    when: str
    since: str
    mine: bool
    asks_me: bool
    may_end: bool
    may_say_why: bool
    ended: str = ""

    @property
    def anchor(self) -> str:
        """Where its card stands on a page."""
        return f"serie-{self.row.pk}"


@dataclass(frozen=True)
class Rights:
    """What one person may do about all times of one pair; `side`: who speaks for the same side."""

    arrange: bool
    call_off: bool
    visit: bool
    side: frozenset[UUID]
    user: User

    @property
    def rests(self) -> bool:
        """Nothing new is arranged here for now."""
        return self.call_off and not self.arrange


def rights_of(match: Match, user: User) -> Rights:
    may = rules.may_arrange(user, match)
    return Rights(
        arrange=may,
        call_off=may or rules.may_call_off(user, match),
        visit=rules.may_visit(user, match),
        side=frozenset(_side(match, user)),
        user=user,
    )


def kept_back(match: Match, user: User, reason: str) -> str:
    """What to tell somebody whose words about a visit called off were not passed on; "" where they were."""
    if not reason or rules.may_arrange(user, match):
        return ""
    return _("Der Termin ist abgesagt. Was Sie dazu geschrieben haben, geben wir zurzeit nicht weiter.")


def arranged(match: Match, rights: Rights, *, now: datetime) -> list[Arranged]:
    """What is ahead, under way, or was called off lately; times proposed together are one card."""
    recent = Q(state__in=[states.PROPOSED, states.AGREED]) | Q(state=states.DONE_VISIT, finished_at__isnull=False)
    gone = Q(state=states.CANCELLED, cancelled_by__isnull=False, cancelled_at__gte=now - CANCELLED_SINCE)
    rows = match.appointments.filter(recent & Q(end__gte=now - OVER_SINCE) | gone & Q(end__gte=now))
    together = rows.select_related("proposed_by", "cancelled_by", "finished_by", "replaces", "adult")
    return cards_of(list(together), match, rights, now=now)


def cards_of(rows: list[Appointment], match: Match, rights: Rights, *, now: datetime) -> list[Arranged]:
    found: list[Arranged] = []
    shown: set = set()
    of_series = 0
    for row in rows:
        if row.state == states.PROPOSED and row.offer and row.offer in shown:
            continue
        if row.series_id and row.state == states.AGREED and row.arrived_at is None:
            of_series += 1
            if of_series > FEW_OF_A_SERIES:
                continue
        shown.add(row.offer)
        together = [other for other in rows if other.offer == row.offer and other.state == states.PROPOSED]
        choices = together if row.offer and len(together) > 1 else []
        found.append(_card(row, choices, match, rights, now=now))
    return found


def series_of(match: Match, rights: Rights, *, now: datetime) -> list[Regular]:
    """Regular times that run, wait for an answer, or that one of the two or the office ended lately."""
    side, today = rights.side, timezone.localdate(now)
    lately = Q(ended_at__gte=now - ENDED_SINCE, ended_by__isnull=False, agreed_at__isnull=False)
    rows = match.series.filter(Q(ended_at__isnull=True) | lately).select_related("proposed_by", "ended_by")
    return [
        Regular(
            row=row,
            when=in_words(row),
            since=day_in_words(row.first_on, today=today),
            mine=row.proposed_by_id in side,
            asks_me=rights.arrange and row.agreed_at is None and row.proposed_by_id not in side,
            may_end=rights.call_off and row.ended_at is None,
            may_say_why=rights.arrange and row.agreed_at is not None,
            ended=_who_ended(row, match, rights),
        )
        for row in rows
    ]


def _who_ended(row: Series, match: Match, rights: Rights) -> str:
    if row.ended_at is None or row.ended_by is None:
        return ""
    if row.ended_by_id in rights.side:
        return _("Sie haben die regelmäßigen Termine beendet.")
    name = _said_by(row.ended_by, match)
    if name:
        return _("%(name)s hat die regelmäßigen Termine beendet.") % {"name": name}
    return _("Ihr Quartiersbüro hat die regelmäßigen Termine beendet.")


def in_words(series: Series) -> str:
    """ "jeden Dienstag, 10 Uhr"."""
    clock = clock_in_words(timezone.localtime(moment_of(series, series.first_on)).time())
    said = {"day": WEEKDAYS[series.first_on.weekday()], "clock": clock, "weeks": series.every_weeks}
    if series.every_weeks == 1:
        return _("jeden %(day)s, %(clock)s") % said
    return _("alle %(weeks)s Wochen am %(day)s, %(clock)s") % said


def _card(row: Appointment, choices: list[Appointment], match: Match, rights: Rights, *, now: datetime) -> Arranged:
    ahead, mine = row.start > now, row.proposed_by_id in rights.side
    asked = row.state == states.PROPOSED and row.proposed_by_id is None and row.series_id is not None
    other = row.cancelled_by if row.state == states.CANCELLED else row.proposed_by
    agreed = row.state == states.AGREED
    open_yet = row.arrived_at is None and row.end > now and row.state in (states.PROPOSED, states.AGREED)
    return Arranged(
        row=row,
        choices=choices,
        mine=mine,
        agreed=agreed,
        over=row.end < now,
        cancelled=row.state == states.CANCELLED,
        asks_me=rights.arrange and row.state == states.PROPOSED and ahead and not mine,
        asked_because=_why_asked(row) if asked else "",
        who="" if other is None or other.pk in rights.side else _said_by(other, match),
        adult=row.adult.name if agreed and row.adult else "",
        by_office=row.state == states.CANCELLED and other is not None and not _said_by(other, match),
        may_change=rights.arrange and open_yet,
        may_call_off=rights.call_off and open_yet,
        may_arrive=rights.visit and agreed and may_come(row, now),
        may_finish=rights.visit and agreed and (row.arrived_at is not None or row.start <= now),
        correct_until=correctable_until(row, rights.user, now=now) if rights.visit else None,
        corrected_by=_corrected_by(row, match, rights),
    )


def _corrected_by(row: Appointment, match: Match, rights: Rights) -> str:
    if row.corrected_at is None:
        return ""
    if row.finished_by_id in rights.side:
        return _("Sie haben die Dauer geändert.")
    name = _said_by(row.finished_by, match) if row.finished_by else ""
    said = _("%(name)s hat die Dauer geändert.") if name else _("Ihr Quartiersbüro hat die Dauer geändert.")
    return said % {"name": name}


def _said_by(person: User, match: Match) -> str:
    """The first name of the side that spoke: whom the resident trusts speaks for them. "" for the office."""
    if person.pk == match.volunteer_id:
        return match.volunteer.first_name
    return match.resident.first_name if roles.acts_for(person, match.resident) else ""


def _why_asked(row: Appointment) -> str:
    day = timezone.localdate(row.start)
    if day in holidays_between(day, day):
        return _("An diesem Tag ist Feiertag. Treffen Sie sich trotzdem?")
    return _("Zu dieser Zeit gibt es schon einen anderen Termin. Bitte sagen Sie, ob es trotzdem geht.")


def _side(match: Match, user: User) -> set:
    """Who speaks for this person's side: they themselves, and on the resident's side the people they trust."""
    if user.pk == match.volunteer_id:
        return {user.pk}
    if roles.acts_for(user, match.resident):
        trusted = match.resident.trusted_people.acting().values_list("person_id", flat=True)
        return {user.pk, match.resident_id, *(pk for pk in trusted if pk)}
    return {user.pk}
