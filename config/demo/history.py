"""
Three months of what was: requests that were met, ended, declined or lapsed, and the pairs that go on meeting.

Written in bulk, but as the verbs would have left it: every move with its event, counters, orders, booked quarter-hours.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import Skill, User
from config.demo import words
from config.demo.ledger import Found, Ledger
from config.demo.nights import Candidate, Nights, Wanted
from config.demo.volunteers import Volunteer
from matching.models import (
    Appointment,
    HelpRequest,
    Match,
    Round,
)
from places.models import Quarter

PAST_EACH, TANDEMS_EACH = 42, 7
OLDEST_DAYS, NEWEST_DAYS = 90, 4
LAST_NIGHT_DAYS = 2  # ago: what a pair of that night says and does is over today
ENDINGS = ["completed", "second_try", "ended", "withdrawn", "expired"]
SHARES = [66, 14, 7, 6, 7]


@dataclass
class _Story:
    """A request and how it goes on. Whoever is found nobody for lapses, whatever was planned."""

    wanted: Wanted
    ending: str
    over: bool = False

    @property
    def lapses_at(self) -> datetime:
        days = 2 if self.ending == "withdrawn" else 6
        opened: datetime = self.wanted.request.open_since  # type: ignore[assignment]
        return max(opened + timedelta(days=days), self.wanted.ready_at + timedelta(hours=1))


class Past(Ledger):
    """Puts one story after the other onto the shelf."""

    def everything(self, quarters: Iterable[Quarter]) -> None:
        quarters = list(quarters)
        for quarter in quarters:
            for _ in range(TANDEMS_EACH):
                self._tandem(quarter)
        self._erna_and_jonas()
        stories = {quarter.pk: [self._story(quarter) for _ in range(PAST_EACH)] for quarter in quarters}
        nights = Nights(self.shelf, self.people, self.matches)
        for day in range(-OLDEST_DAYS, -LAST_NIGHT_DAYS + 1):
            for quarter in quarters:
                self._night(quarter, [one for one in stories[quarter.pk] if one], self.shelf.at(day, 3, 30), nights)
        for story in (story for some in stories.values() for story in some if story and not story.over):
            self._lapse(story.wanted.request, self.shelf.at(-1, 12), withdrawn=True)
        self._settle()

    # --- stories ----------
    def _story(self, quarter: Quarter) -> "_Story | None":
        """One request of the past, with how it is going to end. None where nobody here could help anyway."""
        resident = self.dice.choice(self.people.residents[quarter.name])
        ending = self.dice.choices(ENDINGS, SHARES)[0]
        start = self.shelf.at(
            -self.dice.randint(NEWEST_DAYS, OLDEST_DAYS), self.dice.randint(8, 17), self.dice.choice([0, 20])
        )
        skill, _able = self._skill_and_able(quarter, resident)
        if skill is None:
            return None
        request = self._request(quarter, resident, skill, start)
        return _Story(Wanted(request, skill, self._dated(start), start), ending)

    def _night(self, quarter: Quarter, stories: "list[_Story]", at: datetime, nights: Nights) -> None:
        """Who waited for long enough lapses; a round looks for the others; each pair goes its way."""
        for story in stories:
            if not story.over and story.lapses_at <= at:
                story.over = True
                self._lapse(story.wanted.request, story.lapses_at, withdrawn=story.ending == "withdrawn")
        waiting = {one.wanted.request.pk: one for one in stories if not one.over and one.wanted.ready_at < at}

        def met(wanted: Wanted, volunteer: Volunteer, made: Round, seen: Candidate) -> None:
            self._go(waiting[wanted.request.pk], volunteer, at, (made, seen))

        if waiting:
            nights.decide(quarter, [one.wanted for one in waiting.values()], at, met=met)

    def _go(self, story: "_Story", volunteer: Volunteer, at: datetime, found: Found) -> None:
        """What becomes of a pair of this night."""
        if story.ending in ("withdrawn", "expired", "second_try"):
            story.wanted.ready_at = self._told_no(story.wanted.request, volunteer, at, found)
            story.ending = "completed" if story.ending == "second_try" else story.ending
        else:
            story.over = True
            self._met(story.wanted.request, volunteer, at, found, early=story.ending == "ended")

    def _met(self, request: HelpRequest, volunteer: Volunteer, at: datetime, found: Found, *, early: bool) -> None:
        """Proposed, asked, accepted, confirmed, visited, completed - or ended early and then withdrawn."""
        match = self._confirmed(request, volunteer, at, found=found)
        assert match.confirmed_at is not None
        visit = match.confirmed_at + timedelta(days=self.dice.randint(1, 3))
        visit = self._local_hour(visit, self.dice.randint(9, 16), self.dice.choice([0, 30]))
        over = visit + timedelta(minutes=request.duration_minutes + 40)
        if over > self.shelf.now:
            return self._still_running(match, visit)
        by = request.resident if request.resident.email else self._worker(request.quarter)
        if early:
            reason = self.dice.choice(words.ENDED)
            self._move(match, "end", over, by=by, reason=reason, end_reason=reason, ended_at=over)
            request.confirmed_helpers = request.accepted_helpers = 0
            self._request_move(request, "reopen", over, by)
            self._request_move(request, "withdraw", over + timedelta(hours=1), by)
        else:
            self._appointment(match, visit, Appointment.State.DONE)
            self._move(match, "complete", over, by=by, ended_at=over)
            self._request_move(request, "finish", over, by)
        return self._talk(match, visit, self.dice.choice(words.TALKS))

    def _still_running(self, match: Match, visit: datetime) -> None:
        self._appointment(match, visit, Appointment.State.AGREED)
        self.live[match.volunteer_id] += 1
        self._talk(match, visit, self.dice.choice(words.BEFORE_THE_VISIT))

    def _told_no(self, request: HelpRequest, volunteer: Volunteer, at: datetime, found: Found) -> datetime:
        """They were asked and could not, or never answered, or the office thought better of it. Returns when."""
        match = self._match(request, volunteer, at, found=found)
        ending = self.dice.choice(["decline", "decline", "expire", "reject"])
        if ending == "reject":
            reason = self.dice.choice(words.REJECTED)
            self._move(
                match, "reject", self.shelf.awake(at + timedelta(hours=6)), self._worker(request.quarter), reason
            )
        else:
            self._ask(match, self.shelf.awake(at + timedelta(hours=6)))
            reason = self.dice.choice(words.DECLINED) if ending == "decline" else ""
            by = volunteer.user if ending == "decline" else None
            hours = self.dice.randint(10, 26)
            self._move(match, ending, self.shelf.awake(at + timedelta(hours=hours)), by, reason)
        over: datetime = match.events_made[-1].at  # type: ignore[attr-defined]
        match.end_reason, match.ended_at = reason, over
        return over

    def _lapse(self, request: HelpRequest, at: datetime, *, withdrawn: bool) -> None:
        if withdrawn:
            by = request.resident if request.resident.email else self._worker(request.quarter)
            self._request_move(request, "withdraw", at, by)
        else:
            self._request_move(request, "expire", at, None)

    # --- pairs that go on meeting ----------
    def _tandem(self, quarter: Quarter) -> None:
        free = [
            one for one in self.people.residents[quarter.name] if one.pk not in self.regular and one != self.people.erna
        ]
        if not free:
            return
        resident = self.dice.choice(free)
        skill, able = self._skill_and_able(quarter, resident)
        able = [
            one for one in able if self.live[one.user.pk] < one.profile.capacity - 1 and one is not self.people.jonas
        ]
        if skill is None or not able:
            return
        weekday, start_minute, end_minute = self.dice.choice(able[0].windows)
        minute = self.dice.randrange(start_minute, max(start_minute + 1, end_minute - 120), 30)
        self._weekly(quarter, resident, able[0], skill, weekday, minute, weeks=self.dice.randint(4, 12))

    def _weekly(
        self,
        quarter: Quarter,
        resident: User,
        volunteer: Volunteer,
        skill: Skill,
        weekday: int,
        minute: int,
        *,
        weeks: int,
        talk: tuple[tuple[str, str], ...] = words.REGULAR,
    ) -> Match:
        """A weekly request met since so many weeks, with all its visits and the next one agreed."""
        self.regular.add(resident.pk)
        begun = self.shelf.at(-7 * weeks - 5, 10)
        request = self._request(quarter, resident, skill, begun, weekly=(weekday, minute))
        match = self._confirmed(request, volunteer, begun + timedelta(hours=26))
        self.live[volunteer.user.pk] += 1
        today = timezone.localdate(self.shelf.now)
        ahead = (weekday - today.weekday()) % 7 or 7
        for week in range(weeks):
            visit = self.shelf.at(ahead - 7 * (week + 1), minute // 60, minute % 60)
            if visit > match.confirmed_at:  # type: ignore[operator]
                over = visit + timedelta(minutes=request.duration_minutes) < self.shelf.now
                self._appointment(match, visit, Appointment.State.DONE if over else Appointment.State.AGREED)
        following = self.shelf.at(ahead, minute // 60, minute % 60)
        self._appointment(match, following, Appointment.State.AGREED)
        self._talk(match, following, talk)
        return match

    def _erna_and_jonas(self) -> None:
        """The pair one can log in as: every week, with a talk of the last hours."""
        jonas, erna = self.people.jonas, self.people.erna
        assert jonas is not None
        weekday = (timezone.localdate(self.shelf.now) + timedelta(days=2)).weekday()
        weekday = weekday if weekday < 6 else 0
        skill = next(skill for skill in jonas.skills if skill.slug == "einkaufen")
        match = self._weekly(
            erna.quarter,  # type: ignore[arg-type]
            erna,
            jonas,
            skill,
            weekday,
            11 * 60,
            weeks=5,
            talk=words.ERNA_AND_JONAS,
        )
        match.code_word = "Lavendel Brücke"
        extra = self.shelf.at(6, 15)
        self.shelf.add(
            Appointment(
                match=match, start=extra, end=extra + timedelta(hours=1), proposed_by=jonas.user, delete_on=None
            )
        )

    def _skill_and_able(self, quarter: Quarter, resident: User) -> tuple[Skill | None, list[Volunteer]]:
        """A kind of help that at least two welcomed people here offer, and these, in the order of the dice."""
        welcomed = [
            one for one in self.people.volunteers[quarter.name] if one.profile.welcomed_at and not one.profile.paused
        ]
        offered = Counter(skill for one in welcomed for skill in one.skills if skill.slug in words.WISHES)
        wanted = [skill for skill, count in offered.items() if count > 1 and not self._for_others(skill, resident)]
        if not wanted:
            return None, []
        skill = self.dice.choices(wanted, [offered[one] for one in wanted])[0]
        able = [one for one in welcomed if one.can(skill)]
        self.dice.shuffle(able)
        return skill, able

    def _for_others(self, skill: Skill, resident: User) -> bool:
        """Nobody over 60 asks for help with homework."""
        young = resident.born_on is not None and resident.born_on.year > 1960
        return skill.slug in ("nachhilfe", "kinder-spielen") and not young

    def _settle(self) -> None:
        """What the guarded updates of the verbs would have counted."""
        for volunteers in self.people.volunteers.values():
            for one in volunteers:
                one.profile.live_matches = self.live[one.user.pk]
                one.profile.capacity = max(one.profile.capacity, one.profile.live_matches)
                one.profile.confirmed_pairs = self.pairs[one.user.pk]
                one.profile.last_asked_at = self.asked_at.get(one.user.pk)
