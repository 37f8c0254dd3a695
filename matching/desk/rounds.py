"""What a round looks at and what it found, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q

from accounts.models import VolunteerProfile
from matching import reasons, states
from matching.desk import words
from matching.desk.case import Part, parts_in_words, percent
from matching.desk.why import best_change, main_reason
from matching.models import HelpRequest, Match, Round, RoundResult
from places.models import Quarter


@dataclass(frozen=True)
class Before:
    """What a round over one quarter would look at."""

    quarter: Quarter
    requests: int
    volunteers: int


@dataclass(frozen=True)
class Found:
    """One result of a round: a pair, or a request for which nobody was found."""

    result: RoundResult
    kinds: str
    percent: int | None
    parts: list[Part]
    reasons: list[str]
    match: Match | None
    obstacle: str
    change: str


def before(quarters: Sequence[Quarter]) -> dict[str, Any]:
    """Per quarter how many requests wait without anybody, and how many volunteers serve it; the last rounds."""
    live = Count("matches", filter=Q(matches__state__in=states.LIVE))
    waiting = (
        HelpRequest.objects.open().filter(quarter__in=quarters).alias(live=live).filter(live__lt=F("helpers_needed"))
    )
    requests = Counter(waiting.values_list("quarter", flat=True))
    ready = VolunteerProfile.objects.filter(welcomed_at__isnull=False, paused=False, user__suspended_at__isnull=True)
    serving = ready.filter(served_quarters__in=quarters).order_by()
    volunteers = dict(serving.values_list("served_quarters").annotate(count=Count("pk")))
    last = Round.objects.filter(quarter__in=quarters).select_related("quarter", "started_by")[:10]
    rows = [Before(one, requests[one.pk], volunteers.get(one.pk, 0)) for one in quarters]
    return {"rows": rows, "last": last}


def after(found: Round, now: datetime) -> dict[str, Any]:
    """The context of `desk/round.html`; a fixed number of queries."""
    results = list(
        RoundResult.objects.filter(round=found)
        .select_related("request__resident", "request__quarter", "volunteer")
        .prefetch_related("request__skills")
    )
    matches: dict[tuple[UUID, UUID | None], Match] = {
        (row.request_id, row.volunteer_id): row for row in found.matches.all()
    }
    rows = [_found(result, matches.get((result.request_id, result.volunteer_id))) for result in results]
    pairs = [row for row in rows if row.result.volunteer_id]
    return {
        "round": found,
        "pairs": pairs,
        "unmatched": [row for row in rows if not row.result.volunteer_id],
        "waiting": sum(row.match is not None and row.match.state == states.PROPOSED for row in pairs),
        "started": words.moment(found.started_at, now),
    }


def _found(result: RoundResult, match: Match | None) -> Found:
    return Found(
        result=result,
        kinds=words.kinds_of_help(result.request.skills.all()),
        percent=percent(result.score),
        parts=parts_in_words(result.parts),
        reasons=reasons.say(result.reasons, to="worker", known=result.request.skills.all()),
        match=match,
        obstacle=main_reason(result.why_not),
        change=best_change(result.why_not),
    )
