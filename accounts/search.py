"""Finding people by a few letters: one normalised column, the same on every database; slips of the keys forgiven."""

import re
import unicodedata
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from accounts import roles
from accounts.actions import homes
from accounts.models import User

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "æ": "ae", "ł": "l", "ı": "i"})
_LONGEST_KEY = 300
_MOST_WORDS = 6
_ENOUGH = 3  # with so many exact hits nobody looks for slips
_SHORTEST_SLIP = 4  # letters: in shorter words every other one would be a slip away
_MOST_NEAR = 2000  # rows looked at for slips


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


def name_words(text: str) -> list[str]:
    """The words of a name as they are compared: small, without dots and accents, umlauts spelt out."""
    return [_spelt_out(word) for word in _words(text)]


def find_people(worker: User, text: str) -> QuerySet[User]:
    """
    People of the worker's quarters whose name words begin with the typed words, or whose number holds the digits.

    Nothing typed gives all of them; ordered by name, for pages.
    """
    people = User.objects.filter(quarter__in=roles.quarters_of(worker))
    if digits := _phone_digits(text):
        return people.filter(search_key__contains=digits)
    for word in _words(text)[:_MOST_WORDS]:
        people = people.filter(search_key__contains=f" {_spelt_out(word)}")
    return people


def look_for(worker: User, text: str, *, most: int) -> list[User]:
    """
    Who a caller may be: each typed word begins a name, or stands in the name of their street, or is the house number.

    Where few are found, also those one slip away (a letter wrong, missing, too many, or two swapped), after the others.
    The database narrows to the worker's quarters and to keys with a third of each word in them.
    """
    people = User.objects.filter(quarter__in=roles.quarters_of(worker)).select_related("quarter", "volunteer_profile")
    if digits := _phone_digits(text):
        return list(people.filter(search_key__contains=digits)[:most])
    typed = list(dict.fromkeys(_spelt_out(word) for word in _words(text)))[:_MOST_WORDS]
    if not typed:
        return []
    words = [word for word in typed if not homes.says_nothing(word)] or typed
    exact = list(_all(homes.with_street(people), words, _exactly)[:most])
    if len(exact) >= _ENOUGH or not any(_may_slip(word) for word in words):
        return exact
    return [*exact, *_near(people, words, without=exact)][:most]


def is_certain(found: list[User], text: str) -> bool:
    """One hit, and not by a slip: nobody needs to choose."""
    if len(found) != 1:
        return False
    digits = _phone_digits(text)
    return bool(digits) or all(f" {_spelt_out(word)}" in found[0].search_key for word in _words(text)[:_MOST_WORDS])


def _near(people: QuerySet[User], words: list[str], *, without: list[User]) -> list[User]:
    """Narrowed by the database, weighed here: keys only, the people once they are known."""
    rows = _all(homes.with_street(people), words, _nearly).exclude(pk__in=[one.pk for one in without])
    keys = rows.order_by("pk").values_list("pk", "search_key", "street", "house_number")[:_MOST_NEAR]
    hits = [pk for pk, names, street, number in keys if _fits(words, names.split(), street or "", number or "")]
    return list(people.filter(pk__in=hits))


def _all(people: QuerySet[User], words: Iterable[str], how) -> QuerySet[User]:
    for word in words:
        people = people.filter(how(word))
    return people


def _exactly(word: str) -> Q:
    street, number = homes.as_street(word), Q(house_number__iexact=word) if word[0].isdigit() else Q(pk__in=[])
    named = Q(search_key__contains=f" {word}") | number
    return named | Q(street__contains=street) if street else named


def _nearly(word: str) -> Q:
    """One slip touches at most two thirds of a word, even two swapped letters: the other third stands in the key."""
    if not _may_slip(word):
        return _exactly(word)
    third = -(-len(word) // 3)
    found = Q(pk__in=[])
    for piece in (word[start : start + third] for start in range(0, len(word), third)):
        found |= Q(search_key__contains=piece) | Q(street__contains=piece)
    return found


def _fits(words: Iterable[str], names: list[str], street: str, number: str) -> bool:
    return all(_fits_one(word, names, street, number) for word in words)


def _fits_one(word: str, names: list[str], street: str, number: str) -> bool:
    if not _may_slip(word):
        of_street = homes.as_street(word)
        return (
            any(name.startswith(word) for name in names) or (bool(of_street) and of_street in street) or word == number
        )
    return any(_begins(name, word) for name in names) or _begins(street, homes.as_street(word) or word)


def _begins(whole: str, typed: str) -> bool:
    """Does `whole` begin with what was typed, one slip forgiven?"""
    lengths = (len(typed) - 1, len(typed), len(typed) + 1)
    return any(_one_slip(whole[:length], typed) for length in lengths if length <= len(whole))


def _one_slip(one: str, other: str) -> bool:
    """Equal but for a letter wrong, missing, too many, or two neighbours swapped."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    swapped = len(one) == 2 and one == other[::-1]
    return swapped or (len(one) <= 1 and len(other) <= 1)


def _may_slip(word: str) -> bool:
    return len(word) >= _SHORTEST_SLIP and not word[0].isdigit()


def _phone_digits(text: str) -> str:
    """The digits of a text that is a number of at least three digits, without the 00 of abroad; else ""."""
    digits = re.sub(r"[\s/()+.-]", "", text)
    return digits.removeprefix("00") if digits.isdecimal() and len(digits) >= 3 else ""


def _words(text: str) -> list[str]:
    folded = unicodedata.normalize("NFC", text.encode("utf-8", "ignore").decode()).casefold()
    return re.findall(r"\w+", folded)


def _spelt_out(word: str) -> str:
    return _plain(word.translate(_UMLAUTS))


def _plain(word: str) -> str:
    """Without dots and accents."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
