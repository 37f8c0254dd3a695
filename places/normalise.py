"""Street names and house numbers brought to one spelling, so that what is typed meets what the table holds. Pure."""

import re
import unicodedata

LONGEST_LINE = 250  # characters; longer is no address
LONGEST_KEY = 120  # of a street, as the columns hold; spelling out makes longer what was typed

_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_NUMBER_AT_END = re.compile(
    r"^(?P<street>.*?\D)[\s,]*(?P<number>\d+\s*[a-z]?(\s*[-/+]\s*\d*\s*[a-z]?)?)$", re.IGNORECASE
)


def street_key(street: str) -> str:
    """
    "Haupt-Straße", "Hauptstr." and "HAUPTSTRASSE " have the key "hauptstr".

    Umlauts are spelt out, other accents dropped, every street is a "str" wherever it stands in the name, and only
    letters and digits are kept.
    """
    plain = _plain(street)
    plain = re.sub(r"strasse", "str", plain)
    plain = re.sub(r"pl\b\.?", "platz", plain)
    plain = re.sub(r"\bsankt\b", "st", plain)
    return re.sub(r"[^a-z0-9]", "", plain)[:LONGEST_KEY]


def number_key(number: str) -> str:
    """ "12 a", "12A" and "Nr. 012a" have the key "12a"; ranges keep their dash: "12 – 14" is "12-14"."""
    plain = re.sub(r"[^a-z0-9/+-]", "", re.sub(r"^\s*(nr|hausnummer)\b\.?", "", _plain(number)))
    return re.sub(r"(?<!\d)0+(?=\d)", "", plain)


def split_number(line: str) -> tuple[str, str]:
    """ "Hauptstr 12 a" gives ("Hauptstr", "12 a"); without a number, the second is ""."""
    line = line.strip()
    found = _NUMBER_AT_END.match(line) if len(line) <= LONGEST_LINE else None  # the pattern is slow on endless commas
    return (found["street"].strip(" ,"), found["number"].strip()) if found else (line, "")


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).casefold().translate(_SPELT_OUT)
    decomposed = unicodedata.normalize("NFKD", _DASHES.sub("-", composed))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
