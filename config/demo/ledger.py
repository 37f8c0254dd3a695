"""
Rows of the past as the verbs would have left them: every move with its event, orders, booked quarter-hours, talks.

`config.demo.history` tells the stories; here they are written down.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import Skill, User
from config.demo import words
from config.demo.nights import Candidate
from config.demo.people import People
from config.demo.shelf import Shelf
from config.demo.volunteers import Volunteer
from matching import scoring, states
from matching.actions.appointments import quarter_hours
from matching.actions.orders import KEEP_ORDER
from matching.actions.steps import keep_until
from matching.code_words import LIVING, THINGS
from matching.models import (
    Appointment,
    BookedSlot,
    HelpRequest,
    Match,
    MatchEvent,
    Order,
    RequestEvent,
    RequestWindow,
    Round,
)
from messaging.models import Conversation, Mark, Message
from places.distance import band
from places.models import Quarter

TALK_KEPT = timedelta(days=30)  # after it closed
CODE_WORDS = [f"{LIVING[number % 48]} {THINGS[number * 7 % 48]}" for number in range(60)]
Found = tuple[Round, Candidate]  # the round that chose a pair, and how it saw it


class Ledger:
    """Puts the rows of requests, matches and talks onto the shelf, and keeps count."""

    def __init__(self, shelf: Shelf, people: People) -> None:
        self.shelf, self.dice, self.people = shelf, shelf.dice, people
        self.asked_at: dict[Any, datetime] = {}
        self.live: Counter = Counter()
        self.pairs: Counter = Counter()
        self.booked: set[tuple[Any, datetime]] = set()
        self.matches: defaultdict[Any, list[Match]] = defaultdict(list)  # by volunteer
        self.regular: set[Any] = set()  # residents who already have a tandem

    # --- rows ----------
    def _request(
        self, quarter: Quarter, resident: User, skill: Skill, at: datetime, *, weekly: tuple[int, int] | None = None
    ) -> HelpRequest:
        text, minutes = self.dice.choice(words.WISHES[skill.slug])
        by = resident if resident.email else self._worker(quarter)
        request = self.shelf.add(
            HelpRequest(
                resident=resident,
                entered_by=by,
                quarter=quarter,
                place=resident.place,
                description=text,
                timing=HelpRequest.Timing.WEEKLY if weekly else HelpRequest.Timing.DATED,
                duration_minutes=minutes,
                state=states.OPEN,
                step=5,
                consent="self" if by == resident else "oral",
                consent_at=at,
                consent_by=by,
                created_at=at,
                open_since=at,
                urgency=self.dice.choice([0, 0, 0, 1, 1, 2]),
            )
        )
        self.shelf.add(HelpRequest.skills.through(helprequest=request, skill=skill))
        self._window(request, at, weekly)
        self.shelf.add(
            RequestEvent(request=request, move="publish", before=states.DRAFT, after=states.OPEN, by=by, at=at)
        )
        return request

    def _dated(self, at: datetime) -> list[tuple[datetime, datetime]]:
        """Four days from the day after tomorrow on, from nine to five."""
        starts = [self._local_hour(at + timedelta(days=day), 9) for day in (2, 3, 4, 5)]
        return [(start, start + timedelta(hours=8)) for start in starts]

    def _window(self, request: HelpRequest, at: datetime, weekly: tuple[int, int] | None) -> None:
        if weekly:
            weekday, minute = weekly
            end = min(minute + 180, 1440)
            self.shelf.add(RequestWindow(request=request, weekday=weekday, start_minute=minute, end_minute=end))
            return
        for first, last in self._dated(at):
            self.shelf.add(RequestWindow(request=request, start=first, end=last))

    def _match(self, request: HelpRequest, volunteer: Volunteer, at: datetime, *, found: Found | None = None) -> Match:
        """Proposed by the round that `found` it, else by hand."""
        near = band(request.place.cell, volunteer.user.place.cell)  # type: ignore[union-attr]
        by_hand = {"nearness": {"same": 0.9, "near": 0.6, "far": 0.2}[near], "fair_turn": round(self.dice.random(), 3)}
        parts = found[1].parts if found else by_hand
        near_and_load = [
            {"code": "near", "band": near},
            {"code": "load", "live": 1, "capacity": volunteer.profile.capacity},
        ]
        match = self.shelf.add(
            Match(
                request=request,
                resident=request.resident,
                volunteer=volunteer.user,
                origin=Match.Origin.ROUND if found else Match.Origin.HAND,
                round=found[0] if found else None,
                score=scoring.total(parts, scoring.WEIGHTS),
                parts=parts,
                reasons=found[1].reasons if found else near_and_load,
                slot_start=found[1].slot if found else None,
                proposed_at=at,
            )
        )
        self.matches[volunteer.user.pk].append(match)
        match.events_made = []  # type: ignore[attr-defined]
        by = None if found else self._worker(request.quarter)
        self._event(match, "propose", "", at, by)
        return match

    def _confirmed(
        self, request: HelpRequest, volunteer: Volunteer, at: datetime, *, found: Found | None = None
    ) -> Match:
        at = at if found else self.shelf.awake(at)
        match = self._match(request, volunteer, at, found=found)
        asked = self.shelf.awake(at + timedelta(hours=1))
        self._ask(match, asked + timedelta(minutes=self.dice.randint(0, 50)))
        accepted = self.shelf.awake(asked + timedelta(hours=self.dice.randint(1, 19)))
        self._move(match, "accept", accepted, volunteer.user)
        confirmed = self.shelf.awake(accepted + timedelta(hours=self.dice.randint(1, 5)))
        resident = request.resident
        by = resident if resident.email else self._worker(request.quarter)
        self._move(match, "confirm", confirmed, by, spoken=by != resident)
        match.accepted_at, match.confirmed_at = accepted, confirmed
        match.code_word = self.dice.choice(CODE_WORDS)
        request.confirmed_helpers = request.accepted_helpers = 1
        self._request_move(request, "fill", confirmed, by)
        self.pairs[volunteer.user.pk] += 1
        self._order(match, request, confirmed)
        return match

    def _ask(self, match: Match, at: datetime) -> None:
        match.asked_at, match.deadline = at, at + timedelta(hours=match.request.quarter.answer_hours)
        self.asked_at[match.volunteer_id] = max(at, self.asked_at.get(match.volunteer_id, at))
        self._move(match, "release", at, self._worker(match.request.quarter))

    def _order(self, match: Match, request: HelpRequest, at: datetime) -> None:
        day = timezone.localtime(at).date()
        self.shelf.add(
            Order(
                match=match,
                number=f"{day:%y%m%d}-{match.pk.hex[:8]}",
                carrier=request.quarter.carrier,
                what=request.description[:300],
                dated=day,
                created_at=at,
                delete_on=day + KEEP_ORDER,
            )
        )

    def _appointment(self, match: Match, start: datetime, state: str) -> None:
        end = start + timedelta(minutes=match.request.duration_minutes)
        taken = [
            (person, moment)
            for person in (match.resident_id, match.volunteer_id)
            for moment in quarter_hours(start, end)
        ]
        if state == Appointment.State.AGREED and self.booked.intersection(taken):
            state = Appointment.State.PROPOSED  # somebody is elsewhere then: the two still have to agree
        row = self.shelf.add(
            Appointment(
                match=match, start=start, end=end, state=state, proposed_by=match.volunteer, delete_on=keep_until(end)
            )
        )
        row.created_at = min(self.shelf.now, start) - timedelta(days=1)
        if state == Appointment.State.AGREED:
            self.booked.update(taken)
            for person, moment in taken:
                self.shelf.add(BookedSlot(appointment=row, person_id=person, start=moment))

    def _talk(self, match: Match, visit: datetime, lines: Iterable[tuple[str, str]]) -> None:
        """The conversation of a confirmed match, as far as it is still kept."""
        closes = match.ended_at + timedelta(days=match.request.quarter.talk_open_days) if match.ended_at else None
        if closes and (closes + TALK_KEPT).date() <= self.shelf.now.date():
            return
        opened = match.confirmed_at
        assert opened is not None
        talk = self.shelf.add(Conversation(match=match, opened_at=opened, closes_at=closes))
        talk.delete_on = (closes + TALK_KEPT).date() if closes else None
        weekday = date_format(timezone.localtime(visit), "l")
        slot = f"{weekday}, {date_format(timezone.localtime(visit), 'H:i')} Uhr"
        lines = list(lines)
        last = min(match.ended_at or self.shelf.now, self.shelf.now) - timedelta(minutes=18)
        for seq, (at, (who, text)) in enumerate(
            zip(self._times(opened, last, len(lines)), lines, strict=True), start=1
        ):
            sender = match.resident if who == "r" else match.volunteer
            body = text.format(slot=slot, weekday=weekday)
            row = Message(conversation=talk, seq=seq, sender=sender, body=body, stored_at=at)
            row.client_id = uuid.UUID(int=self.dice.getrandbits(128), version=4)
            self.shelf.add(row)
        talk.last_seq = len(lines)
        self._marks(talk, match, lines)

    def _times(self, first: datetime, last: datetime, count: int) -> list[datetime]:
        """When each line was written: an answer soon after its question, by day, in order, the last at `last`."""
        found: list[datetime] = []
        for place in range(count):
            even = first + (last - first) * (place // 2 * 2) / max(count - 1, 1)
            at = found[-1] if place % 2 else self.shelf.awake(even)
            found.append(at + timedelta(minutes=self.dice.randint(4, 50)))
        spare = [last - timedelta(minutes=3 * back) for back in range(count - 1, -1, -1)]
        ends = found[:-2] + spare[-2:] if count > 1 else spare
        return [max(first, min(at, limit)) for at, limit in zip(ends, spare, strict=True)]

    def _marks(self, talk: Conversation, match: Match, lines: list[tuple[str, str]]) -> None:
        """Everything was read; in a running talk, what the other wrote last waits."""
        for who, person in (("r", match.resident), ("v", match.volunteer)):
            waits = match.state == states.CONFIRMED and lines and lines[-1][0] != who
            read = talk.last_seq - (1 if waits else 0)
            self.shelf.add(Mark(conversation=talk, person=person, delivered_seq=talk.last_seq, read_seq=read))

    # --- moves ----------
    def _move(
        self,
        match: Match,
        move: str,
        at: datetime,
        by: User | None = None,
        reason: str = "",
        *,
        spoken: bool = False,
        **more: Any,
    ) -> None:
        before, match.state = match.state, states.after(match.state, move)
        match.version += 1
        for name, value in more.items():
            setattr(match, name, value)
        if match.state not in states.LIVE:
            match.ended_at = match.ended_at or at
            match.delete_on = keep_until(at)
        self._event(match, move, before, at, by, reason, spoken=spoken)

    def _event(
        self,
        match: Match,
        move: str,
        before: str,
        at: datetime,
        by: User | None,
        reason: str = "",
        *,
        spoken: bool = False,
    ) -> None:
        event = MatchEvent(
            match=match,
            move=move,
            before=before,
            after=match.state,
            by=by,
            reason=reason,
            at=at,
            spoken=spoken,
        )
        match.events_made.append(self.shelf.add(event))  # type: ignore[attr-defined]

    def _request_move(self, request: HelpRequest, move: str, at: datetime, by: User | None) -> None:
        before, request.state = request.state, states.request_after(request.state, move)
        request.version += 1
        if request.state in (states.DONE, states.WITHDRAWN, states.LAPSED):
            request.ended_at, request.delete_on = at, keep_until(at)
        self.shelf.add(RequestEvent(request=request, move=move, before=before, after=request.state, by=by, at=at))

    # --- who and when ----------
    @staticmethod
    def _local_hour(moment: datetime, hour: int, minute: int = 0) -> datetime:
        """The same local day at this hour, in UTC."""
        return timezone.localtime(moment).replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)

    def _worker(self, quarter: Quarter) -> User:
        return self.people.workers[quarter.name][0]
