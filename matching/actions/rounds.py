"""
A round: every open request of a quarter that still lacks somebody gets its best free volunteer proposed.

In the order of urgency and waiting time, one request after the other. A worker's unfinished review stays as it is.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q

from accounts import roles
from accounts.models import User
from core.errors import HouseError, NotVisible
from matching import rules, states, weighing
from matching.actions.matches import release_match
from matching.actions.proposals import propose_match
from matching.actions.steps import keep_until
from matching.models import HelpRequest, Round, RoundResult
from matching.suggestions import Suggestion, suggestions, why_not
from places.models import Quarter

LOOKED_AT = 20  # the best so many of one request; the round takes the first who still has room


def run_round(*, quarter: Quarter, by: User | None, now: datetime, dry_run: bool = False) -> Round:
    """
    Propose for every request that still needs somebody. `dry_run`: keep the result, propose nobody.

    `by` None: the clock. Raises NotVisible for somebody who does not work in the quarter.
    """
    if by and not roles.works_in(by, quarter):
        raise NotVisible
    requests = _needing(quarter)
    weights = weighing.weights_of(quarter)
    found = Round.objects.create(
        quarter=quarter,
        started_by=by,
        started_at=now,
        dry_run=dry_run,
        weights=weights,
        requests=len(requests),
        volunteers=quarter.volunteers.filter(welcomed_at__isnull=False).count(),
        delete_on=keep_until(now),
    )
    planned: dict[object, int] = {}
    found.proposed = sum(_serve(found, request, planned=planned, now=now) for request in requests)
    found.finished_at = now
    found.save(update_fields=["proposed", "finished_at"])
    return found


def _needing(quarter: Quarter) -> list[HelpRequest]:
    """Open requests with fewer live matches than places, the most urgent and longest waiting first."""
    live = Count("matches", filter=Q(matches__state__in=states.LIVE))
    rows = HelpRequest.objects.open().filter(quarter=quarter).alias(live=live).filter(live__lt=F("helpers_needed"))
    return list(rows.for_cards().order_by("-urgency", "open_since", "pk"))


def _serve(found: Round, request: HelpRequest, *, planned: dict[object, int], now: datetime) -> bool:
    """One request: the best volunteer with room left, else why nobody. True where somebody was found."""
    for suggestion in suggestions(request, now=now, limit=LOOKED_AT):
        load = suggestion.volunteer.volunteer_profile
        if load.live_matches + planned.get(load.pk, 0) >= load.capacity:
            continue
        if not found.dry_run and not _propose(found, request, suggestion, now=now):
            continue
        if found.dry_run:
            planned[load.pk] = planned.get(load.pk, 0) + 1
        _keep(found, request, suggestion)
        return True
    RoundResult.objects.create(round=found, request=request, why_not=why_not(request, now=now).as_json())
    return False


def _propose(found: Round, request: HelpRequest, suggestion: Suggestion, *, now: datetime) -> bool:
    """Propose, and release where the policy may. False: somebody moved meanwhile, the next best is tried."""
    try:
        with transaction.atomic():
            match = propose_match(
                request_id=request.pk,
                volunteer_id=suggestion.volunteer.pk,
                by=None,
                now=now,
                round=found,
                found=suggestion,
            )
            if rules.policy_may_release(match):
                release_match(match_id=match.pk, by=None, now=now)
    except HouseError:
        return False
    return True


def _keep(found: Round, request: HelpRequest, suggestion: Suggestion) -> None:
    RoundResult.objects.create(
        round=found,
        request=request,
        volunteer=suggestion.volunteer,
        score=suggestion.score,
        parts=suggestion.parts,
        reasons=suggestion.reasons,
    )
