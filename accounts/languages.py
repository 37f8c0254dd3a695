"""Languages people speak in the quarters: one list for profiles, requests and reasons."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

# ISO 639-1 where there is a code; German Sign Language has only one of three letters.
LANGUAGES = [
    ("de", _("Deutsch")),
    ("en", _("Englisch")),
    ("tr", _("Türkisch")),
    ("ru", _("Russisch")),
    ("pl", _("Polnisch")),
    ("ar", _("Arabisch")),
    ("uk", _("Ukrainisch")),
    ("it", _("Italienisch")),
    ("es", _("Spanisch")),
    ("fr", _("Französisch")),
    ("pt", _("Portugiesisch")),
    ("el", _("Griechisch")),
    ("ro", _("Rumänisch")),
    ("bg", _("Bulgarisch")),
    ("hr", _("Kroatisch")),
    ("sr", _("Serbisch")),
    ("bs", _("Bosnisch")),
    ("sq", _("Albanisch")),
    ("fa", _("Persisch")),
    ("ku", _("Kurdisch")),
    ("ti", _("Tigrinisch")),
    ("ta", _("Tamilisch")),
    ("vi", _("Vietnamesisch")),
    ("zh", _("Chinesisch")),
    ("gsg", _("Deutsche Gebärdensprache")),
]
CODES = frozenset(code for code, _name in LANGUAGES)


def in_words(codes: Iterable[str]) -> list[str]:
    """Names in the active language; an unknown code stays as it is."""
    names = dict(LANGUAGES)
    return [str(names.get(code, code)) for code in codes]
