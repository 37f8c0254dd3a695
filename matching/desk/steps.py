"""The steps of trust of one helper as a checklist, and of all helpers of the quarters as a list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import rules, skills, trust
from accounts.actions.parents import running_consent, token_of
from accounts.actions.vetting import UNDO_WITHIN
from accounts.models import Skill, Step, User, Vetting, VolunteerProfile
from accounts.youth import NEEDS
from core.words import day_in_words
from places.models import Quarter

TONES = {trust.OPEN: "calm", trust.HOLDS: "good", trust.RENEW: "careful", trust.OVER: "stop", trust.UNFIT: "stop"}
WORDS = {
    trust.OPEN: _("noch offen"),
    trust.HOLDS: _("in Ordnung"),
    trust.RENEW: _("bald erneuern"),
    trust.OVER: _("abgelaufen"),
    trust.UNFIT: _("nicht geeignet"),
}
GOOD = (trust.HOLDS, trust.RENEW)


@dataclass(frozen=True)
class Line:
    """One step: how it stands, since when and until when, and which kinds of help wait for it."""

    step: str
    name: Any
    means: Any
    state: str
    tone: str
    words: Any
    check: Vetting | None
    may_undo: bool
    waits: str  # kinds of help this helper offers that need the step and do not have it

    @property
    def is_good(self) -> bool:
        return self.state in GOOD


@dataclass(frozen=True)
class Row:
    """One helper of the list. `missing`: steps their offers need; `ending`: (step, day) that may be renewed."""

    user: User
    missing: list[str]
    ending: list[str]
    since: str
    young: bool


def read(person: User, now: datetime) -> dict[str, Any]:
    """The context of `desk/steps.html`."""
    today, matrix = timezone.localdate(now), trust.current()
    profile = VolunteerProfile.objects.filter(user=person).prefetch_related("skills").first()
    offered = list(profile.skills.all()) if profile else []
    young = rules.is_minor(person, today=today)
    asked = person.parent_consents.filter(given_at__isnull=True).first()
    return {
        "person": person,
        "profile": profile,
        "lines": checklist(person, offered, matrix, young=young, now=now),
        "opens": skills_in_words(kind for kind in offered if not _lacks(person, kind, matrix, young, today)),
        "young": young,
        "consent": running_consent(person),
        "asked": asked,
        "token": token_of(asked) if asked else "",
        "pledge": trust.pledge_text(),
        "today": today,
        "kept_days": (trust.keep_until(today) - today).days,
    }


def checklist(
    person: User, offered: Iterable[Skill], matrix: trust.Matrix, *, young: bool, now: datetime
) -> list[Line]:
    """Every step in its order; the parents' yes first for the young."""
    offered, today = list(offered), timezone.localdate(now)
    newest = trust.newest(person.vettings.select_related("by"))
    steps = ([Step.PARENTS] if young else []) + list(trust.STEPS)
    return [_line(step, newest.get(step), offered, matrix, young=young, today=today, now=now) for step in steps]


def helpers(quarters: Sequence[Quarter], *, now: datetime, missing: str = "", ending: bool = False) -> list[Row]:
    """
    Active helpers of these quarters by name, with what they lack for what they offer and what runs out.

    `missing`: only those who lack this step; `ending`: only those of whom something may be renewed or ran out.
    """
    today, matrix = timezone.localdate(now), trust.current()
    rows = [_row(profile, matrix, today, now) for profile in _profiles(quarters)]
    kept = [row for row in rows if (not missing or missing in row["missing"]) and (not ending or row["ending"])]
    return [
        Row(row["user"], [str(Step(one).label) for one in row["missing"]], row["ending"], row["since"], row["young"])
        for row in kept
    ]


def counts(quarters: Sequence[Quarter], *, now: datetime) -> tuple[dict[str, int], int]:
    """How many lack which step, and of how many something runs out."""
    today, matrix = timezone.localdate(now), trust.current()
    found: dict[str, int] = defaultdict(int)
    rows = [_row(profile, matrix, today, now) for profile in _profiles(quarters)]
    for row in rows:
        for step in row["missing"]:
            found[step] += 1
    return found, sum(bool(row["ending"]) for row in rows)


def ending_checks(quarters: Sequence[Quarter], now: datetime) -> QuerySet[Vetting]:
    """The checks of active helpers that may be renewed now or ran out, soonest end first: `standing`, asked in SQL."""
    today, matrix = timezone.localdate(now), trust.current()
    near = Q(valid_until__lte=today)
    for step, days in matrix.renew_days.items():
        near |= Q(kind=step, valid_until__lte=today + timedelta(days=days))
    rows = Vetting.objects.filter(near, suitable=True, user__in=_active(quarters).values("user")).that_count()
    return rows.exclude(kind=Step.PARENTS).select_related("user__quarter").order_by("valid_until", "id")


def skills_in_words(kinds: Iterable[Skill]) -> str:
    return ", ".join(skills.name(kind) for kind in kinds)


_DUE = (trust.RENEW, trust.OVER)


def _line(
    step: str,
    check: Vetting | None,
    offered: list[Skill],
    matrix: trust.Matrix,
    *,
    young: bool,
    today: date,
    now: datetime,
) -> Line:
    state = trust.standing(check, today=today, matrix=matrix)
    wait = [kind for kind in offered if step in _needs(kind, matrix, young)] if state not in GOOD else []
    fresh = check is not None and now - check.noted_at <= UNDO_WITHIN and step != Step.PARENTS
    name, means = Step(step).label, trust.MEANS[Step(step)]
    return Line(step, name, means, state, TONES[state], WORDS[state], check, fresh, skills_in_words(wait))


def _needs(kind: Skill, matrix: trust.Matrix, young: bool) -> frozenset[str]:
    return matrix.needs(kind) | (frozenset(NEEDS) if young else frozenset())


def _lacks(person: User, kind: Skill, matrix: trust.Matrix, young: bool, today: date) -> bool:
    newest = trust.newest(person.vettings.all())
    return any(
        trust.standing(newest.get(step), today=today, matrix=matrix) not in GOOD for step in _needs(kind, matrix, young)
    )


def _profiles(quarters: Sequence[Quarter]) -> QuerySet[VolunteerProfile]:
    together = _active(quarters).select_related("user__quarter").prefetch_related("skills", "user__vettings")
    return together.order_by("user__last_name", "user__first_name", "user_id")


def _active(quarters: Sequence[Quarter]) -> QuerySet[VolunteerProfile]:
    here = VolunteerProfile.objects.filter(user__quarter__in=quarters, user__is_active=True, stopped_at=None)
    return here.filter(user__suspended_at__isnull=True)


def _row(profile: VolunteerProfile, matrix: trust.Matrix, today: date, now: datetime) -> dict[str, Any]:
    user = profile.user
    young = rules.is_minor(user, today=today)
    newest = trust.newest(user.vettings.all())
    needed = frozenset({Step.TALK}).union(*(_needs(kind, matrix, young) for kind in profile.skills.all()))
    order = [Step.PARENTS, *trust.STEPS]
    good = {one for one in needed if trust.standing(newest.get(one), today=today, matrix=matrix) in GOOD}
    missing = [one for one in order if one in needed - good]
    ending = [
        _ending(check, today)
        for one in order
        if (check := newest.get(one)) and trust.standing(check, today=today, matrix=matrix) in _DUE
    ]
    since = day_in_words(timezone.localdate(user.joined_at), today=today)
    return {"user": user, "missing": missing, "ending": ending, "since": since, "young": young}


def _ending(check: Vetting, today: date) -> str:
    day = day_in_words(check.valid_until, today=today) if check.valid_until else ""
    return gettext("%(step)s: bis %(day)s") % {"step": check.get_kind_display(), "day": day}
