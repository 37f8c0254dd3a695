"""The card beside the door: who comes, when, and the word they say."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching.paper.office import Office
from matching.paper.press import Sheet

MOST_TIMES = 3  # more do not fit in large print


@dataclass(frozen=True)
class Door:
    """
    `who`: the helper's first name. `times` in words, none while nothing is agreed. "" without: `badge`, its number;
    `adult`, whom to ask for where the helper is under 18.
    """

    who: str
    kinds: str
    times: Sequence[str]
    place: str
    word: str
    badge: str = ""
    adult: str = ""


def door_card(door: Door, office: Office) -> Sheet:
    """One page A4 in large print, in the active language."""
    badge = _("Der Ausweis hat die Nummer %(number)s.") % {"number": door.badge} if door.badge else ""
    words = {
        "who": door.who,
        "does": _("hilft Ihnen: %(kinds)s") % {"kinds": door.kinds},
        "when_label": _("Wann"),
        "times": list(door.times[:MOST_TIMES]) or [_("Die Zeit steht noch nicht fest. Wir rufen Sie an.")],
        "place": door.place if door.times else "",
        "word_label": _("Das Kennwort"),
        "word": door.word,
        "word_hint": _("Fragen Sie an der Tür danach."),
        "no_word": _("Kein Kennwort? Lassen Sie die Tür zu und rufen Sie uns an:"),
        "badge": badge,
        "adult": _("Erwachsene Kontaktperson: %(name)s, über das Quartiersbüro.") % {"name": door.adult}
        if door.adult
        else "",
        "never": _("Geben Sie niemandem Ihre Bankkarte, Ihre Geheimzahl oder Geld für später."),
    }
    return Sheet("door_card", _("tuerkarte"), get_language() or "de", _("Wer kommt zu Ihnen?"), office.words | words)
