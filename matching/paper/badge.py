"""The helper's badge: first name, number, code to scan, whom to call."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching.paper.office import Office
from matching.paper.press import Sheet, qr_code


@dataclass(frozen=True)
class BadgeFacts:
    """`number` as it is read out. `address`: the page that says whether the badge is good today."""

    who: str
    number: str
    address: str
    valid_until: date


def badge(facts: BadgeFacts, office: Office) -> Sheet:
    """One page A4 with the badge to cut out, in the active language."""
    words = {
        "who": facts.who,
        "role": _("hilft in der Nachbarschaft"),
        "number_label": _("Nummer"),
        "number": facts.number,
        "valid": _("Gilt bis %(day)s") % {"day": date_format(facts.valid_until, "DATE_FORMAT")},
        "qr": qr_code(facts.address),
        "qr_alt": _("Code zum Abfotografieren. Er führt zu der Seite, die sagt, ob der Ausweis heute gilt."),
        "address": facts.address.split("://", 1)[-1],
        "ask": _("Fragen? Anrufen:"),
        "note": _("Bitte ausschneiden und bei jedem Besuch zeigen."),
        "rules": [
            _("Zeigen Sie den Ausweis an der Tür, bevor Sie hineingehen, und nennen Sie das Kennwort."),
            _("Wer anrufen möchte, darf das. Warten Sie so lange vor der Tür."),
            _("Verloren? Rufen Sie das Büro an. Dann gilt der Ausweis sofort nicht mehr."),
        ],
    }
    return Sheet("badge", _("ausweis"), get_language() or "de", _("Ihr Ausweis"), office.words | words)
