"""A poster for a quarter: shop window, doctor's waiting room, Treff."""

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from matching.paper.office import Office
from matching.paper.press import Sheet, qr_code

STRIPS = 9


def poster(office: Office, *, quarter: str) -> Sheet:
    """One page A4, in the active language; `quarter` is its name."""
    words = {
        "lines": [
            _("Jemand kauft für Sie ein, begleitet Sie, liest vor oder hört zu."),
            _("Ein Anruf genügt. Sie brauchen kein Internet."),
            _("Wir kennen alle, die zu Ihnen kommen. Sie wissen vorher, wer es ist."),
        ],
        "call": _("Rufen Sie uns an:"),
        "free": _("Es kostet nichts. Auch wenn Sie selbst helfen möchten, sind Sie richtig."),
        "office_address": office.address,
        "qr": qr_code(settings.SITE_URL),
        "qr_alt": _("Code zum Abfotografieren. Er führt zu unserer Seite im Internet."),
        "address": settings.SITE_URL.split("://", 1)[-1],
        "strip": _("Nachbarschaftshilfe"),
        "strips": STRIPS,
    }
    title = _("Hilfe von nebenan in %(quarter)s") % {"quarter": quarter}
    return Sheet("poster", _("aushang"), get_language() or "de", title, office.words | words)
