"""What every bench needs: an own empty database, a generated quarter, medians, one line a figure."""

import atexit
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def set_up(*, tables: bool = True) -> None:
    """Django on a throw-away SQLite file; without `tables` nothing can be stored, and it is there at once."""
    folder = tempfile.mkdtemp(prefix="gemeinsinn-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"DATA_DIR": folder, "DATABASE_URL": "", "REDIS_URL": ""}
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    import django
    from django.core.management import call_command

    django.setup()
    if tables:
        call_command("migrate", verbosity=0)


def a_city(volunteers: int, *, quarters: int, seed: int = 7) -> list:
    """Volunteers over bordering quarters, with Zipf-like skills and weekly windows. Returns the quarters."""
    from accounts.models import Availability, OfferedSkill, Skill, User, Vetting, VolunteerProfile
    from places import cells
    from places.models import Border, ExactAddress, Place
    from tests.people import a_quarter

    dice = random.Random(seed)
    homes = [a_quarter(f"Quartier {index}", west=6.9 + 0.04 * index) for index in range(quarters)]
    Border.objects.bulk_create(Border(quarter=one, neighbour=other) for one in homes for other in homes if one != other)
    skills = list(Skill.objects.filter(never_brokered=False).order_by("order", "slug"))
    chances = [1 / (rank + 1) for rank in range(len(skills))]
    points = [(dice.uniform(51.04, 51.06), index % quarters) for index in range(volunteers)]
    spots = [(lat, homes[q].west + dice.uniform(0, 0.04), homes[q]) for lat, q in points]
    places = Place.objects.bulk_create(Place(quarter=q, cell=cells.cell_of(lat, lon)) for lat, lon, q in spots)
    ExactAddress.objects.bulk_create(
        ExactAddress(place=place, street="Weg", lat=lat, lon=lon)
        for place, (lat, lon, _q) in zip(places, spots, strict=True)
    )
    people = User.objects.bulk_create(
        User(first_name=f"P{i}", quarter=place.quarter, place=place, languages=["de"], password="!")
        for i, place in enumerate(places)
    )
    profiles = VolunteerProfile.objects.bulk_create(
        VolunteerProfile(user=person, radius_m=5000, hours_per_week=6, welcomed_at=NOW, confirmed_pairs=5)
        for person in people
    )
    VolunteerProfile.served_quarters.through.objects.bulk_create(
        VolunteerProfile.served_quarters.through(volunteerprofile=p, quarter=p.user.quarter) for p in profiles
    )
    OfferedSkill.objects.bulk_create(
        OfferedSkill(profile=p, skill=skill, level=dice.randint(1, 3))
        for p in profiles
        for skill in {s.slug: s for s in dice.choices(skills, chances, k=5)}.values()
    )
    Availability.objects.bulk_create(
        Availability(profile=p, weekday=day, start_minute=start, end_minute=start + 240)
        for p in profiles
        for day, start in {(dice.randrange(7), dice.choice([480, 720, 960])) for _ in range(4)}
    )
    Vetting.objects.bulk_create(
        Vetting(user=p, kind=kind, on=NOW.date() - timedelta(days=30))
        for p in people
        for kind in ("talk", "pledge", "identity")
    )
    return homes


def median_seconds(do: Callable[[], object], *, times: int) -> float:
    """The median of `times` runs, after one that warms up."""
    do()
    taken = []
    for _ in range(times):
        begin = time.perf_counter()
        do()
        taken.append(time.perf_counter() - begin)
    return statistics.median(taken)


def report(bench: str, lines: list[tuple[str, float, str, str]]) -> None:
    """Print `name<TAB>value<TAB>unit<TAB>against` and write this bench's part of RESULTS.md anew."""
    for name, value, unit, against in lines:
        sys.stdout.write(f"{name}\t{value:.4g}\t{unit}\t{against}\n")
    rows = "\n".join(f"| `{name}` | {value:.4g} | {unit} | {against} |" for name, value, unit, against in lines)
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    title = f"## {bench}"
    part = f"{title}\n\n{machine}\n\n| figure | value | unit | against |\n|---|---|---|---|\n{rows}\n"
    old = RESULTS.read_text() if RESULTS.exists() else "# Measured\n\nRatios within one run; medians.\n"
    head, *others = old.split("\n## ")
    kept = [f"## {other}".rstrip() for other in others if not other.startswith(f"{bench}\n")]
    RESULTS.write_text("\n\n".join([head.rstrip(), *kept, part.rstrip()]) + "\n")
