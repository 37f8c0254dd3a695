"""The monthly sheet of a quarter: how much help there was, of which kind, by whom. It names no resident."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.words import hours_in_words
from matching.paper.office import Office
from matching.paper.press import Sheet


@dataclass(frozen=True)
class MonthVisit:
    """One visit that took place. `resident`: a key to count by, printed nowhere."""

    start: datetime
    end: datetime
    minutes: int
    kinds: str
    helper: str
    resident: object


def month_sheet(visits: Sequence[MonthVisit], office: Office, *, quarter: str, month: date, today: date) -> Sheet:
    """As many pages A4 as it takes, in the active language. `month`: its first day."""
    words = {
        "sums_title": _("Zusammen"),
        "sums_head": [_("Was"), _("Anzahl")],
        "sums": [
            [_("Besuche"), str(len(visits))],
            [_("Stunden"), _hours(sum(one.minutes for one in visits))],
            [_("Menschen, die geholfen haben"), str(len({one.helper for one in visits}))],
            [_("Menschen, denen geholfen wurde"), str(len({one.resident for one in visits}))],
        ],
        "kinds_title": _("Nach Art der Hilfe"),
        "kinds_head": [_("Art der Hilfe"), _("Besuche"), _("Stunden")],
        "kinds": _grouped((one.kinds, one.minutes) for one in visits),
        "helpers_title": _("Nach Helferin oder Helfer"),
        "helpers_head": [_("Name"), _("Besuche"), _("Stunden")],
        "helpers": _grouped((one.helper, one.minutes) for one in visits),
        "visits_title": _("Alle Besuche"),
        "visits_head": [_("Tag"), _("Zeit"), _("Art der Hilfe"), _("Wer half"), _("Stunden")],
        "visits": [_row(one) for one in visits],
        "empty": _("In diesem Monat hat kein Besuch stattgefunden."),
        "made": _("%(office)s, Stand %(day)s") % {"office": office.name, "day": date_format(today, "DATE_FORMAT")},
    }
    title = _("%(quarter)s im %(month)s") % {"quarter": quarter, "month": date_format(month, "F Y")}
    return Sheet("month", _("monatsblatt"), get_language() or "de", title, office.words | words)


def _grouped(rows: Iterable[tuple[str, int]]) -> list[list[str]]:
    """Name, visits and hours, the most hours first."""
    minutes: defaultdict[str, list[int]] = defaultdict(list)
    for name, spent in rows:
        minutes[name].append(spent)
    ranked = sorted(minutes.items(), key=lambda row: (-sum(row[1]), row[0]))
    return [[name, str(len(spent)), _hours(sum(spent))] for name, spent in ranked]


def _row(one: MonthVisit) -> list[str]:
    start, end = timezone.localtime(one.start), timezone.localtime(one.end)
    day = date_format(start, "D j.n.")
    return [day, hours_in_words(start.time(), end.time()), one.kinds, one.helper, _hours(one.minutes)]


def _hours(minutes: int) -> str:
    return number_format(minutes / 60, decimal_pos=1)
