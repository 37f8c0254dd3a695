"""The moves of a match as a resident or a volunteer meets them: what stands on the button, asked before, said after."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Move:
    """
    `label` on the button, `question` as the heading of the page that asks again, `explains` what follows.

    `kind`: which button of the house. `asks_reason`: a reason may be added, and who reads it. `done`: said afterwards.
    """

    name: str
    label: Any
    question: Any
    explains: tuple[Any, ...]
    done: Any
    kind: str = "primary"
    icon: str = ""
    asks_reason: Any = ""


_END: dict[str, Any] = {
    "name": "end",
    "label": _("Vermittlung beenden"),
    "question": _("Möchten Sie diese Vermittlung beenden?"),
    "done": _("Die Vermittlung ist beendet."),
    "kind": "quiet",
    "asks_reason": _("Möchten Sie sagen, warum? Das liest nur das Quartiersbüro."),
}
_COMPLETE: dict[str, Any] = {
    "name": "complete",
    "label": _("Die Hilfe ist erledigt"),
    "question": _("Ist die Hilfe erledigt?"),
    "kind": "secondary",
    "icon": "check",
}
RESIDENT = [
    Move(
        name="confirm",
        label=_("Ja, gerne"),
        question=_("Soll %(volunteer)s Ihnen helfen?"),
        explains=(
            _("%(volunteer)s sieht dann Ihren vollen Namen und Ihre Adresse. Andere, die helfen, sehen beides nicht."),
            _("Sie können sich danach Nachrichten schreiben und einen Termin ausmachen."),
            _("Sie können die Vermittlung später jederzeit beenden."),
            _("Geben Sie niemandem Ihre Bankkarte oder Geheimzahl. Danach fragt bei uns niemand."),
        ),
        done=_("Schön. %(volunteer)s weiß jetzt Bescheid."),
        icon="check",
    ),
    Move(
        name="refuse",
        label=_("Lieber jemand anderes"),
        question=_("Möchten Sie lieber jemand anderes?"),
        explains=(
            _("%(volunteer)s bekommt einen freundlichen Dank und erfährt keinen Grund."),
            _("Wir suchen für Sie weiter."),
        ),
        done=_("Das ist in Ordnung. Wir suchen weiter."),
        kind="quiet",
        asks_reason=_("Möchten Sie sagen, warum? Das liest nur das Quartiersbüro."),
    ),
    Move(
        **_COMPLETE,
        explains=(
            _("Damit ist Ihre Bitte abgeschlossen."),
            _("Name und Adresse sind danach für %(volunteer)s nicht mehr zu sehen."),
        ),
        done=_("Schön, dass es geklappt hat."),
    ),
    Move(
        **_END,
        explains=(
            _("%(volunteer)s sieht Ihren vollen Namen und Ihre Adresse dann nicht mehr."),
            _("Ihre Bitte ist wieder offen. Wir suchen jemand anderes."),
        ),
    ),
]
VOLUNTEER = [
    Move(
        name="accept",
        label=_("Ja, das mache ich"),
        question=_("Möchten Sie %(resident)s helfen?"),
        explains=(
            _("%(resident)s sieht dann Ihren Vornamen, Ihren Text über sich und was geprüft wurde."),
            _("Danach entscheidet %(resident)s. Erst mit dieser Zusage sehen Sie die Adresse."),
        ),
        done=_("Danke für Ihre Zusage. Sie hören von uns, sobald %(resident)s entschieden hat."),
        icon="check",
    ),
    Move(
        name="decline",
        label=_("Diesmal nicht"),
        question=_("Passt es diesmal nicht?"),
        explains=(
            _("Das ist in Ordnung. Wir fragen jemand anderes."),
            _("%(resident)s erfährt Ihren Namen nicht."),
        ),
        done=_("Danke für die Antwort. Wir fragen jemand anderes."),
        kind="quiet",
        asks_reason=_("Möchten Sie sagen, warum? Das liest nur das Quartiersbüro."),
    ),
    Move(
        **_COMPLETE,
        explains=(
            _("Damit ist diese Vermittlung abgeschlossen."),
            _("Name und Adresse von %(resident)s sehen Sie danach nicht mehr."),
        ),
        done=_("Danke für Ihre Hilfe."),
    ),
    Move(
        **_END,
        explains=(
            _("Name und Adresse von %(resident)s sehen Sie danach nicht mehr."),
            _("Wir suchen für %(resident)s jemand anderes."),
        ),
    ),
]


def offered(allowed: list[str], *, side: str) -> list[Move]:
    """The moves to draw for "resident" or "volunteer", the main one first; `allowed` comes from `rules.moves_of`."""
    return [move for move in _of(side) if move.name in allowed]


def named(name: str, *, side: str) -> Move | None:
    return next((move for move in _of(side) if move.name == name), None)


def _of(side: str) -> list[Move]:
    return RESIDENT if side == "resident" else VOLUNTEER
