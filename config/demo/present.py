"""What is going on today: 60 requests of all kinds and states, made by the verbs themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from django.utils import timezone

from accounts.actions.casework import add_follow_up
from accounts.models import User
from config.demo import calls, words
from config.demo.logins import HOME
from config.demo.people import People
from config.demo.shelf import Shelf
from config.demo.volunteers import Volunteer
from core.errors import HouseError
from matching import actions, states
from matching.models import HelpRequest, Match
from matching.suggestions import Suggestion, suggestions
from places.distance import cells_km
from places.models import Quarter

OPEN_REQUESTS = 60
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
# slugs that most quarters can meet, in the order in which they are asked for
WISHED = (
    "einkaufen", "spazieren", "botengang", "handy", "besuch", "anruf", "tragen", "arzt", "garten", "plaudern",
    "formulare", "apotheke",
)  # fmt: skip


class Today:
    """Walks through the quarters and lets their people and offices act."""

    def __init__(self, shelf: Shelf, people: People) -> None:
        self.shelf, self.dice, self.now, self.people = shelf, shelf.dice, shelf.now, people
        self.slugs = cycle(WISHED)
        self.busy: set[Any] = {people.erna.pk}  # one open request each
        self.coin, self.other_coin = cycle([True, False]), cycle([True, False])

    def everything(self, quarters: dict[str, Quarter]) -> None:
        """All kinds at home, so that the worker's desk shows every one of them; the rest all over the city."""
        self._of_the_logins()
        home = quarters[HOME]
        for kind in self._kinds():
            kind(home)
        kinds, others = cycle(self._kinds()), cycle(quarter for quarter in quarters.values() if quarter != home)
        for _ in range(OPEN_REQUESTS - 2 - len(self._kinds())):
            next(kinds)(next(others))
        self._to_follow_up(home)
        for quarter in [home, *list(quarters.values())[:2]]:
            actions.run_round(quarter=quarter, by=self._worker(quarter), now=self._ago(1))
        assert self.people.jonas is not None
        calls.ring(home, worker=self._worker(home), but=self.people.jonas.user, now=self.now)

    def _kinds(self) -> list[Callable[[Quarter], object]]:
        return [
            self._proposed,
            self._asked,
            self._just_open,
            self._accepted,
            self._impossible,
            self._overdue,
            self._asked_again,
            self._draft,
            self._weekly,
            self._self_offer,
            self._for_two,
            self._nearly_late,
        ]

    def _to_follow_up(self, home: Quarter) -> None:
        """What the office wants to see to: some of it today."""
        somebody = self.people.residents[home.name][1:4]
        for person, (text, days) in zip(somebody, words.FOLLOW_UPS, strict=True):
            by, due_on = self._worker(home), self._day(days)
            add_follow_up(person_id=person.pk, by=by, now=self._ago(20), text=text, due_on=due_on)

    # --- kinds ----------
    def _just_open(self, quarter: Quarter) -> HelpRequest:
        return self._open(quarter, hours_ago=self.dice.randint(1, 20))

    def _overdue(self, quarter: Quarter) -> HelpRequest:
        """Has waited longer than the office wants anybody to wait: nobody can do both, or nobody speaks it."""
        both: dict[str, Any] = {"skills": ["einkaufen", "fahren"], "description": "Zum Großeinkauf mit dem Auto."}
        spoken: dict[str, Any] = {"skills": ["besuch"], "description": "Tee trinken und erzählen.", "languages": ["fa"]}
        return self._open(
            quarter, hours_ago=24 * 9, flexible_until=self._day(12), **(both if next(self.coin) else spoken)
        )

    def _impossible(self, quarter: Quarter) -> HelpRequest:
        """Nobody has time so early on a Saturday; the why-not says how much later would help."""
        start = self.shelf.at((5 - timezone.localdate(self.now).weekday()) % 7 or 7, 7)
        window = {"windows": [{"start": start, "end": start + 1.5 * HOUR}]}
        text = "Ganz früh, damit wir vor dem Frühstück wieder da sind."
        return self._open(quarter, hours_ago=30, skills=["spazieren"], description=text, duration_minutes=60, **window)

    def _weekly(self, quarter: Quarter) -> HelpRequest:
        weekly = [{"weekday": self.dice.randint(0, 4), "start": "14:00", "end": "18:00"}]
        return self._open(quarter, hours_ago=26, wishes_other_generation=True, weekly=weekly)

    def _proposed(self, quarter: Quarter) -> Match | None:
        return self._pair(self._open(quarter, hours_ago=22))

    def _asked(self, quarter: Quarter) -> Match | None:
        return self._released(self._pair(self._open(quarter, hours_ago=20), hours_ago=8), hours_ago=5)

    def _nearly_late(self, quarter: Quarter) -> Match | None:
        match = self._pair(self._open(quarter, hours_ago=60, urgency=1), hours_ago=50)
        return self._released(match, hours_ago=45)

    def _accepted(self, quarter: Quarter) -> Match | None:
        match = self._released(self._pair(self._open(quarter, hours_ago=40), hours_ago=30), hours_ago=28)
        return match and actions.accept_match(match_id=match.pk, by=match.volunteer, now=self._ago(3))

    def _asked_again(self, quarter: Quarter) -> Match | None:
        """The first said no, the second is proposed."""
        request = self._open(quarter, hours_ago=70)
        first = self._released(self._pair(request, hours_ago=60), hours_ago=58)
        if first:
            reason = self.dice.choice(words.DECLINED)
            actions.decline_match(match_id=first.pk, by=first.volunteer, now=self._ago(20), reason=reason)
        return self._pair(request, hours_ago=2)

    def _self_offer(self, quarter: Quarter) -> Match | None:
        request = self._open(quarter, hours_ago=18)
        for found in self._fitting(request):
            if HelpRequest.objects.coarse_for(found.volunteer).filter(pk=request.pk).exists():
                return actions.offer_help(request_id=request.pk, by=found.volunteer, now=self._ago(2))
        return None

    def _for_two(self, quarter: Quarter) -> Match | None:
        """Two helpers are needed; one is confirmed, the other still to be found."""
        text = "Einen Schrank aus dem Keller holen, dafür braucht es zwei."
        request = self._open(quarter, hours_ago=80, skills=["tragen"], description=text, helpers_needed=2)
        match = self._released(self._pair(request, hours_ago=70), hours_ago=60)
        if match is None:
            return None
        actions.accept_match(match_id=match.pk, by=match.volunteer, now=self._ago(50))
        return self._confirm(match, hours_ago=30)

    def _draft(self, quarter: Quarter) -> HelpRequest:
        """Begun and not sent, by the office while the telephone rang again, or by the resident."""
        by_office = next(self.other_coin)
        resident = self._resident(quarter, online=not by_office)
        by = self._worker(quarter) if by_office else resident
        return self._drafted(resident, by, self._ago(4), {"skills": [next(self.slugs)], "step": 2})

    # --- the four one can be ----------
    def _of_the_logins(self) -> None:
        """Somebody said yes to Erna and waits for hers; somebody new waits for Jonas."""
        erna, jonas = self.people.erna, self.people.jonas
        assert jonas is not None
        text = "Bilder von den Enkeln ansehen und selbst eines verschicken."
        wish = {"skills": ["handy"], "description": text, "duration_minutes": 60, "flexible_until": self._day(12)}
        request = self._published(erna, erna, self._ago(48), wish)
        match = self._released(self._pair(request, hours_ago=40), hours_ago=30)
        if match:
            actions.accept_match(match_id=match.pk, by=match.volunteer, now=self._ago(2))
        self._card_for(jonas)
        known = Match.objects.get(resident=erna, volunteer=jonas.user, state=states.CONFIRMED)
        actions.reveal_address(match_id=known.pk, viewer=jonas.user, now=self._ago(24))

    def _card_for(self, jonas: Volunteer) -> None:
        home = jonas.user.quarter
        assert home is not None
        text = "Eine Runde um den Block mit dem Rollator, gern mit Bank am Weg."
        wish = {"skills": ["spazieren"], "description": text, "duration_minutes": 60, "flexible_until": self._day(14)}
        worker, at = self._worker(home), self._ago(20)
        request = self._published(self._next_door(jonas.user), worker, at, wish)
        match = actions.propose_match(request_id=request.pk, volunteer_id=jonas.user.pk, by=worker, now=self._ago(3))
        actions.release_match(match_id=match.pk, by=worker, now=self._ago(2))

    # --- verbs ----------
    def _open(self, quarter: Quarter, *, hours_ago: int, **changes: Any) -> HelpRequest:
        resident = self._resident(quarter)
        by = resident if resident.email else self._worker(quarter)
        return self._published(resident, by, self._ago(hours_ago), changes)

    def _published(self, resident: User, by: User, at: datetime, changes: dict[str, Any]) -> HelpRequest:
        request = self._drafted(resident, by, at, changes)
        consent = "self" if by == resident else "oral"
        return actions.publish_request(request_id=request.pk, by=by, now=at, consent=consent)

    def _drafted(self, resident: User, by: User, at: datetime, changes: dict[str, Any]) -> HelpRequest:
        slug = (changes.get("skills") or [next(self.slugs)])[0]
        text, minutes = self.dice.choice(words.WISHES[slug])
        timing = {"windows", "weekly", "flexible_until"} & changes.keys()
        usual: dict[str, Any] = {"skills": [slug], "description": text, "duration_minutes": minutes}
        if not timing:
            usual["flexible_until"] = self._day(self.dice.randint(5, 16))
        request = actions.start_request(resident=resident, by=by, now=at)
        return actions.change_request(request_id=request.pk, by=by, now=at, changes=usual | changes)

    def _fitting(self, request: HelpRequest) -> list[Suggestion]:
        """The best fits, without Jonas: he keeps room for whoever tries the demo."""
        jonas = self.people.jonas and self.people.jonas.user
        return [one for one in suggestions(request, now=self.now, limit=4) if one.volunteer != jonas]

    def _pair(self, request: HelpRequest, *, hours_ago: int = 2) -> Match | None:
        """The best fit is proposed by the office; None where nobody fits, which is as real."""
        found = self._fitting(request)
        if not found:
            return None
        worker = self._worker(request.quarter)
        at = self._ago(hours_ago)
        best = {"volunteer_id": found[0].volunteer.pk, "found": found[0]}
        try:
            return actions.propose_match(request_id=request.pk, by=worker, now=at, **best)
        except HouseError:
            return None

    def _released(self, match: Match | None, *, hours_ago: int) -> Match | None:
        if match is None:
            return None
        by = self._worker(match.request.quarter)
        return actions.release_match(match_id=match.pk, by=by, now=self._ago(hours_ago))

    def _confirm(self, match: Match, *, hours_ago: int) -> Match:
        resident = match.resident
        by = resident if resident.email else self._worker(match.request.quarter)
        return actions.confirm_match(match_id=match.pk, by=by, now=self._ago(hours_ago), spoken=by != resident)

    # --- who and when ----------
    def _resident(self, quarter: Quarter, *, online: bool = False) -> User:
        """Somebody of the quarter who asks for nothing else right now."""
        free = [
            one for one in self.people.residents[quarter.name] if one.pk not in self.busy and (one.email or not online)
        ]
        person = self.dice.choice(free)
        self.busy.add(person.pk)
        return person

    def _next_door(self, somebody: User) -> User:
        """The resident without e-mail who lives nearest, cell to cell."""
        callers = [one for one in self.people.residents[HOME] if not one.email and one.pk not in self.busy]
        here = somebody.place.cell  # type: ignore[union-attr]
        person = min(callers, key=lambda one: cells_km(one.place.cell, here))  # type: ignore[union-attr]
        self.busy.add(person.pk)
        return person

    def _worker(self, quarter: Quarter) -> User:
        return self.people.workers[quarter.name][0]

    def _ago(self, hours: int) -> datetime:
        """So many hours before now, moved into the day where it would fall into the night."""
        return min(self.shelf.awake(self.now - hours * HOUR), self.now)

    def _day(self, days: int) -> Any:
        return timezone.localdate(self.now) + days * DAY
