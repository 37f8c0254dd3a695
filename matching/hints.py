"""
What in a free text had better stay out of it: found by plain patterns, answered with a kind hint, never a refusal.

Source: safety.md L7 (street and house number in free text) and the warning about money.
"""

import re

from django.utils.translation import gettext as _

_STREET = re.compile(
    r"\b[\wäöüß.-]*(?:str(?:aße|asse|\.)?|weg|platz|allee|gasse|ring|damm|ufer|chaussee|steig|hof)\s*\.?\s*\d{1,4}\s?[a-z]?\b",
    re.IGNORECASE,
)
_HOUSE = re.compile(r"\b(?:hausnummer|haus\s?nr|nr)\.?\s*\d{1,4}", re.IGNORECASE)
_PHONE = re.compile(r"(?:\+49|\b0\d)[\d\s/().-]{5,}\d")
_MONEY = re.compile(
    r"\b(?:pin|tan|iban|ec-?karte\w*|bankkarte\w*|girokarte\w*|kreditkarte\w*|kontonummer\w*|passwort|geheimzahl\w*|"
    r"bargeld|überweis\w*|geld\w*|bank|sparkasse|bezahl\w*)\b|\d\s?(?:€|euro\b)",
    re.IGNORECASE,
)
_ILLNESS = re.compile(
    r"\b(?:demen\w*|alzheimer\w*|krebs\w*|diabet\w*|depress\w*|schlaganfall\w*|parkinson\w*|diagnos\w*|chemo\w*|"
    r"rheuma\w*|pflegegrad\w*|inkontinen\w*|medikament\w*|herzinfarkt\w*|\w*krankheit\w*)\b",
    re.IGNORECASE,
)
_PATTERNS = {"address": (_STREET, _HOUSE), "phone": (_PHONE,), "money": (_MONEY,), "illness": (_ILLNESS,)}


def found_in(text: str) -> list[str]:
    """Codes of what this text seems to hold: "address", "phone", "money", "illness"; in this order."""
    return [code for code, patterns in _PATTERNS.items() if any(pattern.search(text) for pattern in patterns)]


def say(code: str) -> str:
    """The hint for one code."""
    return {
        "address": _(
            "Im Text steht wohl eine Straße mit Hausnummer. Ihre Adresse bekommt die Helferin oder der Helfer erst, "
            "wenn Sie zugesagt haben. Im Text ist sie früher zu lesen."
        ),
        "phone": _(
            "Im Text steht wohl eine Telefonnummer. Nach Ihrer Zusage können Sie sich hier Nachrichten schreiben. "
            "Die Nummer braucht es im Text nicht."
        ),
        "money": _(
            "Im Text geht es wohl um Geld. Bitte schreiben Sie keine Geheimzahl und keine Kontodaten auf. "
            "Geben Sie niemandem Ihre Bankkarte."
        ),
        "illness": _(
            "Im Text steht wohl etwas über eine Krankheit. Das brauchen wir nicht. Es genügt, welche Hilfe Sie möchten."
        ),
    }[code]


def hints_for(text: str) -> list[str]:
    """Sentences for everything found in this text."""
    return [say(code) for code in found_in(text)]
