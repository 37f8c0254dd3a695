"""What the volunteers of the demo city offer, and the steps of trust they took."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from accounts import trust
from accounts.models import (
    Availability,
    AvailabilityException,
    OfferedSkill,
    ParentConsent,
    Skill,
    User,
    Vetting,
    VolunteerProfile,
)
from config.demo import names
from config.demo.offers import COMMON, DAYS, HOURS, NEEDS
from config.demo.shelf import Shelf
from places.models import Border, Quarter

YEARS = {"pledge": 1, "certificate": 5}


@dataclass
class Volunteer:
    """A volunteer with what belongs to them, kept together while the city is built."""

    user: User
    profile: VolunteerProfile
    skills: list[Skill]
    windows: list[tuple[int, int, int]]

    def can(self, skill: Skill) -> bool:
        return self.profile.welcomed_at is not None and skill in self.skills


class Volunteers:
    """
    Makes profiles with all that hangs on them onto the shelf.

    `workers`: by quarter name, who noted the steps; read when it is needed, so it may still be filled.
    """

    def __init__(self, shelf: Shelf, workers: dict[str, list[User]]) -> None:
        self.shelf, self.dice, self.workers = shelf, shelf.dice, workers
        # dice of their own: who came later moves nobody who was there
        self.steps, self.habits = random.Random(11), random.Random(7)
        self.today = timezone.localdate(shelf.now)
        self.skills = {skill.slug: skill for skill in Skill.objects.filter(never_brokered=False)}
        self.neighbours: dict[object, list[Quarter]] = {}
        for border in Border.objects.select_related("neighbour").order_by("neighbour__name"):
            self.neighbours.setdefault(border.quarter_id, []).append(border.neighbour)

    def profile(
        self, person: User, skills: list[Skill], windows: list[tuple[int, int, int]], *, new: bool, paused: bool = False
    ) -> Volunteer:
        dice = self.dice
        person.joined_at = self.shelf.at(-dice.randint(1, 9) if new else -dice.randint(100, 900), dice.randint(8, 19))
        profile = self.shelf.add(
            VolunteerProfile(
                user=person,
                about=dice.choice(names.ABOUT),
                radius_m=dice.choice([1000, 1500, 2000, 2000, 3000, 4000]),
                hours_per_week=dice.choices([h for h, _ in HOURS], [share for _, share in HOURS])[0],
                capacity=dice.choice([2, 3, 3, 4]),
                wishes_other_generation=self.shelf.chance(0.3),
                helps_on_holidays=self.habits.random() < 0.15,
                paused=paused,
                paused_until=self.today + timedelta(days=dice.randint(10, 40))
                if paused and self.shelf.chance(0.6)
                else None,
                welcomed_at=None if new else person.joined_at + timedelta(days=dice.randint(3, 20)),
            )
        )
        self._serve(profile, person.quarter)
        for skill in skills:
            self.shelf.add(OfferedSkill(profile=profile, skill=skill, level=dice.choice([1, 2, 2, 3])))
        for weekday, start, end in windows:
            self.shelf.add(Availability(profile=profile, weekday=weekday, start_minute=start, end_minute=end))
        if self.habits.random() < 0.1:
            self._series(profile)
        if profile.welcomed_at:
            self._vetted(person, skills)
        if self.shelf.chance(0.08):
            first = self.today + timedelta(days=dice.randint(2, 30))
            self.shelf.add(
                AvailabilityException(
                    profile=profile, first_day=first, last_day=first + timedelta(days=dice.randint(2, 14))
                )
            )
        return Volunteer(person, profile, skills, windows)

    def _series(self, profile: VolunteerProfile) -> None:
        """A Saturday now and then, besides the week."""
        rule = self.habits.choice(["FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY;BYDAY=1SA", "FREQ=MONTHLY;BYDAY=-1SA"])
        saturday = self.today + timedelta(days=(5 - self.today.weekday()) % 7)
        hours = {"start_minute": 10 * 60, "end_minute": 13 * 60}
        self.shelf.add(Availability(profile=profile, weekday=5, **hours, rule=rule, since=saturday))

    def _serve(self, profile: VolunteerProfile, home: Quarter | None) -> None:
        around = self.neighbours.get(home.pk, []) if home else []
        more = self.dice.sample(around, min(len(around), self.dice.choice([0, 0, 1, 1, 2])))
        serves = VolunteerProfile.served_quarters.through
        for quarter in [home, *more]:
            self.shelf.add(serves(volunteerprofile=profile, quarter=quarter))

    def _vetted(self, person: User, skills: list[Skill]) -> None:
        highest = max(NEEDS.index(skill.needs) for skill in skills)
        by = self.workers[person.quarter.name][0]  # type: ignore[union-attr]
        for kind in NEEDS[1 : max(highest, 2) + 1]:
            day = self.today - timedelta(days=self.dice.randint(30, 400))
            if kind == "pledge":  # signed anew each year
                day += timedelta(days=330) if (self.today - day).days > 345 else timedelta()
            until = day + timedelta(days=YEARS[kind] * 365) if kind in YEARS else None
            self._step(person, kind, day, until, by)
        if person.born_on.year > self.today.year - 18:
            self._parents(person, by)
        elif self.steps.random() < 0.4:
            self._step(person, "treff", person.joined_at.date(), None, by)

    def _step(self, person: User, kind: str, day: date, until: date | None, by: User) -> None:
        ends = trust.keep_until(until) if until else None
        version = 1 if kind == "pledge" else None
        self.shelf.add(
            Vetting(user=person, kind=kind, on=day, valid_until=until, by=by, version=version, delete_on=ends)
        )

    def _parents(self, person: User, by: User) -> None:
        """A parent's yes on paper, and whom to call about each visit."""
        given = self.shelf.at(-self.steps.randint(20, 80), 17)
        grown = person.born_on.replace(year=person.born_on.year + 18)
        name, phone = f"Familie {person.last_name}", f"02214710{self.steps.randint(100, 999)}"
        self.shelf.add(
            ParentConsent(
                user=person, name=name, phone=phone, way="paper", asked_at=given, given_at=given, by=by,
                delete_on=trust.keep_until(grown),
            )
        )  # fmt: skip
        self._step(person, "parents", given.date(), grown - timedelta(days=1), by)

    def some_skills(self, *, minor: bool) -> list[Skill]:
        slugs = [slug for slug in COMMON if slug in self.skills and (not minor or self.skills[slug].minors_may)]
        weights = [1 / (rank + 3) for rank in range(len(slugs))]
        drawn = dict.fromkeys(self.dice.choices(slugs, weights, k=self.dice.randint(2, 6)))
        return [self.skills[slug] for slug in drawn]

    def some_windows(self, *, minor: bool) -> list[tuple[int, int, int]]:
        kinds = ["afternoons"] if minor else self.dice.sample(list(DAYS), self.dice.choice([1, 1, 2]))
        if "all week" in kinds:
            kinds = ["all week"]
        by_day: dict[int, tuple[int, int, int]] = {}
        for window in (window for kind in kinds for window in DAYS[kind]):
            by_day.setdefault(window[0], window)
        return sorted(by_day.values())
