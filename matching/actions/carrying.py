"""
Carrying out one round: plan, say what there is to say, save each pair by itself, keep the results.

No transaction is longer than one pair. Meanwhile people go on saying yes and no: whatever changed is looked at anew.
"""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import VolunteerProfile
from core.errors import HouseError
from matching import notes, planner, rules
from matching.actions.matches import release_match
from matching.actions.proposals import propose_match
from matching.actions.steps import lock_request
from matching.actions.waves import next_wave
from matching.errors import AlreadyFilled, NotAPair
from matching.models import HelpRequest, Round, RoundResult
from matching.planner import Pair, Planned
from matching.suggestions import failed_gates, suggestion_for, why_not

TOLD_EVERY = 0.5  # seconds between two words of progress
OTHERS_TRIED = 5  # the next best so many, where a pair fell away meanwhile
EMPTY_KEPT = timedelta(days=1)  # a small round that found nobody is of no interest for longer


class RoundIsGone(Exception):
    """The round does not run any more: the clock gave it up, or its rows were removed."""


class Carrying:
    """One round on its way. `requests`: only these. `named`: explain only these (None: all that stay unmatched)."""

    def __init__(
        self,
        found: Round,
        *,
        now: datetime,
        requests: Collection[UUID] | None = None,
        named: Collection[UUID] | None = None,
    ) -> None:
        self.found, self.now, self.requests, self.named = found, now, requests, named
        self.began = self._told = time.monotonic()
        self._step = ""
        self.results: list[RoundResult] = []

    def through(self) -> None:
        """From the plan to the results. Raises RoundIsGone."""
        self.note = notes.newest()
        planned = planner.plan([self.found.quarter], now=self.now, progress=self.tell, requests=self.requests)
        self._explain(planned)
        if self.found.dry_run:
            self.results += [self._pair(pair) for pair in planned.pairs]
        else:
            self._save(planned)
            self._widen()
        self._finish(planned)

    def tell(self, step: str, done: int, of: int) -> None:
        """Write down how far it is, at most about twice a second. Raises RoundIsGone."""
        new, self._step = step != self._step, step
        if new or time.monotonic() - self._told >= TOLD_EVERY:
            self._told = time.monotonic()
            self._change(step=step, step_done=done, step_of=of)

    def _explain(self, planned: Planned) -> None:
        """Looked up before anything is saved: the planner's picture is that of a moment ago."""
        self.candidates: dict[UUID, list[dict[str, Any]]] = {}
        for pair in planned.pairs:
            self.candidates[pair.request.pk] = planned.candidates[pair.request.pk]
        wanted = [row for row in planned.unmatched if self.named is None or row.pk in self.named]
        for number, request in enumerate(wanted):
            self.tell("explain", number, len(wanted))
            self.candidates[request.pk] = planned.candidates[request.pk]
            self.results.append(self._nobody(request, planned.why_not[request.pk].as_json()))

    def _save(self, planned: Planned) -> None:
        self._taken = {pair.volunteer_id for pair in planned.pairs}
        for number, pair in enumerate(planned.pairs):
            self.tell("save", number, len(planned.pairs))
            if self._propose(pair):
                self.results.append(self._pair(pair))
            else:
                self._instead(pair)

    def _propose(self, pair: Pair) -> bool:
        """Propose, and release where the policy may. False: somebody moved meanwhile."""
        try:
            with transaction.atomic():
                self._still_a_pair(pair)
                match = propose_match(
                    request_id=pair.request.pk,
                    volunteer_id=pair.volunteer_id,
                    by=None,
                    now=self.now,
                    round=self.found,
                    found=pair,
                )
                if rules.policy_may_release(match):
                    release_match(match_id=match.pk, by=None, now=self.now)
        except HouseError:
            return False
        return True

    def _widen(self) -> None:
        """Where the policy asks several at once: the rest of each wave, last, so that no first place is lost."""
        if self.found.quarter.wave_size > 1:
            rows = (
                HelpRequest.objects.open().filter(quarter=self.found.quarter).order_by("-urgency", "open_since", "pk")
            )
            for request in rows if self.requests is None else rows.filter(pk__in=self.requests):
                next_wave(request_id=request.pk, now=self.now)

    def _still_a_pair(self, pair: Pair) -> None:
        """Raises AlreadyFilled where others were proposed meanwhile, NotAPair where something changed between them."""
        request = lock_request(pair.request.pk)
        if request.matches.live().count() >= request.helpers_needed:
            raise AlreadyFilled
        if request.version == pair.request.version and not notes.changed_since(self.note, [pair.volunteer_id]):
            return
        if failed_gates(request, VolunteerProfile.objects.get(user=pair.volunteer_id), now=self.now):
            raise NotAPair

    def _instead(self, lost: Pair) -> None:
        """The next best who is not planned elsewhere; else why nobody, as it is now."""
        request = HelpRequest.objects.lacking().for_cards().filter(pk=lost.request.pk).first()
        if request is None:  # filled, withdrawn or changed by somebody who was faster
            return
        others = [one["v"] for one in self.candidates[request.pk] if UUID(one["v"]) not in self._taken]
        for volunteer in others[:OTHERS_TRIED]:
            found = self._weighed(request, UUID(volunteer))
            if found and self._propose(found):
                self._taken.add(found.volunteer_id)
                self.results.append(self._pair(found))
                return
        self.results.append(self._nobody(request, why_not(request, now=self.now).as_json()))

    def _weighed(self, request: HelpRequest, volunteer: UUID) -> Pair | None:
        profile = VolunteerProfile.objects.select_related("user").filter(user=volunteer).first()
        one = suggestion_for(request, profile, now=self.now) if profile else None
        if profile is None or one is None:
            return None
        home = profile.user.quarter_id
        return Pair(request, volunteer, one.score, one.parts, one.reasons, one.slot_start, home)

    def _pair(self, pair: Pair) -> RoundResult:
        return RoundResult(
            round=self.found,
            request=pair.request,
            volunteer_id=pair.volunteer_id,
            score=pair.score,
            parts=pair.parts,
            reasons=pair.reasons,
            slot_start=pair.slot_start,
            candidates=self.candidates[pair.request.pk],
        )

    def _nobody(self, request: HelpRequest, why: dict[str, Any]) -> RoundResult:
        candidates = self.candidates[request.pk]
        return RoundResult(round=self.found, request=request, why_not=why, candidates=candidates)

    def _finish(self, planned: Planned) -> None:
        pairs = [row for row in self.results if row.volunteer_id]
        looked_at = {pair.request.pk for pair in planned.pairs} | {row.pk for row in planned.unmatched}
        took = timedelta(seconds=time.monotonic() - self.began)
        if not pairs and self.found.kind == Round.Kind.CHANGE:
            self._change(delete_on=timezone.localdate(self.now) + EMPTY_KEPT)
        with transaction.atomic():
            RoundResult.objects.bulk_create(self.results, batch_size=200)
            self._change(
                state=Round.State.DONE,
                finished_at=self.now + took,
                requests=len(looked_at),
                volunteers=planned.volunteers,
                places=planned.places,
                filled=len(pairs),
                proposed=len(pairs),
                fit=round(sum(row.score or 0 for row in pairs), 4),
                gap=planned.gap,
            )

    def _change(self, **fields: Any) -> None:
        if not Round.objects.filter(pk=self.found.pk, state=Round.State.RUNNING).update(**fields):
            raise RoundIsGone
