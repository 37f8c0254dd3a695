"""Forms to read and sign by hand: the helper's pledge, the consent of parents."""

from collections.abc import Sequence

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching.paper.office import Office
from matching.paper.press import Sheet


def pledge(office: Office, *, name: str, lines: Sequence[str], number: int) -> Sheet:
    """What a helper promises: `lines` of the version with this number. `name` "" leaves a form to fill in."""
    words = {
        "facts": [{"label": _("Name:"), "text": name}] if name else [],
        "opening": [_("Ich helfe Nachbarinnen und Nachbarn. Dafür verspreche ich:")],
        "points": list(lines),
        "closing": [
            _("Ich bekomme eine Kopie. Das Büro notiert nur den Tag und die Nummer dieser Fassung."),
        ],
        "fields": [
            *([] if name else [[_("Name")]]),
            [_("Ort und Tag"), _("Unterschrift")],
            [_("Für das Büro: Name"), _("Unterschrift")],
        ],
        "version": _("Fassung %(number)s") % {"number": number},
    }
    return _form(_("verschwiegenheit"), _("Mein Versprechen als Helferin oder Helfer"), office, words)


def parents_consent(office: Office, *, name: str, lines: Sequence[str]) -> Sheet:
    """What parents agree to; `lines`: the rules for this age, in words. `name`: of the young helper."""
    words = {
        "facts": [{"label": _("Name:"), "text": name}],
        "opening": [_("Ihr Kind möchte Nachbarinnen und Nachbarn helfen. Das gilt dabei:")],
        "points": list(lines),
        "closing": [
            _("Ich bin Mutter, Vater oder Vormund und bin einverstanden. Ich kann mein Ja jederzeit zurücknehmen."),
            _("An den Tagen der Besuche bin ich unter dieser Nummer zu erreichen. Sie steht bei jedem Besuch dabei."),
            _(
                "Das Büro speichert meinen Namen, die Nummer und den Tag meiner Zustimmung. "
                "Es löscht sie 90 Tage nach dem Ende."
            ),
        ],
        "fields": [
            [_("Name der Mutter, des Vaters oder Vormunds"), _("Telefon")],
            [_("Ort und Tag"), _("Unterschrift")],
            [_("Unterschrift der Helferin oder des Helfers"), _("Für das Büro: Name, Tag")],
        ],
        "version": _("Einverständnis der Eltern"),
    }
    title = _("Darf Ihr Kind in der Nachbarschaft helfen?")
    return _form(_("einverstaendnis"), title, office, words)


def _form(name: str, title: str, office: Office, words: dict) -> Sheet:
    return Sheet("form", name, get_language() or "de", title, office.words | words)
