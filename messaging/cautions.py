"""
What in a message looks like the beginning of a fraud: a small table of patterns, German and English.

A hit only puts a kind sentence beside the message and counts for the office; it never stops a message.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

_SEVERAL_WORDS = r"(?:[^\s.!?]+\s+){0,4}?"
_MONEY = r"(?:geld\w*|\d[\d.,]*\s*(?:€|euro\b|eur\b)|(?:€|£|\$)\s*\d+|money|cash|\d[\d.,]*\s*(?:pounds|dollars))"
_GIVE = r"(?:leihe[nst]?|leih|geliehen|borge[nst]?|borg|geborgt|überweise[nst]?|überweist|überwiesen|vorstrecken?)"
_GOING = r"(?:schreib|meld|wechsel|chat|erreich|text|writ|messag|switch|mov|talk|find)\w*"
_ELSEWHERE = r"(?:signal|insta(?:gram)?|facebook|snapchat|discord|skype)"


@dataclass(frozen=True)
class Caution:
    """
    One kind of danger. `patterns` are tried in turn; `sure` decides on a hit where a pattern alone says little.

    `signs`: without one of these (small letters, parted by spaces) no pattern can hit; looking for them is cheap.
    """

    kind: str
    words: Any
    signs: str
    patterns: tuple[re.Pattern[str], ...]
    sure: Callable[[str], bool] | None = None


def iban_is_right(text: str) -> bool:
    """The checksum of an IBAN (ISO 13616, modulo 97); spaces do not count."""
    bare = re.sub(r"[\s-]", "", text).upper()
    if not (15 <= len(bare) <= 34 and bare[:2].isalpha() and bare[2:4].isdigit()):
        return False
    digits = "".join(str(int(letter, 36)) for letter in bare[4:] + bare[:4])
    return int(digits) % 97 == 1


def card_is_right(text: str) -> bool:
    """The checksum of a payment card (Luhn), 13 to 19 digits."""
    digits = [int(one) for one in text if one.isdigit()]
    if not 13 <= len(digits) <= 19:
        return False
    doubled = [one * 2 - 9 if one > 4 else one * 2 for one in digits[-2::-2]]
    return (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _words(*patterns: str) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


_DIGITS = "0 1 2 3 4 5 6 7 8 9"
_NEVER_ASKED = _("Kontodaten gehören nicht ins Gespräch. Niemand von uns fragt danach.")
TABLE = (
    Caution(
        "bank",
        _NEVER_ASKED,
        _DIGITS,
        _words(r"\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]){11,30}"),
        lambda hit: _begins_with_iban(hit),
    ),
    Caution("bank", _NEVER_ASKED, _DIGITS, _words(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), card_is_right),
    Caution(
        "bank",
        _NEVER_ASKED,
        "konto bank iban karte account card sort",
        _words(
            r"\b(?:konto-?nummer|kontodaten|bankdaten|bankverbindung|iban|kreditkarten?-?(?:nummer|daten)|kartennummer)\b",
            r"\b(?:account number|bank details|bank account|card number|credit card details|sort code)\b",
        ),
    ),
    Caution(
        "pin",
        _("Geheimzahlen und Passwörter sagen Sie bitte niemandem, auch uns nicht."),
        "pin tan geheim wort wört word zugang online login code",
        (
            re.compile(r"\b(?:PIN|TANs?|mTAN)\b(?!-?Wand)"),
            *_words(
                r"\b(?:geheimzahl|geheimnummer|pin-?(?:nummer|code)|(?:ihre?n?|meine?n?|deine?n?) pin)\b",
                r"\b(?:pass-?w[oö]rt\w*|zugangsdaten|online-?banking)\b",
                r"\b(?:pin (?:code|number)|(?:your|my) pin|passwords?|login details|security code|online banking)\b",
            ),
        ),
    ),
    Caution(
        "gift",
        _("Vorsicht bei Gutscheinkarten und Codes: So arbeiten Betrüger. Rufen Sie uns gern an."),
        "karte code card paysafe gutschein guthaben",
        _words(
            r"\b(?:gutschein|geschenk|guthaben|prepaid)-?(?:karten?|codes?)\b",
            r"\bpaysafe\w*|codes? von der karte",
            r"\b(?:amazon|google|apple|itunes|steam|playstation)[\w -]{0,8}(?:gutschein|karten?\b|guthaben|cards?\b)",
            r"\b(?:gift ?cards?|prepaid cards?|voucher codes?)\b",
        ),
    ),
    Caution(
        "loan",
        _("Geld leihen oder überweisen gehört nicht zur Hilfe. Fragen Sie im Zweifel Ihr Quartiersbüro."),
        "leih lieh borg überw vorstreck darlehen kredit coin krypto western moneyg lend loan borrow wire transfer send",
        _words(
            rf"\b{_MONEY}\s+{_SEVERAL_WORDS}{_GIVE}\b",
            rf"\b{_GIVE}\s+{_SEVERAL_WORDS}{_MONEY}",
            r"\b(?:darlehen|kredit(?:e|s)?|bitcoins?|krypto\w*|western union|moneygram)\b",
            rf"\b(?:lend|loan|borrow|wire|transfer)\s+{_SEVERAL_WORDS}{_MONEY}",
            rf"\bsend\s+(?:me\s+){_SEVERAL_WORDS}{_MONEY}",
            r"\b(?:a loan|crypto\w*)\b",
        ),
    ),
    Caution(
        "messenger",
        _("Am besten bleiben Sie hier. Nur hier können wir helfen, wenn einmal etwas ist."),
        "whats telegram threema viber wechat signal insta facebook snap discord skype",
        _words(
            r"\b(?:whats\s?app|telegram|threema|viber|wechat)\b",
            rf"\b{_GOING}\b[^.!?]{{0,30}}\b(?:auf|über|per|bei|in|on|via|over|to)\s+{_ELSEWHERE}\b",
            rf"\b(?:auf|über|per|bei|on|via|over|to)\s+{_ELSEWHERE}\b[^.!?]{{0,30}}\b{_GOING}",
        ),
    ),
    Caution(
        "secret",
        _("Niemand darf verlangen, dass Sie etwas verschweigen. Sie können immer mit uns sprechen."),
        "niemand keinem weiter unter geheimnis wort tell keep secret",
        _words(
            r"\b(?:sag|erzähl|verrat)\w*\s+[^.!?]{0,20}\b(?:niemand\w*|keinem|nicht weiter)\b",
            r"\b(?:bleibt unter uns|unser geheimnis|kein wort zu)\b",
            r"\b(?:don'?t|do not) tell any(?:one|body)\b|\btell (?:no one|nobody)\b",
            r"\b(?:keep (?:this|it) (?:between us|secret)|our (?:little )?secret)\b",
        ),
    ),
)
_QUICK = [(caution, caution.signs.split()) for caution in TABLE]
_ANY = re.compile("|".join(sorted({re.escape(sign) for _, signs in _QUICK for sign in signs})))  # most texts have none
WORDS = {caution.kind: caution.words for caution in TABLE}


def cautions_in(text: str) -> list[str]:
    """The kinds of danger this text looks like, each once, in the order of the table."""
    small = text.lower()
    if not _ANY.search(small):
        return []
    likely = [caution for caution, signs in _QUICK if any(sign in small for sign in signs)]
    return list(dict.fromkeys(caution.kind for caution in likely if _hits(caution, text)))


def _hits(caution: Caution, text: str) -> bool:
    sure = caution.sure
    for pattern in caution.patterns:
        if sure is None:
            if pattern.search(text):
                return True
        elif any(sure(found.group()) for found in pattern.finditer(text)):
            return True
    return False


def _begins_with_iban(hit: str) -> bool:
    """Words may follow the number without a full stop between."""
    bare = re.sub(r"[\s-]", "", hit)
    return any(iban_is_right(bare[:length]) for length in range(15, min(len(bare), 34) + 1))
