"""Why nobody asked somebody, and what would help, as short lines for the desk."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import skills
from accounts.models import Step, VolunteerProfile
from core.words import list_in_words
from matching.desk import words
from matching.desk.unasked import Look
from matching.words import part_in_words


def in_one_line(look: Look) -> str:
    """Why and what would help: 'Keine gemeinsame Zeit mit 3 Bitten · am häufigsten: Dienstag vormittags'."""
    return " · ".join(said for said in (why(look), helps(look)) if said)


def unasked_for(profile: VolunteerProfile, now: datetime) -> str:
    """'seit 9 Wochen'; who was never asked since the day a worker met them."""
    if profile.last_asked_at:
        return words.waiting(profile.last_asked_at, now)
    return _("noch nie gefragt, %(since)s") % {"since": words.waiting(profile.welcomed_at, now)}


def why(look: Look) -> str:
    n = look.count
    said = {
        "quiet": _("In der Nähe bat niemand um Hilfe"),
        "no_times": _("Noch keine Zeiten eingetragen"),
        "no_skills": _("Noch nichts eingetragen, womit geholfen wird"),
        "skill": _("Niemand bat um das, was angeboten wird"),
        "place": ngettext(
            "Eine Bitte lag außerhalb von Quartier oder Umkreis",
            "%(count)s Bitten lagen außerhalb von Quartier oder Umkreis",
            n,
        ),
        "vetting": ngettext("Für eine Bitte fehlt eine Prüfung", "Für %(count)s Bitten fehlt eine Prüfung", n),
        "age": ngettext("Für eine Bitte noch zu jung", "Für %(count)s Bitten noch zu jung", n),
        "wishes": ngettext(
            "Bei einer Bitte war jemand anderes gewünscht: Sprache, Frau oder Mann",
            "Bei %(count)s Bitten war jemand anderes gewünscht: Sprache, Frau oder Mann",
            n,
        ),
        "time": ngettext("Keine gemeinsame Zeit bei einer Bitte", "Keine gemeinsame Zeit bei %(count)s Bitten", n),
        "others": ngettext(
            "Kam einmal in Frage, jemand passte besser", "Kam %(count)s Mal in Frage, andere passten besser", n
        ),
    }[look.cause]
    return said % {"count": n}


def helps(look: Look) -> str:
    """The smallest thing that would help; "" where nothing small would."""
    if look.cause == "no_times":
        return _("bitte am Telefon erfragen")
    say = _HELPS.get(look.helps.get("code", ""))
    return say(look.helps) if say else ""


def _wished(change: Mapping[str, Any]) -> str:
    kinds = [f"{skills.name(kind)} ({count})" for kind, count in change["kinds"]]
    return _("gewünscht waren: %(kinds)s") % {"kinds": list_in_words(kinds)}


def _radius(change: Mapping[str, Any]) -> str:
    said = ngettext("mit %(km)s Kilometer Weg: %(count)s", "mit %(km)s Kilometern Weg: %(count)s", change["km"])
    return said % {"km": number_format(change["km"]), "count": change["count"]}


def _check(change: Mapping[str, Any]) -> str:
    said = _("abgelaufen: %(kinds)s") if change["code"] == "expired" else _("es fehlt: %(kinds)s")
    return said % {"kinds": list_in_words([str(Step(kind).label) for kind in change["kinds"]])}


def _hours(change: Mapping[str, Any]) -> str:
    day, part = str(WEEKDAYS[change["weekday"]]), part_in_words(change["part"])
    return _("am häufigsten: %(day)s %(part)s") % {"day": day, "part": part}


_HELPS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "wished": _wished,
    "serve": lambda change: _("wenn auch in %(quarter)s: %(count)s") % change,
    "border": lambda change: _("wenn %(quarter)s Nachbarn zulässt: %(count)s") % change,
    "radius": _radius,
    "check": _check,
    "expired": _check,
    "hours": _hours,
    "less": lambda change: _("möchte seltener gefragt werden"),
    "turn": lambda change: _("das Warten zählt bei der nächsten Bitte mit"),
}
