"""Verbs of a volunteer: begin to help, say what and when, pause."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks, rules, skills, trust
from accounts.actions import badges, people, vetting
from accounts.models import Availability, AvailabilityException, OfferedSkill, User, VolunteerProfile
from core import series
from core.database import clash_means, find
from core.errors import Invalid, NotVisible
from places.models import Quarter

_log = logging.getLogger("gemeinsinn.accounts")
OWN_FIELDS = {
    "about", "radius_m", "hours_per_week", "capacity", "wishes_other_generation", "helps_on_holidays", "ask_wish",
}  # fmt: skip
_DAY = 24 * 60
_MOST_WINDOWS = 70
_MOST_EXCEPTIONS = 60


class FullHands(Invalid):
    """More matches are running than the new capacity allows."""

    code = "capacity_below_live_matches"
    detail = gettext_lazy("So viele Vermittlungen laufen gerade. Weniger geht erst, wenn eine davon zu Ende ist.")


@dataclass(frozen=True)
class Window:
    """
    A weekly window in local time; weekday 0 is Monday, minutes since midnight, the end excluded.

    `rule`: RRULE of a series (`core.series`) that counts from `since`; "" for every week.
    """

    weekday: int
    start_minute: int
    end_minute: int
    rule: str = ""
    since: date | None = None


@transaction.atomic
def become_volunteer(*, person_id: object, by: User, now: datetime, born_on: date | None = None) -> VolunteerProfile:
    """
    The person begins to help; nobody asks them before a worker welcomed them. Twice is once.

    Whoever stopped a while ago finds what they offered, and is welcomed anew.

    `born_on`: told now, for somebody whose birthday we do not know. Raises NotVisible, Invalid for the too young.
    """
    person = _volunteer(person_id, by)
    if born_on:
        person = people.change_person(person_id=person.pk, by=by, now=now, changes={"born_on": born_on})
    if person.born_on and checks.age_on(timezone.localdate(now), person.born_on) < rules.YOUNGEST_HELPER:
        raise Invalid(fields={"born_on": [_("Helfen kann man bei uns ab 13 Jahren.")]})
    profile, made = VolunteerProfile.objects.get_or_create(user=person)
    if profile.stopped_at:
        _begin_again(profile)
    if made and person.quarter:
        profile.served_quarters.add(person.quarter)
        _log.info("volunteer began person=%s", person.pk)
    return profile


@transaction.atomic
def end_helping(profile: VolunteerProfile, *, by: User, now: datetime) -> None:
    """
    Nobody asks them any more; what they offered and the checks go by the calendar, the badge ends at once.

    What they had promised is ended before, by `matching.actions.stop_helping`.
    """
    today = timezone.localdate(now)
    profile.stopped_at, profile.welcomed_at, profile.delete_on = now, None, trust.keep_until(today)
    profile.paused, profile.paused_until = False, None
    profile.save(update_fields=["stopped_at", "welcomed_at", "delete_on", "paused", "paused_until"])
    badges.end_badges(profile.user, now=now)
    vetting.let_vettings_go(today=today, person=profile.user)
    _log.info("volunteer stopped person=%s by=%s", profile.user_id, by.pk)


def _begin_again(profile: VolunteerProfile) -> None:
    profile.stopped_at = profile.delete_on = None
    profile.save(update_fields=["stopped_at", "delete_on"])
    vetting.keep_vettings(profile.user)
    _log.info("volunteer began again person=%s", profile.user_id)


@transaction.atomic
def save_profile(*, person_id: object, by: User, now: datetime, changes: dict[str, Any]) -> VolunteerProfile:
    """
    `changes`: any of OWN_FIELDS, `skills` {slug: level 1..3}, `served_quarters` [Quarter keys], `languages` [codes].

    Raises NotVisible, Invalid; FullHands when `capacity` falls below the matches that are running.
    """
    profile = _profile(person_id, by)
    plain = {name: value for name, value in changes.items() if name not in ("skills", "served_quarters", "languages")}
    fields = checks.fill(profile, plain, allowed=OWN_FIELDS)
    _check_numbers(profile)
    with clash_means(FullHands):
        profile.save(update_fields=fields)
    if "languages" in changes:
        checks.fill(profile.user, {"languages": changes["languages"]}, allowed={"languages"})
        profile.user.save(update_fields=["languages"])
    if "skills" in changes:
        _offer(profile, changes["skills"], today=timezone.localdate(now))
    if "served_quarters" in changes:
        _serve(profile, changes["served_quarters"])
    _log.info("profile saved person=%s by=%s", profile.user_id, by.pk)
    return profile


@transaction.atomic
def set_availability(
    *, person_id: object, by: User, now: datetime, windows: Iterable[Window], keep_series: bool = False
) -> list[Availability]:
    """
    Replace all weekly windows; overlapping or touching ones become one. Raises NotVisible, Invalid.

    `windows`: Window rows in any order, also such with a rule; none means: free at no fixed time. `keep_series`: the
    windows with a rule stay as they are, only the plain ones are replaced.
    """
    profile = _profile(person_id, by)
    kept = [_window(row) for row in profile.availabilities.exclude(rule="")] if keep_series else []
    rows = [Availability(profile=profile, **vars(window)) for window in joined([*windows, *kept])]
    profile.availabilities.all().delete()
    Availability.objects.bulk_create(rows)
    _log.info("availability set person=%s windows=%d by=%s", profile.user_id, len(rows), by.pk)
    return rows


@transaction.atomic
def add_series(*, person_id: object, by: User, now: datetime, window: Window) -> None:
    """One window with a rule beside those that are there; twice is once. Raises NotVisible, Invalid."""
    profile = _profile(person_id, by)
    before = [_window(row) for row in profile.availabilities.all()]
    set_availability(person_id=person_id, by=by, now=now, windows=[*before, window])


@transaction.atomic
def remove_series(*, availability_id: object, person_id: object, by: User, now: datetime) -> None:
    """This window with its rule no longer holds. Raises NotVisible."""
    find(_profile(person_id, by).availabilities.exclude(rule=""), availability_id).delete()


@transaction.atomic
def add_exception(
    *,
    person_id: object,
    by: User,
    now: datetime,
    first_day: date,
    last_day: date | None = None,
    start_minute: int = 0,
    end_minute: int = _DAY,
    available: bool = False,
) -> AvailabilityException:
    """Away on these days (or, `available`, there besides the weekly windows). Raises NotVisible, Invalid."""
    profile = _profile(person_id, by)
    last_day = last_day or first_day
    _check_days(first_day, last_day, today=timezone.localdate(now))
    _check_minutes(start_minute, end_minute)
    if profile.exceptions.count() >= _MOST_EXCEPTIONS:
        raise Invalid(
            fields={"first_day": [_("Das sind schon sehr viele Tage. Bitte löschen Sie erst alte Einträge.")]}
        )
    return AvailabilityException.objects.create(
        profile=profile,
        first_day=first_day,
        last_day=last_day,
        start_minute=start_minute,
        end_minute=end_minute,
        available=available,
    )


@transaction.atomic
def remove_exception(*, exception_id: object, person_id: object, by: User, now: datetime) -> None:
    """The exception no longer holds. Raises NotVisible."""
    find(_profile(person_id, by).exceptions.all(), exception_id).delete()


@transaction.atomic
def pause(*, person_id: object, by: User, now: datetime, until: date | None = None) -> VolunteerProfile:
    """Nobody asks this volunteer, without end or up to and with the day `until`. Raises NotVisible, Invalid."""
    profile = _profile(person_id, by)
    if until and until < timezone.localdate(now):
        raise Invalid(fields={"until": [_("Dieser Tag ist schon vorbei.")]})
    return _set_pause(profile, True, until, by)


@transaction.atomic
def resume(*, person_id: object, by: User, now: datetime) -> VolunteerProfile:
    """The volunteer may be asked again. Raises NotVisible."""
    return _set_pause(_profile(person_id, by), False, None, by)


def joined(windows: Iterable[Window]) -> list[Window]:
    """The same hours as few, separate windows in order, those with a rule last and as they are. Raises Invalid."""
    rows = list(windows)
    for window in rows:
        _check_window(window)
    whole = _joined_plain(window for window in rows if not window.rule)
    ruled = sorted(
        {_agreed(window) for window in rows if window.rule}, key=lambda w: (w.weekday, w.start_minute, str(w))
    )
    if len(whole) + len(ruled) > _MOST_WINDOWS:
        raise Invalid(fields={"windows": [_("Das sind zu viele einzelne Zeiten. Bitte fassen Sie sie zusammen.")]})
    return [*whole, *sorted(ruled, key=lambda w: (w.weekday, w.start_minute, str(w)))]


def _joined_plain(windows: Iterable[Window]) -> list[Window]:
    whole: list[Window] = []
    for window in sorted(windows, key=lambda w: (w.weekday, w.start_minute, w.end_minute)):
        before = whole[-1] if whole else None
        if before and before.weekday == window.weekday and window.start_minute <= before.end_minute:
            whole[-1] = Window(before.weekday, before.start_minute, max(before.end_minute, window.end_minute))
        else:
            whole.append(Window(window.weekday, window.start_minute, window.end_minute))
    return whole


def _agreed(window: Window) -> Window:
    """With its rule and its first day as they are kept."""
    try:
        rule, since = series.agreed(window.rule, window.since, window.weekday)
    except series.BadRule as wrong:
        raise Invalid(fields={"windows": [wrong.detail]}) from wrong
    return replace(window, rule=rule, since=since)


def _check_window(window: Window) -> None:
    if not 0 <= window.weekday <= 6:
        raise Invalid(fields={"windows": [_("Diesen Wochentag kennen wir nicht.")]})
    _check_minutes(window.start_minute, window.end_minute)


def _window(row: Availability) -> Window:
    return Window(row.weekday, row.start_minute, row.end_minute, row.rule, row.since)


def _set_pause(profile: VolunteerProfile, paused: bool, until: date | None, by: User) -> VolunteerProfile:
    profile.paused, profile.paused_until = paused, until
    profile.save(update_fields=["paused", "paused_until"])
    _log.info("volunteer %s person=%s by=%s", "paused" if paused else "resumed", profile.user_id, by.pk)
    return profile


def _check_numbers(profile: VolunteerProfile) -> None:
    problems: dict[str, list] = {}
    if not 100 <= profile.radius_m <= 50_000:
        problems["radius_m"] = [_("Bitte wählen Sie eine Entfernung aus der Liste.")]
    if not 0 < profile.hours_per_week <= 40:
        problems["hours_per_week"] = [_("Bitte geben Sie zwischen einer halben Stunde und 40 Stunden an.")]
    if not 1 <= profile.capacity <= 12:
        problems["capacity"] = [_("Bitte geben Sie eine Zahl von 1 bis 12 an.")]
    if problems:
        raise Invalid(fields=problems)
    if profile.capacity < profile.live_matches:
        raise FullHands(fields={"capacity": [_full_hands(profile.live_matches)]})


def _full_hands(live: int) -> str:
    return _("Sie haben gerade %(live)d laufende Vermittlungen. Weniger geht erst, wenn eine davon zu Ende ist.") % {
        "live": live
    }


def _offer(profile: VolunteerProfile, levels: Any, *, today: date) -> None:
    rows = skills.offered().filter(minors_may=True) if rules.is_minor(profile.user, today=today) else skills.offered()
    known = set(rows.values_list("slug", flat=True))
    fits = isinstance(levels, dict) and all(slug in known and level in (1, 2, 3) for slug, level in levels.items())
    if not fits:
        raise Invalid(fields={"skills": [_("Bitte wählen Sie aus der Liste, was Sie gern tun.")]})
    profile.offered_skills.exclude(skill__in=levels).delete()
    OfferedSkill.objects.bulk_create(
        [OfferedSkill(profile=profile, skill_id=slug, level=level) for slug, level in levels.items()],
        update_conflicts=True,
        unique_fields=["profile", "skill"],
        update_fields=["level"],
    )


def _serve(profile: VolunteerProfile, keys: Any) -> None:
    try:
        quarters = list(Quarter.objects.filter(pk__in=keys))
    except (TypeError, ValueError, ValidationError) as wrong:
        raise Invalid(fields={"served_quarters": [_("Dieses Quartier kennen wir nicht.")]}) from wrong
    if not quarters:
        raise Invalid(fields={"served_quarters": [_("Bitte wählen Sie mindestens ein Quartier.")]})
    profile.served_quarters.set(quarters)


def _check_days(first: date, last: date, *, today: date) -> None:
    if last < first:
        raise Invalid(fields={"last_day": [_("Der letzte Tag liegt vor dem ersten.")]})
    if last < today:
        raise Invalid(fields={"last_day": [_("Diese Tage sind schon vorbei.")]})
    if (last - today).days > 3 * 366:
        raise Invalid(fields={"last_day": [_("Bitte planen Sie höchstens drei Jahre voraus.")]})


def _check_minutes(start: int, end: int) -> None:
    if not 0 <= start < end <= _DAY:
        raise Invalid(fields={"windows": [_("Das Ende muss nach dem Anfang liegen.")]})


def _profile(person_id: object, by: User) -> VolunteerProfile:
    rows = VolunteerProfile.objects.select_related("user").select_for_update(of=("self",))
    profile = rows.filter(user=_volunteer(person_id, by), stopped_at=None).first()
    if profile is None:
        raise NotVisible
    return profile


def _volunteer(person_id: object, by: User) -> User:
    person = find(User.objects.visible_to(by), person_id)
    if not rules.may_change_profile(by, person):
        raise NotVisible
    return person
