"""What a round looks at, how far it is, and what it found, in words."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import NoReverseMatch, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import VolunteerProfile
from matching import reasons, states
from matching.actions.rounds import UNDERWAY
from matching.actions.swaps import SWAPPED
from matching.desk import words
from matching.desk.case import Obstacle, Part, obstacles, parts_in_words, percent
from matching.desk.changes import Change, in_words
from matching.models import HelpRequest, Match, MatchEvent, Round, RoundResult
from places.models import Quarter

ROWS_PER_PAGE = 50
STEPS = {  # of a round that runs
    "load": _("Wir lesen, wer Hilfe braucht und wer hilft"),
    "pair": _("Wir sehen nach, wer zu wem passt"),
    "solve": _("Wir rechnen"),
    "explain": _("Wir schreiben auf, woran es liegt"),
    "save": _("Wir speichern die Vorschläge"),
}
SHOWN: dict[str, tuple[Any, Q]] = {  # ?zeige= -> title, which results
    "": (_("Alle"), Q()),
    "freizugeben": (_("Freizugeben"), Q(now=states.PROPOSED)),
    "weiter": (_("Schon weiter"), Q(volunteer__isnull=False) & ~Q(now=states.PROPOSED)),
    "ohne": (_("Ohne Vorschlag"), Q(volunteer__isnull=True)),
}


@dataclass(frozen=True)
class Before:
    """What a round over one quarter would look at."""

    quarter: Quarter
    requests: int
    volunteers: int
    underway: bool


@dataclass(frozen=True)
class Found:
    """One result of a round: a pair, or a request for which nobody was found (and who was proposed since)."""

    result: RoundResult
    kinds: str
    percent: int | None
    parts: list[Part]
    reasons: list[str]
    slot: str
    match: Match | None
    since: list[Match] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    candidates: int = 0
    changes: list[Change] = field(default_factory=list)

    @property
    def obstacle(self) -> str:
        """The gate at which most fell: '7 haben dann keine Zeit'."""
        first = self.obstacles[0] if self.obstacles else None
        return f"{first.count} {first.words}" if first else gettext("Hier hilft noch niemand.")


@dataclass(frozen=True)
class Tab:
    """One choice of what is shown."""

    key: str
    title: Any
    count: int
    is_open: bool


def before(quarters: Sequence[Quarter]) -> dict[str, Any]:
    """Per quarter how many requests wait without anybody, and how many volunteers serve it; the last rounds."""
    requests = Counter(HelpRequest.objects.lacking().filter(quarter__in=quarters).values_list("quarter", flat=True))
    ready = VolunteerProfile.objects.filter(welcomed_at__isnull=False, paused=False, user__suspended_at__isnull=True)
    serving = ready.filter(served_quarters__in=quarters).order_by()
    volunteers = dict(serving.values_list("served_quarters").annotate(count=Count("pk")))
    rounds = Round.objects.filter(quarter__in=quarters)
    asked = rounds.filter(state__in=UNDERWAY, dry_run=False).exclude(kind=Round.Kind.CHANGE)
    underway = set(asked.values_list("quarter", flat=True))
    told = rounds.exclude(kind=Round.Kind.CHANGE, proposed=0)  # small rounds without a result are nobody's news
    rows = [Before(one, requests[one.pk], volunteers.get(one.pk, 0), one.pk in underway) for one in quarters]
    return {"rows": rows, "last": told.select_related("quarter", "started_by")[:10]}


def progress(found: Round) -> dict[str, Any]:
    """How far a round is: `words` for people, `done` of `of` for the bar (0 of 0: not known)."""
    if found.state == Round.State.WAITING:
        return {"state": found.state, "words": gettext("Die Runde beginnt gleich."), "done": 0, "of": 0}
    step = str(STEPS.get(found.step, STEPS["solve"]))
    counted = found.step_of > 1
    done, of = (found.step_done, found.step_of) if counted else (0, 0)
    said = gettext("%(step)s: %(done)s von %(of)s") % {"step": step, "done": done, "of": of} if counted else step
    return {"state": found.state, "step": found.step, "words": said, "done": done, "of": of}


def after(found: Round, *, shown: str, page: str | None, now: datetime) -> dict[str, Any]:
    """The context of `desk/round.html`; a fixed number of queries, 50 results at a time."""
    everything = _results(found)
    counts = everything.aggregate(**{f"n_{key}": Count("pk", filter=which) for key, (_title, which) in SHOWN.items()})
    opened = shown if shown in SHOWN else ""
    some = Paginator(everything.filter(SHOWN[opened][1]), ROWS_PER_PAGE).get_page(page)
    rows = _rows(found, some, now)
    return {
        "round": found,
        "pairs": [row for row in rows if row.result.volunteer_id],
        "unmatched": [row for row in rows if not row.result.volunteer_id],
        "page_obj": some,
        "pager_query": f"zeige={opened}" if opened else "",
        "shown": opened,
        "tabs": [Tab(key, SHOWN[key][0], counts[f"n_{key}"], key == opened) for key in SHOWN],
        "waiting": counts["n_freizugeben"],
        "pair_count": counts["n_"] - counts["n_ohne"],
        "started": words.moment(found.started_at, now),
        "gap": _gap(found),
        "weights_url": _weights_url(found),
    }


def _results(found: Round) -> QuerySet[RoundResult]:
    """Pairs first; `now`: the state of the pair's newest match."""
    pair = Match.objects.filter(round=found, request=OuterRef("request"), volunteer=OuterRef("volunteer"))
    alone = Case(When(volunteer__isnull=True, then=Value(1)), default=Value(0))
    rows = RoundResult.objects.filter(round=found)
    state = Subquery(pair.order_by("-proposed_at", "id").values("state")[:1])
    return rows.annotate(now=state).alias(alone=alone).order_by("alone", "pk")


def _rows(found: Round, page: Page, now: datetime) -> list[Found]:
    results = list(
        page.object_list.select_related("request__resident", "request__quarter", "volunteer").prefetch_related(
            "request__skills"
        )
    )
    matches: dict[tuple[UUID, UUID | None], Match] = {}
    since: dict[UUID, list[Match]] = {}
    keys = [result.request_id for result in results]
    for match in Match.objects.filter(request__in=keys).select_related("volunteer").order_by("proposed_at", "id"):
        if match.round_id == found.pk:
            matches[match.request_id, match.volunteer_id] = match
        if match.is_live:
            since.setdefault(match.request_id, []).append(match)
    return [
        _found(row, matches.get((row.request_id, row.volunteer_id)), since.get(row.request_id, []), now)
        for row in results
    ]


def _found(result: RoundResult, match: Match | None, since: list[Match], now: datetime) -> Found:
    return Found(
        result=result,
        kinds=words.kinds_of_help(result.request.skills.all()),
        percent=percent(result.score),
        parts=parts_in_words(result.parts),
        reasons=reasons.say(result.reasons, to="worker", known=result.request.skills.all()),
        slot=words.moment(result.slot_start, now),
        match=match,
        since=[] if result.volunteer_id else since,
        obstacles=obstacles(result.why_not.get("gates") or {}),
        candidates=result.why_not.get("candidates") or 0,
        changes=in_words(result.why_not, result.request),
    )


def _gap(found: Round) -> str:
    """Whether something better exists, honestly; of the round as it was, before anybody swapped by hand."""
    if not found.proposed:
        return ""
    swapped = MatchEvent.objects.filter(match__round=found, move="close", reason=SWAPPED).exists()
    share = number_format(max(found.gap * 100, 0.1), decimal_pos=1)
    if found.gap:
        said = gettext("Höchstens %(share)s Prozent besser möglich.") % {"share": share}
    else:
        said = gettext("Besser geht es nicht.")
    return gettext("Vor dem Tauschen von Hand: %(said)s") % {"said": said} if swapped else said


def _weights_url(found: Round) -> str:
    """The page of the weights, where the house has one."""
    try:
        return reverse("desk:weights", args=[found.quarter_id])
    except NoReverseMatch:
        return ""


def released(count: int) -> str:
    said = ngettext("%(count)s Vermittlung ist freigegeben.", "%(count)s Vermittlungen sind freigegeben.", count)
    return said % {"count": count}
