"""
What residents and volunteers see of requests and matches: built here, so that pages only draw it.

Nobody meets a surname, an address or a point in a card; nearness comes from the coarse cells (Location rule L2).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery, UUIDField
from django.utils import timezone

from accounts.languages import in_words
from accounts.models import Step, User
from accounts.trust import holding
from core.words import minutes_in_words, moment_in_words
from matching import moves, reasons, rules, states, stories, words
from matching.models import HelpRequest, Match, MatchEvent
from matching.models.matches import LEFT, SUSPENDED
from places.distance import band
from places.models import Place

CHECKS = ("talk", "identity", "pledge", "reference", "certificate", "parents")


@dataclass(frozen=True)
class Helper:
    """What a resident may know of somebody who said yes."""

    first_name: str
    about: str
    checked: list[str]


@dataclass(frozen=True)
class PairCard:
    """One match, seen from `side` ("resident" or "volunteer"); empty strings for what this side may not know now."""

    match: Match
    side: str
    kinds: str
    sentence: str
    when: list[str]
    duration: str
    moves: list[moves.Move]
    reasons: list[str] = field(default_factory=list)
    helper: Helper | None = None
    resident: str = ""
    description: str = ""
    distance: str = ""
    deadline: str = ""
    languages: str = ""
    opens_address: bool = False  # one of the two of a confirmed pair; while it `rests`, the talk can only be read
    rests: bool = False
    came_too_late: bool = False


@dataclass(frozen=True)
class RequestCard:
    """One request as its resident sees it; `whose` names the resident where somebody they trust looks."""

    request: HelpRequest
    kinds: str
    when: list[str]
    sentences: list[str]
    answers: list[PairCard]
    confirmed: list[PairCard]
    whose: str = ""

    @property
    def is_running(self) -> bool:
        return self.request.state in (states.DRAFT, states.OPEN, states.FILLED)


@dataclass(frozen=True)
class OpenCard:
    """An open request as every volunteer of the quarter may know it: no name, no text, no hours, no place."""

    pk: UUID
    kinds: str
    when: str
    duration: str
    quarter: str
    distance: str
    languages: str
    is_urgent: bool


def with_people(matches: QuerySet[Match]) -> QuerySet[Match]:
    """Everything a card of either side reads, in a fixed number of queries."""
    return matches.for_cards().select_related("volunteer__place").prefetch_related("volunteer__vettings")  # type: ignore[attr-defined]


def request_cards(requests: Iterable[HelpRequest], *, viewer: User, now: datetime) -> list[RequestCard]:
    """One card per request, in the given order; what waits for the resident's answer is inside."""
    rows = list(requests)
    live, gone = _live_matches(rows), _gone_matches(rows, viewer)
    resting = resting_of([match for matches in live.values() for match in matches])
    return [_request_card(row, live[row.pk], gone.get(row.pk), resting, viewer=viewer, now=now) for row in rows]


def resting_of(matches: Iterable[Match]) -> set[UUID]:
    """Those of them whose talk is shut now; lists ask once for all."""
    return rules.resting([match for match in matches if match.state == states.CONFIRMED])


def for_resident(match: Match, *, viewer: User, now: datetime, resting: set[UUID] | None = None) -> PairCard:
    """
    The pair as the resident sees it; the caller knows that `viewer` acts for them and may see the match.

    `resting`: what `resting_of` said of a list this match is in.
    """
    rests = match.pk in (resting_of([match]) if resting is None else resting)
    return PairCard(
        match=match,
        side="resident",
        kinds=words.kinds(match.request.skills.all()),
        sentence=stories.of_match_for_resident(match, rests=rests),
        when=words.when(match.request, now=now),
        duration=minutes_in_words(match.request.duration_minutes),
        moves=moves.offered(rules.moves_for_resident(viewer, match), side="resident"),
        reasons=reasons.say(match.reasons, to="resident", known=match.request.skills.all()),
        helper=_helper(match.volunteer, timezone.localdate(now)),
        opens_address=rules.may_see_address(viewer, match),
        rests=rests,
    )


def for_volunteer(match: Match, *, now: datetime, resting: set[UUID] | None = None) -> PairCard:
    """The pair as the volunteer sees it; name, text and hours only while they are open to them."""
    rests = match.pk in (resting_of([match]) if resting is None else resting)
    request, told, late = match.request, rules.tells_volunteer(match), stories.came_too_late(match)
    allowed = [move for move in rules.moves_of(match.volunteer, match) if not (late and move == "accept")]
    asks = match.state == states.ASKED and not late
    near = [reason for reason in match.reasons if reason.get("code") != "near"]  # said as the distance already
    today = timezone.localdate(now)
    return PairCard(
        match=match,
        side="volunteer",
        kinds=words.kinds(request.skills.all()),
        sentence=stories.of_match_for_volunteer(match, now=now, rests=rests),
        when=words.when(request, now=now) if told else [words.roughly(request, now=now)] if match.is_live else [],
        duration=minutes_in_words(request.duration_minutes),
        moves=moves.offered(allowed, side="volunteer"),
        reasons=reasons.say(near, to="volunteer", known=request.skills.all()) if asks else [],
        resident=match.resident.first_name if told else "",
        description=request.description if told else "",
        distance=distance(request, match.volunteer.place),
        languages=", ".join(in_words(request.languages)) if match.is_live else "",
        deadline=moment_in_words(match.deadline, today=today) if asks and match.deadline else "",
        opens_address=rules.may_see_address(match.volunteer, match),
        rests=rests,
        came_too_late=late,
    )


def open_card(request: HelpRequest, *, viewer_place: Place | None, now: datetime) -> OpenCard:
    return OpenCard(
        pk=request.pk,
        kinds=words.kinds(request.skills.all()),
        when=words.roughly(request, now=now),
        duration=minutes_in_words(request.duration_minutes),
        quarter=request.quarter.name,
        distance=distance(request, viewer_place),
        languages=", ".join(in_words(request.languages)),
        is_urgent=request.urgency == HelpRequest.Urgency.URGENT,
    )


def distance(request: HelpRequest, viewer_place: Place | None) -> str:
    """The band in words, from cell to cell; empty for help by phone or where a cell is missing."""
    here = viewer_place.cell if viewer_place else ""
    there = request.place.cell if request.place else ""
    if not (here and there) or all(skill.remote for skill in request.skills.all()):
        return ""
    return reasons.band_in_words(band(here, there))


def _live_matches(requests: list[HelpRequest]) -> dict[UUID, list[Match]]:
    found: dict[UUID, list[Match]] = defaultdict(list)
    rows = with_people(Match.objects.filter(request__in=[row.pk for row in requests]).live())
    for match in rows.order_by("accepted_at", "proposed_at", "id"):
        found[match.request_id].append(match)
    return found


def _gone_matches(requests: list[HelpRequest], viewer: User) -> dict[UUID, Match]:
    """Open request -> the last helper it lost after their yes, unless the viewer ended it and knows."""
    end = MatchEvent.objects.filter(match=OuterRef("pk"), after=OuterRef("state")).order_by("-at", "-id")
    lost = Q(state=states.ENDED) | Q(state=states.CLOSED, end_reason__in=[LEFT, SUSPENDED], needs_review=False)
    looking = [row.pk for row in requests if row.state == states.OPEN]
    rows = Match.objects.filter(lost, request__in=looking, accepted_at__isnull=False).select_related("volunteer")
    rows = rows.annotate(ended_by=Subquery(end.values("by")[:1], output_field=UUIDField()))
    last = {match.request_id: match for match in rows.order_by("ended_at", "id")}
    return {key: match for key, match in last.items() if match.ended_by not in (viewer.pk, match.resident_id)}


def _request_card(
    request: HelpRequest,
    live: list[Match],
    gone: Match | None,
    resting: set[UUID],
    *,
    viewer: User,
    now: datetime,
) -> RequestCard:
    def cards(state: str) -> list[PairCard]:
        rows = [match for match in live if match.state == state and not match.needs_review]
        return [for_resident(match, viewer=viewer, now=now, resting=resting) for match in rows]

    return RequestCard(
        request=request,
        kinds=words.kinds(request.skills.all()),
        when=words.when(request, now=now) if request.step > 2 or request.state != states.DRAFT else [],
        sentences=stories.of_request(request, live, now=now, gone=gone),
        answers=cards(states.ACCEPTED),
        confirmed=cards(states.CONFIRMED),
        whose="" if viewer == request.resident else request.resident.first_name,
    )


def _helper(volunteer: User, today: date) -> Helper:
    profile = getattr(volunteer, "volunteer_profile", None)
    return Helper(volunteer.first_name, profile.about if profile else "", _checked(volunteer, today))


def _checked(volunteer: User, today: date) -> list[str]:
    """What was checked and holds today, in the house's order."""
    held = holding(volunteer.vettings.all())
    valid = [kind for kind in CHECKS if kind in held and ((until := held[kind]) is None or until >= today)]
    return [str(Step(kind).label) for kind in valid]
