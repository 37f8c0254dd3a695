"""Verbs of a volunteer: begin to help, say what, pause, stop."""

import logging
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import checks, rules, skills, trust
from accounts.actions import badges, people, vetting
from accounts.actions.finding import helper, running_profile
from accounts.models import OfferedSkill, User, VolunteerProfile
from accounts.signals import announce_capacity
from core.database import clash_means
from core.errors import Invalid
from places.models import Quarter

_log = logging.getLogger("gemeinsinn.accounts")
OWN_FIELDS = {
    "about", "radius_m", "hours_per_week", "capacity", "wishes_other_generation", "helps_on_holidays", "ask_wish",
}  # fmt: skip


class FullHands(Invalid):
    """More matches they know of are running than the new capacity allows."""

    code = "capacity_below_live_matches"
    detail = gettext_lazy("So viele Vermittlungen laufen gerade. Weniger geht erst, wenn eine davon zu Ende ist.")


@transaction.atomic
def become_volunteer(*, person_id: object, by: User, now: datetime, born_on: date | None = None) -> VolunteerProfile:
    """
    The person begins to help; nobody asks them before a worker welcomed them. Twice is once.

    Whoever stopped a while ago finds what they offered, and is welcomed anew.

    `born_on`: told now, for somebody whose birthday we do not know. Raises NotVisible, Invalid for the too young.
    """
    person = helper(person_id, by=by)
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

    Where `capacity` falls, proposals the volunteer never heard of give way. Raises NotVisible, Invalid; FullHands when
    it falls below the matches they do know of.
    """
    _make_room(helper(person_id, by=by), changes, now=now)
    profile = running_profile(person_id, by=by)
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
def pause(*, person_id: object, by: User, now: datetime, until: date | None = None) -> VolunteerProfile:
    """Nobody asks this volunteer, without end or up to and with the day `until`. Raises NotVisible, Invalid."""
    profile = running_profile(person_id, by=by)
    if until and until < timezone.localdate(now):
        raise Invalid(fields={"until": [_("Dieser Tag ist schon vorbei.")]})
    return _set_pause(profile, True, until, by)


@transaction.atomic
def resume(*, person_id: object, by: User, now: datetime) -> VolunteerProfile:
    """The volunteer may be asked again. Raises NotVisible."""
    return _set_pause(running_profile(person_id, by=by), False, None, by)


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


def _make_room(person: User, changes: dict[str, Any], *, now: datetime) -> None:
    """Before the profile is held: whoever moves a match holds its request first, and nobody waits in a ring."""
    capacity = changes.get("capacity")
    if isinstance(capacity, int):  # whatever else it is, the check of the field says
        announce_capacity(person, capacity, at=now)


def _full_hands(live: int) -> str:
    """`live`: only what they know of; proposals they never heard of gave way before."""
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
