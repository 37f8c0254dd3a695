"""
Days, times and quantities as a neighbour would say them, in the active language.

Moments are aware and said in local time; `today` is the local day they are seen from.
"""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from core import series


def day_in_words(day: date, *, today: date) -> str:
    """ "heute", "morgen", "gestern", else "Dienstag, 3. Juni"; with the year where it is another one."""
    near = {-1: _("gestern"), 0: _("heute"), 1: _("morgen")}.get((day - today).days)
    return near or full_day(day, today=today)


def full_day(day: date, *, today: date) -> str:
    """ "Dienstag, 3. Juni"; with the year where it is another one."""
    style = "MONTH_DAY_FORMAT" if day.year == today.year else "DATE_FORMAT"
    return _("%(weekday)s, %(day)s") % {"weekday": date_format(day, "l"), "day": date_format(day, style)}


def clock_in_words(at: time) -> str:
    """ "14 Uhr", "14:30 Uhr", in English "2 pm", "noon"."""
    if not (get_language() or "de").startswith("de"):
        return time_format(at, "P").replace(".", "")  # "2 p.m." would end a sentence twice
    return f"{_bare_clock(at)} Uhr"


def moment_in_words(at: datetime, *, today: date) -> str:
    """ "Dienstag, 3. Juni, 14 Uhr" or "heute, 14 Uhr"."""
    local = timezone.localtime(at)
    return f"{day_in_words(local.date(), today=today)}, {clock_in_words(local.time())}"


def span_in_words(start: datetime, end: datetime, *, today: date) -> str:
    """ "morgen, 10 bis 14 Uhr"; over midnight both days are said."""
    first, last = timezone.localtime(start), timezone.localtime(end)
    if first.date() != (last - timedelta(microseconds=1)).date():
        return _("%(start)s bis %(end)s") % {
            "start": moment_in_words(start, today=today),
            "end": moment_in_words(end, today=today),
        }
    return f"{day_in_words(first.date(), today=today)}, {hours_in_words(first.time(), last.time())}"


def hours_in_words(start: time, end: time) -> str:
    """ "10 bis 14 Uhr"; midnight as an end is 24 o'clock."""
    if not (get_language() or "de").startswith("de"):
        return _("%(start)s bis %(end)s") % {"start": clock_in_words(start), "end": clock_in_words(end)}
    until = "24" if end == time(0) else _bare_clock(end)
    return f"{_bare_clock(start)} bis {until} Uhr"


def series_in_words(text: str, weekday: int, *, since: date | None = None, today: date) -> str:
    """ "jeden zweiten Dienstag", "jeden letzten Dienstag im Monat, bis ..."; from when on, if that is ahead."""
    rule, day = series.parsed(text or "FREQ=WEEKLY"), str(WEEKDAYS[weekday])
    said = _repeated(rule, day)
    if since and since > today:
        said = _("%(series)s, ab %(day)s") % {"series": said, "day": full_day(since, today=today)}
    if rule.until:
        said = _("%(series)s, bis %(day)s") % {"series": said, "day": full_day(rule.until, today=today)}
    if rule.count:
        times = ngettext("einmal", "%(count)s-mal", rule.count) % {"count": rule.count}
        said = f"{said}, {times}"
    return said


def _repeated(rule: series.Rule, day: str) -> str:
    if not rule.monthly:
        plain = {1: _("jeden %(day)s"), 2: _("jeden zweiten %(day)s")}
        said = plain.get(rule.interval, _("alle %(count)s Wochen am %(day)s"))
        return said % {"count": count_in_words(rule.interval), "day": day}
    nth = {1: _("ersten"), 2: _("zweiten"), 3: _("dritten"), 4: _("vierten"), -1: _("letzten")}[rule.nth]
    if rule.interval == 1:
        return _("jeden %(nth)s %(day)s im Monat") % {"nth": nth, "day": day}
    return _("alle %(count)s Monate am %(nth)s %(day)s") % {
        "count": count_in_words(rule.interval),
        "nth": nth,
        "day": day,
    }


def minutes_in_words(minutes: int) -> str:
    """ "eine halbe Stunde", "1 Stunde", "1 Stunde 30 Minuten", "45 Minuten"."""
    if minutes == 30:
        return _("eine halbe Stunde")
    hours, rest = divmod(minutes, 60)
    parts = [ngettext("%(count)s Stunde", "%(count)s Stunden", hours) % {"count": hours}] if hours else []
    if rest or not parts:
        parts.append(ngettext("%(count)s Minute", "%(count)s Minuten", rest) % {"count": rest})
    return " ".join(parts)


def count_in_words(number: int) -> str:
    """Small numbers as words ("drei"), larger ones as figures."""
    words = [
        _("null"), _("eins"), _("zwei"), _("drei"), _("vier"), _("fünf"), _("sechs"),
        _("sieben"), _("acht"), _("neun"), _("zehn"), _("elf"), _("zwölf"),
    ]  # fmt: skip
    return words[number] if 0 <= number < len(words) else str(number)


def list_in_words(things: list[str], *, last: str = "") -> str:
    """ "Einkaufen, Vorlesen und Kochen"; `last` is the word before the last thing, without one it is "und"."""
    if len(things) < 2:
        return "".join(things)
    between = last or _("und")  # not inside the f-string: the catalogue would not find it there
    return f"{', '.join(things[:-1])} {between} {things[-1]}"


def _bare_clock(at: time) -> str:
    return f"{at.hour}" if not at.minute else f"{at.hour}:{at.minute:02}"
