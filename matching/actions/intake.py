"""What people type about a request, turned into fields: every value checked, a sentence for each that does not fit."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from accounts.languages import LANGUAGES
from accounts.models import Skill, User
from core import series
from core.errors import Invalid
from matching.models import HelpRequest, RequestWindow
from places.models import Place

Window = dict[str, Any]  # fields of a RequestWindow
FURTHEST = timedelta(days=366)
MOST_WINDOWS = 21
LONGEST_TEXT = 1000


class _Misfit(Exception):
    """One value does not fit; carries the sentence."""


def cleaned(
    changes: dict[str, Any], *, request: HelpRequest, now: datetime
) -> tuple[dict[str, Any], list[Skill] | None, list[Window] | None]:
    """
    (fields to save, skills or None, windows or None). Unknown keys are refused. Raises Invalid with all misfits.

    Timing keys exclude each other: `windows`, `weekly` and `flexible_until` each set the kind of timing.
    """
    fields: dict[str, Any] = {}
    misfits: dict[str, list] = {}
    for key, value in changes.items():
        try:
            fields |= _read(key, value, request, now)
        except _Misfit as misfit:
            misfits[key] = [str(misfit)]
    if misfits:
        raise Invalid(fields=misfits)
    return fields, fields.pop("skills", None), fields.pop("windows", None)


def missing(request: HelpRequest, *, now: datetime) -> dict[str, list]:
    """What stands between this request and the matcher at this moment, as sentences per field; empty: nothing."""
    found: dict[str, list] = {}
    if not request.skills.exists():
        found["skills"] = [_("Bitte wählen Sie, wobei jemand helfen soll.")]
    if request.timing == HelpRequest.Timing.FLEXIBLE:
        if request.flexible_until is None or request.flexible_until < timezone.localtime(now).date():
            found["flexible_until"] = [_("Bitte sagen Sie, bis zu welchem Tag die Hilfe kommen soll.")]
    elif request.timing == HelpRequest.Timing.WEEKLY:
        if not request.windows.exists():
            found["weekly"] = [_("Bitte sagen Sie, an welchem Wochentag jemand kommen kann.")]
        elif not any(_comes_again(window, now) for window in request.windows.all()):
            found["weekly"] = [_("Das letzte Mal ist schon vorbei. Bitte sagen Sie, wann wieder jemand kommen soll.")]
    elif not request.windows.filter(end__gt=now).exists():
        found["windows"] = [_("Bitte sagen Sie, wann jemand kommen kann. Der Zeitpunkt muss noch vor uns liegen.")]
    return found


def _comes_again(window: RequestWindow, now: datetime) -> bool:
    today = timezone.localtime(now).date()
    return not (window.rule and window.since) or series.next_day(window.rule, window.since, today=today) is not None


def replace_windows(request: HelpRequest, windows: list[Window]) -> None:
    """The windows of a request are written anew as a whole."""
    request.windows.all().delete()
    RequestWindow.objects.bulk_create(RequestWindow(request=request, **window) for window in windows)


def _read(key: str, value: Any, request: HelpRequest, now: datetime) -> dict[str, Any]:
    readers: dict[str, Callable[[], dict[str, Any]]] = {
        "skills": lambda: {"skills": _skills(value)},
        "description": lambda: {"description": _text(value)},
        "windows": lambda: {"timing": "dated", "flexible_until": None, "windows": _dated(value, now)},
        "weekly": lambda: {"timing": "weekly", "flexible_until": None, "windows": _weekly(value)},
        "flexible_until": lambda: {"timing": "flexible", "flexible_until": _until(value, now), "windows": []},
        "duration_minutes": lambda: {"duration_minutes": _whole(value, 15, 480)},
        "helpers_needed": lambda: {"helpers_needed": _helpers(value, request)},
        "languages": lambda: {"languages": _languages(value)},
        "gender_wish": lambda: {"gender_wish": _choice(value, [c for c, _l in User.Gender.choices])},
        "wishes_other_generation": lambda: {"wishes_other_generation": _yes_no(value)},
        "skips_holidays": lambda: {"skips_holidays": _yes_no(value)},
        "urgency": lambda: {"urgency": _whole(value, 0, 2)},
        "step": lambda: {"step": max(request.step, _whole(value, 1, 5))},
        "place_id": lambda: {"place": _place(value, request)},
    }
    if key not in readers:
        raise _Misfit(_("Diese Angabe kennen wir nicht."))
    return readers[key]()


def _skills(value: Any) -> list[Skill]:
    slugs = _list(value, most=5)
    if not all(isinstance(slug, str) and "\x00" not in slug for slug in slugs):
        raise _Misfit(_("Diese Art der Hilfe kennen wir nicht."))
    found = list(Skill.objects.filter(slug__in=slugs))
    if len(found) != len(set(slugs)):
        raise _Misfit(_("Diese Art der Hilfe kennen wir nicht."))
    if any(skill.never_brokered for skill in found):
        raise _Misfit(_("Dabei dürfen Nachbarn nicht helfen. Ihr Quartiersbüro sagt Ihnen gern, wer das kann."))
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str) or not is_storable(value):
        raise _Misfit(_("Dieser Text enthält Zeichen, die wir nicht speichern können."))
    if len(value.strip()) > LONGEST_TEXT:
        raise _Misfit(_("Bitte kürzen Sie den Text auf höchstens %(count)s Zeichen.") % {"count": LONGEST_TEXT})
    return value.strip()


def is_storable(text: str) -> bool:
    """No zero bytes and no half characters: both databases refuse them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _dated(value: Any, now: datetime) -> list[Window]:
    return [_one_dated(window, now) for window in _list(value, most=MOST_WINDOWS)]


def _one_dated(window: Any, now: datetime) -> Window:
    if not isinstance(window, dict):
        raise _Misfit(_("Bitte geben Sie Anfang und Ende an."))
    start, end = _moment(window.get("start")), _moment(window.get("end"))
    if not start < end:
        raise _Misfit(_("Das Ende muss nach dem Anfang liegen."))
    if end <= now:
        raise _Misfit(_("Dieser Zeitpunkt ist schon vorbei."))
    if end > now + FURTHEST or end - start > timedelta(days=31):
        raise _Misfit(_("Bitte wählen Sie einen Zeitpunkt im kommenden Jahr, höchstens einen Monat lang."))
    return {"start": start, "end": end}


def _moment(value: Any) -> datetime:
    try:
        found = value if isinstance(value, datetime) else parse_datetime(value) if isinstance(value, str) else None
        if found is not None and timezone.is_naive(found):
            found = timezone.make_aware(found)
        if found is None or not 1 < found.year < 9999:
            raise ValueError
    except (ValueError, OverflowError) as misfit:
        raise _Misfit(_("Bitte geben Sie Tag und Uhrzeit an.")) from misfit
    return found


def _weekly(value: Any) -> list[Window]:
    windows = value if isinstance(value, list | tuple) else [value]
    return [_one_weekly(window) for window in _list(windows, most=MOST_WINDOWS)]


def _one_weekly(window: Any) -> Window:
    if not isinstance(window, dict):
        raise _Misfit(_("Bitte geben Sie Wochentag, Anfang und Ende an."))
    start, end = _minute(window.get("start")), _minute(window.get("end"))
    if not start < end:
        raise _Misfit(_("Das Ende muss nach dem Anfang liegen."))
    weekday = _whole(window.get("weekday"), 0, 6)
    return {"weekday": weekday, "start_minute": start, "end_minute": end} | _series(window, weekday)


def _series(window: dict, weekday: int) -> Window:
    """`rule` and `since` of a series as they are kept; empty for every week."""
    rule, since = window.get("rule") or "", window.get("since")
    if not rule:
        return {}
    if not isinstance(rule, str):
        raise _Misfit(series.BadRule.detail)
    try:
        rule, first = series.agreed(rule, _day(since) if since else None, weekday)
    except series.BadRule as wrong:
        raise _Misfit(wrong.detail) from wrong
    return {"rule": rule, "since": first}


def _minute(value: Any) -> int:
    """Minutes since midnight of "HH:MM" or a time; "24:00" is the end of the day."""
    if value == "24:00":
        return 1440
    try:
        at = value if isinstance(value, time) else time.fromisoformat(value)
    except (TypeError, ValueError) as misfit:
        raise _Misfit(_("Bitte geben Sie die Uhrzeit an, zum Beispiel 10:00.")) from misfit
    return at.hour * 60 + at.minute


def _day(value: Any) -> date:
    try:
        day = value if isinstance(value, date) else parse_date(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None or isinstance(day, datetime) or not 1900 <= day.year <= 2100:
        raise _Misfit(_("Bitte geben Sie einen Tag an."))
    return day


def _until(value: Any, now: datetime) -> date:
    day, today = _day(value), timezone.localtime(now).date()
    if not today <= day <= today + FURTHEST:
        raise _Misfit(_("Bitte wählen Sie einen Tag im kommenden Jahr."))
    return day


def _helpers(value: Any, request: HelpRequest) -> int:
    count = _whole(value, 1, 8)
    if count < request.accepted_helpers:
        raise _Misfit(_("So viele haben schon zugesagt. Bitte sprechen Sie zuerst mit Ihrem Quartiersbüro."))
    return count


def _whole(value: Any, least: int, most: int) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 6:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise _Misfit(_("Bitte wählen Sie eine Zahl von %(least)s bis %(most)s.") % {"least": least, "most": most})
    return value


def _languages(value: Any) -> list[str]:
    codes = _list(value, most=6)
    if not all(isinstance(code, str) and code in dict(LANGUAGES) for code in codes):
        raise _Misfit(_("Diese Sprache kennen wir nicht."))
    return sorted(set(codes))


def _choice(value: Any, among: Iterable[str]) -> str:
    if not isinstance(value, str) or value not in among:
        raise _Misfit(_("Bitte wählen Sie eine der Möglichkeiten."))
    return value


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Misfit(_("Bitte wählen Sie Ja oder Nein."))
    return value


def _list(value: Any, *, most: int) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise _Misfit(_("Bitte wählen Sie etwas aus."))
    if len(value) > most:
        raise _Misfit(_("Bitte wählen Sie höchstens %(most)s.") % {"most": most})
    return list(value)


def _place(value: Any, request: HelpRequest) -> Place | None:
    """Another place for this request: only one already saved for it, or the resident's own."""
    if value is None:
        return None
    known = {str(place.pk): place for place in (request.place, request.resident.place) if place}
    if str(value) not in known:
        raise _Misfit(_("Diesen Ort kennen wir nicht."))
    return known[str(value)]
