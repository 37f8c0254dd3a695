"""
Series of days: a small, checked part of RRULE (RFC 5545), in local days without a time.

FREQ=WEEKLY with INTERVAL; FREQ=MONTHLY with BYDAY=1TU ... -1TU; each with UNTIL (a day) or COUNT. The first day counts
the weeks ("every second week from then on") and stands beside the rule, as DTSTART does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any, NamedTuple

from dateutil import rrule
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.errors import Invalid

MOST = 400  # never are more days than that counted out
LONGEST = 120  # characters of a rule, as the columns hold
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class BadRule(Invalid):
    code = "bad_rule"
    detail = _(
        "Diese Wiederholung kennen wir nicht. Möglich sind: alle paar Wochen, oder am ersten bis vierten oder letzten "
        "Wochentag im Monat."
    )


class RuleOnAnotherDay(BadRule):
    code = "rule_on_another_day"
    detail = _("Der Wochentag der Wiederholung ist ein anderer als der angegebene.")


class RuleEndsBefore(BadRule):
    code = "rule_ends_before"
    detail = _("Die Wiederholung endet, bevor sie beginnt. Bitte prüfen Sie die beiden Tage.")


class NoFirstDay(BadRule):
    code = "no_first_day"
    detail = _("Bitte geben Sie an, ab welchem Tag die Wiederholung zählt.")


@dataclass(frozen=True)
class Rule:
    """`nth`: 1..4 or -1 of the weekday in a month, 0 in weekly rules. `weekday`: 0 Monday; None: the first day's."""

    monthly: bool
    interval: int = 1
    nth: int = 0
    weekday: int | None = None
    until: date | None = None
    count: int | None = None

    def __str__(self) -> str:
        parts = [f"FREQ={'MONTHLY' if self.monthly else 'WEEKLY'}"]
        parts += [f"INTERVAL={self.interval}"] if self.interval > 1 else []
        parts += [f"BYDAY={self.nth}{WEEKDAYS[self.weekday or 0]}"] if self.monthly else []
        parts += [f"UNTIL={self.until:%Y%m%d}"] if self.until else []
        parts += [f"COUNT={self.count}"] if self.count else []
        return ";".join(parts)


class Rhythm(NamedTuple):
    """A way to repeat, as a form offers it."""

    label: str | Promise
    interval: int = 1
    nth: int = 0


RHYTHMS = {
    "every": Rhythm(_("jede Woche")),
    "second": Rhythm(_("alle zwei Wochen"), 2),
    "third": Rhythm(_("alle drei Wochen"), 3),
    "fourth": Rhythm(_("alle vier Wochen"), 4),
    "first_of_month": Rhythm(_("am ersten dieser Tage im Monat"), nth=1),
    "second_of_month": Rhythm(_("am zweiten dieser Tage im Monat"), nth=2),
    "third_of_month": Rhythm(_("am dritten dieser Tage im Monat"), nth=3),
    "last_of_month": Rhythm(_("am letzten dieser Tage im Monat"), nth=-1),
}
CHOICES = [(name, rhythm.label) for name, rhythm in RHYTHMS.items()]


def rule_of(rhythm: str, *, weekday: int, until: date | None = None, later: bool = False) -> str:
    """The rule of a choice in RHYTHMS; "" for every week without an end, which needs none unless it begins later."""
    _label, interval, nth = RHYTHMS[rhythm]
    plain = rhythm == "every" and until is None and not later
    return "" if plain else str(Rule(bool(nth), interval, nth, weekday if nth else None, until))


def rhythm_of(text: str) -> str:
    """The choice in RHYTHMS that this rule says; "" for one that no form offers."""
    if not text:
        return "every"
    rule = parsed(text)
    known = {(one.interval, one.nth): name for name, one in RHYTHMS.items()}
    return known.get((rule.interval, rule.nth), "") if rule.count is None else ""


def next_day(text: str, since: date, *, today: date) -> date | None:
    """The next day of this rule, today included; None when it is over (or rests for longer than three years)."""
    return next(iter(series_days(text, since, today, max(today, since) + timedelta(days=1100))), None)


def parsed(text: str) -> Rule:
    """The rule that this text says. Raises BadRule for whatever we do not know."""
    parts = _parts(text)
    values: dict[str, Any] = {name.lower(): read(parts[name]) for name, read in _READ.items() if name in parts}
    nth, weekday = values.pop("byday", (0, None))
    rule = Rule(monthly=parts.get("FREQ") == "MONTHLY", nth=nth, weekday=weekday, **values)
    if parts.get("FREQ") not in ("WEEKLY", "MONTHLY") or rule.monthly != bool(rule.nth) or (rule.until and rule.count):
        raise BadRule
    return rule


def agreed(text: str, since: date | None, weekday: int) -> tuple[str, date]:
    """
    The rule and its first day as they are kept: on this weekday, in the weeks that count from the week of `since`.

    Raises BadRule, RuleOnAnotherDay, RuleEndsBefore, NoFirstDay.
    """
    rule = parsed(text)
    if since is None:
        raise NoFirstDay
    if rule.weekday not in (None, weekday):
        raise RuleOnAnotherDay
    first = since if rule.monthly else since + timedelta(days=weekday - since.weekday())
    first += timedelta(weeks=rule.interval if first < since else 0)
    if rule.until and rule.until < first:
        raise RuleEndsBefore
    return str(rule), first


def comes(text: str, since: date, weekday: int) -> bool:
    """Is there one day at all of this rule, on this weekday?"""
    try:
        rule, first = agreed(text, since, weekday)
    except RuleEndsBefore:
        return False
    return next_day(rule, first, today=first) is not None


@lru_cache(maxsize=8192)
def series_days(text: str, since: date, first: date, last: date) -> tuple[date, ...]:
    """The days of this rule from `first` to `last`, both included; of one without COUNT only these are counted out."""
    rule = parsed(text)
    start = since if rule.count else _shortly_before(first, since, rule)
    days = rrule.rrule(
        rrule.MONTHLY if rule.monthly else rrule.WEEKLY,
        dtstart=_noon(start),
        interval=rule.interval,
        byweekday=rrule.weekdays[rule.weekday or 0](rule.nth) if rule.monthly else None,
        until=_noon(rule.until) if rule.until else None,
        count=rule.count,
    )
    counted = islice((moment.date() for moment in days), MOST)
    return tuple(day for day in takewhile(lambda day: day <= last, counted) if day >= first)


def _shortly_before(first: date, since: date, rule: Rule) -> date:
    """A day from which the rule counts the same, so that years gone by need not be counted."""
    if first <= since:
        return since
    if not rule.monthly:
        return since + timedelta(weeks=(first - since).days // 7 // rule.interval * rule.interval)
    months = ((first.year - since.year) * 12 + first.month - since.month) // rule.interval * rule.interval
    years, month = divmod(since.month - 1 + months, 12)
    return date(since.year + years, month + 1, 1) if months else since


def _parts(text: str) -> dict[str, str]:
    """NAME -> value. Each name once and known, and no more than a rule may have."""
    pairs = [part.partition("=") for part in text.strip().upper().removeprefix("RRULE:").split(";")]
    parts = {name: value for name, _equals, value in pairs}
    if len(text) > LONGEST or len(parts) != len(pairs) or not parts.keys() <= {"FREQ", *_READ}:
        raise BadRule
    return parts


def _number(most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,3}", value) or not 1 <= int(value) <= most:
            raise BadRule
        return int(value)

    return read


def _byday(value: str) -> tuple[int, int]:
    found = re.fullmatch(rf"(\+?[1-4]|-1)?({'|'.join(WEEKDAYS)})", value)
    if not found:
        raise BadRule
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _day(value: str) -> date:
    try:
        return date.fromisoformat(f"{value[:4]}-{value[4:6]}-{value[6:]}")
    except ValueError as nothing:
        raise BadRule from nothing


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12))


_READ: dict[str, Callable[[str], Any]] = {
    "INTERVAL": _number(12),
    "BYDAY": _byday,
    "UNTIL": _day,
    "COUNT": _number(MOST),
}
