"""Finding people by a few letters: one normalised column, the same on every database."""

import re
import unicodedata

from django.db.models import QuerySet

from accounts import roles
from accounts.models import User

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "ł": "l", "ı": "i"})
_LONGEST_KEY = 300


def key(person: User) -> str:
    """
    What a person is found by: name and phone digits, nothing else.

    Each word stands with a space before it, umlauts both as "ae" and as "a", the number with 0 and with 49.
    """
    words: dict[str, None] = {}
    for word in _words(person.full_name):
        words |= dict.fromkeys((_spelt_out(word), _plain(word)))
    digits = re.sub(r"\D", "", str(getattr(person.phone, "as_e164", person.phone) or ""))
    if digits:
        words |= dict.fromkeys((digits, "0" + digits.removeprefix("49")))
    return "".join(f" {word}" for word in words)[:_LONGEST_KEY]


def find_people(worker: User, text: str) -> QuerySet[User]:
    """
    People of the worker's quarters whose name words begin with the typed words, or whose number holds the digits.

    Nothing typed gives all of them; ordered by name, for pages.
    """
    people = User.objects.filter(quarter__in=roles.quarters_of(worker))
    digits = re.sub(r"[\s/()+.-]", "", text)
    if digits.isdecimal() and len(digits) >= 3:
        return people.filter(search_key__contains=digits.removeprefix("00"))
    for word in _words(text)[:6]:
        people = people.filter(search_key__contains=f" {_spelt_out(word)}")
    return people


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode()).casefold()
    return re.findall(r"\w+", folded)


def _spelt_out(word: str) -> str:
    return _plain(word.translate(_UMLAUTS))


def _plain(word: str) -> str:
    """Without dots and accents."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
