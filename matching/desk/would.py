"""What the office may say or do, so that people who nearly fit would fit."""

from django.utils.translation import gettext_lazy as _

from matching.desk import words
from matching.models import HelpRequest

HEADS = {
    "vetting": _("Diesen Menschen fehlt nur eine Prüfung"),
    "ready": _("Diesen Menschen fehlt nur die Begrüßung"),
    "radius": _("Diesen Menschen ist nur der Weg zu weit"),
    "serving": _("Diese Menschen helfen bisher nur anderswo"),
    "capacity": _("Diese Menschen haben gerade genug Vermittlungen"),
    "paused": _("Diese Menschen machen nur gerade Pause"),
    "hours": _("Diese Menschen haben ihre Stunden der Woche schon vergeben"),
    "language": _("Diesen Menschen fehlt nur die gewünschte Sprache"),
    "gender": _("Diese Menschen passen nur nicht zum Wunsch nach Frau oder Mann"),
}
DO = {
    "vetting": _("Laden Sie sie zum Gespräch ein und tragen Sie danach ein, was Sie gesehen haben."),
    "ready": _("Rufen Sie an, lernen Sie sich kennen und begrüßen Sie sie."),
    "radius": _("Fragen Sie, ob der Weg diesmal weiter sein darf. Dann tragen sie es in ihrem Profil ein."),
    "serving": _("Fragen Sie, ob sie auch hier helfen möchten. Dann tragen sie es in ihrem Profil ein."),
    "capacity": _("Fragen Sie, ob noch eine Vermittlung dazu passt."),
    "paused": _("Fragen Sie freundlich, ob die Pause bald endet."),
    "hours": _("Fragen Sie, ob es diese Woche noch eine Stunde mehr sein darf."),
    "language": _("Fragen Sie nach: vielleicht steht die Sprache nur nicht im Profil."),
    "gender": _("Fragen Sie nach, ob der Wunsch fest ist."),
}


def in_words(request: HelpRequest, code: str) -> dict[str, object]:
    """Heading and hint for one code, and for whom."""
    return {"head": HEADS[code], "hint": DO[code], "kinds": words.kinds_of_help(request.skills.all())}
