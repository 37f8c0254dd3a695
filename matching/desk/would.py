"""What the office may say or do, so that people who nearly fit would fit."""

from django.utils.translation import gettext_lazy as _

from matching.desk import words
from matching.models import HelpRequest

HEADS = {
    "vetting": _("Ihnen fehlt nur eine Prüfung"),
    "ready": _("Sie sind nur noch nicht begrüßt"),
    "radius": _("Sie wohnen nur weiter weg, als sie gehen möchten"),
    "serving": _("Sie helfen bisher nur anderswo"),
    "capacity": _("Sie haben nur gerade genug Vermittlungen"),
    "paused": _("Sie machen nur gerade Pause"),
    "hours": _("Ihre Stunden dieser Woche sind nur schon vergeben"),
    "language": _("Ihnen fehlt nur die gewünschte Sprache"),
    "gender": _("Sie passen nur nicht zum Wunsch nach einer Frau oder einem Mann"),
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
