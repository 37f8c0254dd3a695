"""
Why this pair, and why nobody: kept as codes with the match, said in plain words in the reader's language.

The worker hears all of it; the volunteer and the resident what is theirs to know.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accounts.languages import LANGUAGES
from accounts.models import Skill
from core.words import clock_in_words, full_day
from matching.facts import Person, RequestFacts, VolunteerFacts
from matching.scoring import generations
from places.distance import band

TOLD = {
    "worker": {
        "near",
        "barrier",
        "slot",
        "skill",
        "language",
        "known",
        "generations",
        "not_asked",
        "never_asked",
        "load",
    },
    "volunteer": {"near", "slot", "skill", "language", "known", "generations", "not_asked", "never_asked"},
    "resident": {"near", "skill", "language", "known", "generations"},
}


def reasons_for(
    request: RequestFacts, volunteer: VolunteerFacts | Person, *, slot: datetime, now: datetime, zone: tzinfo
) -> list[dict[str, Any]]:
    """Codes with what they need to be said; JSON throughout, no name and no exact place in them."""
    return Teller(request, now=now, zone=zone).reasons(volunteer, slot)


class Teller:
    """The reasons of several people for one request."""

    def __init__(self, request: RequestFacts, *, now: datetime, zone: tzinfo) -> None:
        self._request, self._now, self._zone = request, now, zone
        self._today = now.astimezone(zone).date()
        self._cell = "" if request.remote else request.cell
        self._barriers = {} if request.remote else {home: name for home, name in request.admitted.items() if name}
        self._wanted = request.languages or request.resident_languages - {"de"}
        self._skills = sorted(request.skills)

    def reasons(self, volunteer: VolunteerFacts | Person, slot: datetime) -> list[dict[str, Any]]:
        """Why this one, with the first moment at which both could."""
        found: list[dict[str, Any]] = []
        if self._cell and volunteer.cell:
            found.append({"code": "near", "band": band(self._cell, volunteer.cell)})
        if self._barriers and volunteer.home_quarter_id in self._barriers:
            found.append({"code": "barrier", "name": self._barriers[volunteer.home_quarter_id]})
        found.append({"code": "slot", "at": _written(slot, self._zone)})
        at_home = [slug for slug in self._skills if volunteer.levels.get(slug) == 3]
        if at_home:
            found.append({"code": "skill", "skills": at_home})
        if self._wanted and (shared := self._wanted & volunteer.languages):
            found.append({"code": "language", "languages": sorted(shared)})
        self._between(volunteer, found)
        _fairness(volunteer, self._now, found)
        return found

    def _between(self, volunteer: VolunteerFacts | Person, found: list[dict[str, Any]]) -> None:
        request = self._request
        if request.together and (times := request.together.get(volunteer.id)):
            found.append({"code": "known", "times": times})
        wished = request.wishes_other_generation or volunteer.wishes_other_generation
        if wished and generations(request, volunteer, self._today) == 1:
            found.append({"code": "generations"})


@lru_cache(maxsize=4096)
def _written(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).isoformat()


def _fairness(volunteer: VolunteerFacts | Person, now: datetime, found: list[dict[str, Any]]) -> None:
    if volunteer.last_asked_at is None:
        found.append({"code": "never_asked"})
    else:
        weeks = (now - volunteer.last_asked_at).days // 7
        if weeks >= 2:
            found.append({"code": "not_asked", "weeks": min(weeks, 52)})
    found.append({"code": "load", "live": volunteer.live_matches, "capacity": volunteer.capacity})


def say(reasons: Iterable[Mapping[str, Any]], *, to: str = "worker", known: Iterable[Skill] | None = None) -> list[str]:
    """
    Sentences for this reader; codes not meant for them, or not known any more, are left out.

    `known`: the request's skills where the caller has them already, so that a list asks the database no more often.
    """
    told = [reason for reason in reasons if reason.get("code") in TOLD[to] and reason["code"] in _SAID]
    if known is not None:
        told = [{**reason, "known": known} for reason in told]
    return [_SAID[reason["code"]](reason, to) for reason in told]


def _n(one: str, many: str) -> tuple[str, str]:
    return one, many


def band_in_words(which: str) -> str:
    """ "same" | "near" | "far" as words; never a number of metres."""
    return {
        "same": _("ganz in der Nähe"),
        "near": _("bis zu 2 Kilometer entfernt"),
        "far": _("mehr als 2 Kilometer entfernt"),
    }.get(which, _("Entfernung nicht bekannt"))


def language_name(code: str) -> str:
    """The language in the reader's language; an unknown code as it is."""
    return str(dict(LANGUAGES).get(code, code))


def _listed(words: list[str]) -> str:
    return (
        words[0]
        if len(words) == 1
        else _("%(first)s und %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
    )


def _slot(reason: Mapping[str, Any], to: str) -> str:
    moment = parse_datetime(str(reason["at"]))
    if moment is None:
        return ""
    local = localtime(moment)
    words = {"day": full_day(local.date(), today=local.date()), "time": clock_in_words(local.time())}
    if to == "volunteer":
        return _("Sie haben Zeit, zum Beispiel %(day)s, ab %(time)s") % words
    return _("hat Zeit, zum Beispiel %(day)s, ab %(time)s") % words


def _skill(reason: Mapping[str, Any], to: str) -> str:
    known = reason.get("known") or Skill.objects.filter(slug__in=list(reason["skills"]))
    english = (get_language() or "de").startswith("en")
    meant = [skill for skill in known if skill.slug in reason["skills"]]
    words = _listed([skill.name_en if english else skill.name_de for skill in meant] or [""])
    said = _("Sie kennen sich gut aus: %(skills)s") if to == "volunteer" else _("kennt sich gut aus: %(skills)s")
    return said % {"skills": words}


def _language(reason: Mapping[str, Any], to: str) -> str:
    words = {"languages": _listed([language_name(code) for code in reason["languages"]])}
    return (_("Sie sprechen %(languages)s") if to == "volunteer" else _("spricht %(languages)s")) % words


def _known(reason: Mapping[str, Any], to: str) -> str:
    times = int(reason["times"])
    if to == "worker":
        said = ngettext("beide kennen sich von einem Mal", "beide kennen sich von %(times)s Malen", times)
    else:
        said = ngettext("Sie kennen sich schon von einem Mal", "Sie kennen sich schon von %(times)s Malen", times)
    return said % {"times": times}


def _not_asked(reason: Mapping[str, Any], to: str) -> str:
    weeks = int(reason["weeks"])
    if to == "volunteer":
        return _("Sie wurden seit %(weeks)s Wochen nicht gefragt") % {"weeks": weeks}
    return _("seit %(weeks)s Wochen nicht gefragt") % {"weeks": weeks}


_SAID = {
    "near": lambda r, to: band_in_words(r["band"]),
    "barrier": lambda r, to: _("dazwischen liegt: %(name)s") % {"name": r["name"]},
    "slot": _slot,
    "skill": _skill,
    "language": _language,
    "known": _known,
    "generations": lambda r, to: _("Jung und Alt kommen zusammen"),
    "not_asked": _not_asked,
    "never_asked": lambda r, to: _("Sie wurden noch nie gefragt") if to == "volunteer" else _("wurde noch nie gefragt"),
    "load": lambda r, to: (
        _("hat %(live)s von %(capacity)s Vermittlungen") % {"live": r["live"], "capacity": r["capacity"]}
    ),
}


def say_gate(gate: str, count: int = 1) -> str:
    """Why somebody fell at this gate, as the end of "1 …" or "3 …"."""
    one, many = {
        "self": _n("ist die Person selbst", "sind die Person selbst"),
        "blocked": _n("soll nicht dazu", "sollen nicht dazu"),
        "rejected": _n("kam schon in Frage und wurde es nicht", "kamen schon in Frage und wurden es nicht"),
        "live": _n("ist schon angefragt", "sind schon angefragt"),
        "ready": _n("ist noch nicht begrüßt", "sind noch nicht begrüßt"),
        "skill": _n("kann das nicht", "können das nicht"),
        "quarter": _n("hilft nicht in diesem Quartier", "helfen nicht in diesem Quartier"),
        "radius": _n("wohnt zu weit entfernt", "wohnen zu weit entfernt"),
        "vetting": _n("hat die nötige Prüfung noch nicht", "haben die nötige Prüfung noch nicht"),
        "age": _n("ist dafür zu jung", "sind dafür zu jung"),
        "language": _n("spricht die Sprache nicht", "sprechen die Sprache nicht"),
        "gender": _n("passt nicht zum Wunsch nach Frau oder Mann", "passen nicht zum Wunsch nach Frau oder Mann"),
        "paused": _n("macht gerade Pause", "machen gerade Pause"),
        "capacity": _n("hat schon genug Vermittlungen", "haben schon genug Vermittlungen"),
        "time": _n("hat dann keine Zeit", "haben dann keine Zeit"),
        "hours": _n("hat die Stunden der Woche schon vergeben", "haben die Stunden der Woche schon vergeben"),
    }[gate]
    return ngettext(one, many, count)


def say_change(change: Mapping[str, Any], *, known: Iterable[Skill] | None = None) -> str:
    """
    A change that would help, with its count: "mit Küppersteg dazu: 1".

    `known`: the request's skills where the caller has them already, so that a list asks the database no more often.
    """
    words = {
        "stretch": {
            "later": _("mit %(minutes)s Minuten später: %(count)s"),
            "earlier": _("mit %(minutes)s Minuten früher: %(count)s"),
        }.get(change.get("side", ""), _("mit %(minutes)s Minuten früher und später: %(count)s")),
        "any_time": _("zu irgendeiner Zeit an diesen Tagen: %(count)s"),
        "shorter": _("mit %(minutes)s Minuten weniger: %(count)s"),
        "quarter": _("mit %(quarter)s dazu: %(count)s"),
        "without_skill": _("ohne „%(skill)s“: %(count)s"),
        "language": _("ohne den Wunsch nach einer Sprache: %(count)s"),
        "gender": _("ohne den Wunsch nach einer Frau oder einem Mann: %(count)s"),
        "vetting": _("nach einer Prüfung durch das Büro: %(count)s"),
        "ready": _("nach der Begrüßung durch das Büro: %(count)s"),
        "radius": _("mit einem weiteren Weg: %(count)s"),
        "serving": _("wenn sie auch in diesem Quartier helfen: %(count)s"),
        "capacity": _("sobald wieder Platz ist: %(count)s"),
        "paused": _("nach der Pause: %(count)s"),
        "hours": _("in einer Woche mit freien Stunden: %(count)s"),
    }[change["code"]]
    return words % (dict(change) | _named(change, known))


def _named(change: Mapping[str, Any], known: Iterable[Skill] | None) -> dict[str, str]:
    """The kind of help in the reader's language; a change remembers its slug."""
    slug = change.get("slug")
    if not slug:
        return {}
    rows = Skill.objects.filter(slug=slug) if known is None else known
    return {"skill": next((_skill_name(skill) for skill in rows if skill.slug == slug), slug)}


def _skill_name(skill: Skill) -> str:
    return skill.name_en if (get_language() or "de").startswith("en") else skill.name_de
