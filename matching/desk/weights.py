"""What other weights would have changed, and which versions there were, in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from matching import scoring
from matching.desk import words
from matching.desk.forms.weights import WORDS, as_numbers
from matching.models import Match, Weighing
from matching.reasons import band_in_words
from matching.replay import WhatIf
from matching.replay.measures import BANDS
from places.models import Quarter

ROUNDING = 0.005  # smaller differences of a share are none


@dataclass(frozen=True)
class Row:
    """
    One measure before and after, in words. `bars`: both in percent of the longest, None where there is nothing to draw.

    `verdict`: (label, tone, icon) of the badge; the label alone says it, the tone only repeats it.
    """

    key: str
    name: str
    before: str
    after: str
    difference: str
    verdict: tuple[str, str, str]
    bars: tuple[int, int] | None


@dataclass(frozen=True)
class Version:
    """One version of the weights; `number` None: what the house began with. `again`: the address that tries it."""

    number: int | None
    when: str
    who: str
    note: str
    weights: list[tuple[str, int]]
    matches: int
    is_current: bool
    again: str


def rows(found: WhatIf) -> list[Row]:
    """The measures in the order in which a worker asks for them."""
    old, new = found.before, found.after
    longest = max(old.waited_worst or 0, new.waited_worst or 0)
    most_asks = max(old.asks, new.asks)
    return [
        _share("filled", gettext("Hilfe gefunden"), old.filled, new.filled, better=1),
        _days("waited", gettext("Mittlere Wartezeit"), old.waited, new.waited, longest),
        _days("worst", gettext("Längste Wartezeit bei neun von zehn"), old.waited_worst, new.waited_worst, longest),
        _evenness(old.evenness, new.evenness),
        _count("never", gettext("Nie gefragt"), old.never_asked, new.never_asked, old.able, better=-1),
        *[_share(name, _begun(band_in_words(name)), old.bands[name], new.bands[name]) for name in BANDS],
        _share("known", gettext("Kannten sich schon"), old.known, new.known),
        _count("asks", gettext("Anfragen"), old.asks, new.asks, most_asks),
    ]


def versions(quarter: Quarter, now: datetime) -> list[Version]:
    """The newest first, the house's own at the end; three queries."""
    made = list(Weighing.objects.filter(quarter=quarter).select_related("by"))
    rows = Match.objects.filter(request__quarter=quarter).order_by()
    counted = dict(rows.values_list("weighing").annotate(count=Count("pk")))
    found = [
        Version(
            row.number,
            words.moment(row.at, now),
            row.by.full_name if row.by else "",
            row.note,
            _numbers(row.weights),
            counted.get(row.pk, 0),
            place == 0,
            _again(row.weights),
        )
        for place, row in enumerate(made)
    ]
    own = scoring.WEIGHTS
    return [*found, Version(None, "", "", "", _numbers(own), counted.get(None, 0), not made, _again(own))]


def _numbers(weights: dict[str, float]) -> list[tuple[str, int]]:
    return [(str(WORDS[part][0]), number) for part, number in as_numbers(weights).items()]


def _again(weights: dict[str, float]) -> str:
    return urlencode(as_numbers(weights))


# --- one measure ----------
def _begun(words: str) -> str:
    """The words as the beginning of a line."""
    return words[:1].upper() + words[1:]


def _share(key: str, name: str, old: float | None, new: float | None, *, better: int = 0) -> Row:
    if old is None or new is None:
        return Row(key, name, _of_hundred(old), _of_hundred(new), "", _verdict(0, 0), None)
    before, after = round(100 * old), round(100 * new)
    more = after - before
    said = _more_or_less(more, gettext("%(number)s von 100 mehr"), gettext("%(number)s von 100 weniger"))
    return Row(key, name, _of_hundred(old), _of_hundred(new), said, _verdict(more, better), (before, after))


def _of_hundred(share: float | None) -> str:
    return gettext("noch nichts") if share is None else gettext("%(share)s von 100") % {"share": round(100 * share)}


def _days(key: str, name: str, old: float | None, new: float | None, longest: float) -> Row:
    if old is None or new is None:
        return Row(key, name, _in_days(old), _in_days(new), "", _verdict(0, 0), None)
    more = round(new - old, 1)
    said = _more_or_less(more, gettext("%(number)s Tage länger"), gettext("%(number)s Tage kürzer"))
    return Row(key, name, _in_days(old), _in_days(new), said, _verdict(more, -1), _bars(old, new, longest))


def _in_days(days: float | None) -> str:
    return gettext("noch nichts") if days is None else gettext("%(days)s Tage") % {"days": number_format(days, 1)}


def _evenness(old: float, new: float) -> Row:
    more = 0 if abs(new - old) < ROUNDING else new - old
    said = gettext("gleich") if not more else gettext("gleichmäßiger") if more < 0 else gettext("ungleicher")
    name = gettext("Ungleichheit der Anfragen")
    return Row(
        "evenness", name, number_format(old, 2), number_format(new, 2), said, _verdict(more, -1), _bars(old, new, 1)
    )


def _count(key: str, name: str, old: int, new: int, most: int, *, better: int = 0) -> Row:
    said = _more_or_less(new - old, gettext("%(number)s mehr"), gettext("%(number)s weniger"))
    return Row(key, name, str(old), str(new), said, _verdict(new - old, better), _bars(old, new, most))


def _more_or_less(more: float, plus: str, minus: str) -> str:
    if not more:
        return gettext("gleich")
    number = str(abs(more)) if isinstance(more, int) else number_format(abs(more), 1)
    return (plus if more > 0 else minus) % {"number": number}


def _verdict(more: float, better: int) -> tuple[str, str, str]:
    """`better` 1: more is better, -1: less is, 0: neither."""
    if not more or not better:
        return "", "calm", ""
    if (more > 0) == (better > 0):
        return gettext("besser"), "good", "check"
    return gettext("schlechter"), "careful", "warning"


def _bars(old: float, new: float, most: float) -> tuple[int, int] | None:
    return (round(100 * old / most), round(100 * new / most)) if most else None


def summary(found: WhatIf) -> str:
    """What was played again, in a sentence."""
    played = ngettext(
        "%(rounds)s Runde der letzten %(weeks)s Wochen ist noch einmal entschieden.",
        "%(rounds)s Runden der letzten %(weeks)s Wochen sind noch einmal entschieden.",
        found.rounds,
    ) % {"rounds": found.rounds, "weeks": found.days // 7}
    others = ngettext(
        "%(pairs)s Paar wäre anders gewesen.", "%(pairs)s Paare wären anders gewesen.", found.other_pairs
    ) % {"pairs": found.other_pairs}
    return f"{played} {others}"


def context(found: WhatIf | None) -> dict[str, Any]:
    return {"found": found, "rows": rows(found) if found else [], "summary": summary(found) if found else ""}
