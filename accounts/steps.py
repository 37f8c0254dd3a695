"""The steps of trust as the helper reads them, and the rules for the young in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import rules, skills, trust, youth
from accounts.models import Skill, Step, VolunteerProfile

_WORDS = {
    trust.OPEN: gettext_lazy("noch offen"),
    trust.HOLDS: gettext_lazy("in Ordnung"),
    trust.RENEW: gettext_lazy("bitte bald erneuern"),
    trust.OVER: gettext_lazy("abgelaufen"),
    trust.UNFIT: gettext_lazy("bitte mit dem Büro sprechen"),
}
_TONES = {trust.OPEN: "calm", trust.HOLDS: "good"}
_GOOD = (trust.HOLDS, trust.RENEW)


@dataclass(frozen=True)
class OwnStep:
    """One step of somebody who reads about themselves."""

    name: Any
    means: Any
    words: Any
    tone: str
    until: date | None
    waits: str
    is_open: bool


def own_steps(profile: VolunteerProfile, *, today: date) -> list[OwnStep]:
    """What was taken, and of the rest only what is needed for what they offer."""
    matrix, newest = trust.current(), trust.newest(profile.user.vettings.all())
    young = rules.is_minor(profile.user, today=today)
    offered = list(profile.skills.all())
    found = []
    for step in ([Step.PARENTS] if young else []) + list(trust.STEPS):
        check = newest.get(step)
        state = trust.standing(check, today=today, matrix=matrix)
        needing = [kind for kind in offered if step in _needs(kind, matrix, young=young)]
        if not check and not needing and step != Step.TALK:
            continue
        waits = ", ".join(skills.name(kind) for kind in needing) if state not in _GOOD else ""
        until = check.valid_until if check and check.suitable else None
        name, means = Step(step).label, trust.MEANS[Step(step)]
        found.append(
            OwnStep(name, means, _WORDS[state], _TONES.get(state, "careful"), until, waits, state not in _GOOD)
        )
    return found


def youth_in_words(born_on: date, *, today: date) -> Iterator[str]:
    """What holds for somebody of this age, for their parents to read."""
    age = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    band = youth.current().band(age, today)
    if band is None:
        return
    kinds = Skill.objects.filter(minors_may=True)
    names = [skills.name(kind) for kind in kinds if band.admits([kind.slug])]
    yield _("Nur einfache Hilfe: %(kinds)s.") % {"kinds": ", ".join(names)}
    hours = {"day": f"{band.minutes_a_day / 60:g}", "week": f"{band.hours_a_week:g}"}
    yield _("Höchstens %(day)s Stunden am Tag und %(week)s Stunden in der Woche.") % hours
    clock = {"first": band.first_minute // 60, "last": band.last_minute // 60}
    yield _("Nur zwischen %(first)s und %(last)s Uhr.") % clock
    if band.after_school:
        yield _("An Schultagen erst ab %(hour)s Uhr.") % {"hour": band.after_school // 60}


def _needs(kind: Skill, matrix: trust.Matrix, *, young: bool) -> frozenset[str]:
    return matrix.needs(kind) | (frozenset(youth.NEEDS) if young else frozenset())
