"""
The best ten for one request among N volunteers: ours on a warm roster, against four ways to do without one.

Ours is the whole call from the loaded request to ten people with fit, parts, reasons and slots. The others get the
request loaded too, apply the same gates and the same fit, say as much of their ten, and must find the same ten, or the
comparison is void.
"""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from bench._alone import Line, each, peak, resident, seconds, taking
from bench._asking import Requests, some_requests
from bench._city import NOW, PER_QUARTER, Land, Volunteers, a_land, some_volunteers
from bench._house import set_up

if TYPE_CHECKING:
    from matching.facts import RequestFacts
    from matching.roster import Roster

PER_REQUEST = 25  # times ours is asked for each request: the first few are still warming up


def sizes_alone(size: int, quick: bool) -> list[Line]:
    """Time and memory at one size, the roster filled from the generated columns; the same in every size."""
    set_up(tables=False)
    from bench._columns import a_roster
    from bench._facts import request_facts

    land = a_land(max(3, size // PER_QUARTER))
    volunteers = some_volunteers(land, size)
    requests = some_requests(land, volunteers, max(100, size // 10))
    many = list(request_facts(land, volunteers, requests, range(min(len(requests), 2000))))
    before = resident()
    roster = a_roster(land, volunteers)
    ours = each(lambda one: roster.top(one, now=NOW), many[:100], times=PER_REQUEST)
    with taking() as day:
        for one in many:  # a day's work: whatever the roster remembers between two questions counts as its memory
            roster.top(one, now=NOW)
    after = resident()
    first = [_first(roster, one) for one in many[:100]]
    arrays = roster.columns.nbytes / 1e6
    people = range(0, size, size // 50)
    near = _requests_around(land, volunteers, requests, people)
    back = each(
        lambda row: roster.top_requests(roster.columns.person(row), near[int(volunteers.home[row])], now=NOW),
        people,
        times=3 if quick else 5,
    )
    return [
        (f"topk.{size}.milliseconds", median(ours) * 1000, "ms", "median of 100 requests on a warm roster"),
        (f"topk.{size}.worst_tenth_milliseconds", sorted(ours)[-len(ours) // 10] * 1000, "ms", "-"),
        (
            f"topk.{size}.each_once_milliseconds",
            day[0] / len(many) * 1000,
            "ms",
            f"mean of {len(many)} different requests",
        ),
        (f"topk.{size}.first_milliseconds", median(first) * 1000, "ms", "nothing remembered of the quarter"),
        (f"requests.{size}.milliseconds", median(back) * 1000, "ms", "best ten requests for one volunteer"),
        (f"roster.{size}.megabytes", after - before, "MB", "resident, after 2,000 different requests; at most 400"),
        (f"roster.{size}.array_megabytes", arrays, "MB", "the arrays alone"),
        (f"roster.{size}.peak_megabytes", peak(), "MB", "whole process, generated city included"),
    ]


def _first(roster: "Roster", one: "RequestFacts") -> float:
    """Seconds for a request whose quarter nobody asked of yet, or whose people just changed."""
    roster.columns.forget_around(None)
    with taking() as taken:
        roster.top(one, now=NOW)
    return taken[0]


def _requests_around(land: Land, volunteers: Volunteers, requests: Requests, people: Iterable[int]) -> dict[int, list]:
    """Home quarter of each of these people -> the open requests there."""
    from bench._facts import request_facts

    homes = {int(volunteers.home[row]) for row in people}
    found: dict[int, list] = {home: [] for home in homes}
    rows = [row for row, quarter in enumerate(requests.quarter.tolist()) if quarter in homes]
    for row, facts in zip(rows, request_facts(land, volunteers, requests, rows), strict=True):
        found[int(requests.quarter[row])].append(facts)
    return found


def against(size: int, quick: bool) -> list[Line]:
    """Every rival at one size, on a database filled from the same columns."""
    set_up()
    from bench import _freshness, _rivals
    from bench._facts import request_facts, volunteer_facts
    from matching import roster

    land = a_land(max(3, size // PER_QUARTER))
    volunteers = some_volunteers(land, size)
    requests = some_requests(land, volunteers, max(200, size // 100))
    with taking() as writing:
        _freshness.write(land, volunteers, requests)
    with taking() as loading:
        kept = roster.current(now=NOW)
    lines: list[Line] = [
        (f"city.{size}.write_seconds", writing[0], "s", "generated columns into SQLite"),
        (f"roster.{size}.load_seconds", loading[0], "s", "all volunteers from SQLite"),
        (f"roster.{size}.load_peak_megabytes", peak(), "MB", "whole process"),
    ]
    found = list(request_facts(land, volunteers, requests, range(len(requests))))
    asked = [one for one in found if not one.remote][: 8 if quick else 20]

    mine = each(lambda one: kept.top(one, now=NOW), asked, times=PER_REQUEST)
    answers = [[(pair.score, pair.volunteer.id) for pair in kept.top(one, now=NOW)] for one in asked]
    compare = partial(_compare, size, asked, mine, answers)
    people = volunteer_facts(land, volunteers)
    slow = 2 if quick else 5
    lines += compare("geopy_loop", lambda one: _rivals.geodesic_loop(one, people), 1 if quick else 5, slow)
    lines += compare("loop", lambda one: _rivals.best(one, people), 3 if quick else 5, slow)
    lines += compare("orm_python", _rivals.orm, 3 if quick else 5, len(asked))
    lines += _in_postgres(compare, land, volunteers, quick)
    lines += page(size) + _freshness.lines(size, quick)
    return lines


def _in_postgres(compare: Callable[..., list[Line]], land: Land, volunteers: Volunteers, quick: bool) -> list[Line]:
    from bench import _postgres

    times = 3 if quick else 5
    with _postgres.filled(land, volunteers) as there:
        if there is None:
            sys.stdout.write("# no PostgreSQL answers: its figures are left out\n")
            return []
        connection, postgis = there
        lines = compare("postgres_box_python", partial(_postgres.box, connection, land), times)
        if not postgis:
            sys.stdout.write("# PostGIS is not installed: its figures are left out\n")
            return lines
        lines += compare("postgis", partial(_postgres.postgis, connection, land), times)
        near = partial(_postgres.postgis, connection, land, nearest=50)
        return lines + compare("postgis_knn_first", near, times, exact=False)


def _compare(
    size: int,
    asked: list,
    mine: list[float],
    answers: list,
    name: str,
    rival: Callable,
    times: int,
    first: int | None = None,
    *,
    exact: bool = True,
) -> list[Line]:
    """How many times as long the rival takes for the same requests, and for which share it finds the same ten."""
    from bench._rivals import same

    some = asked[:first]
    theirs, once = _asked(rival, some)
    alike = sum(same(a, b) for a, b in zip(answers, theirs, strict=False)) / len(some)
    taken = each(rival, some, times=times) if times > 1 else once  # so slow that it need not be warm
    ratio = median(taken) / median(mine[: len(some)])
    if exact and alike < 1:
        sys.stdout.write(f"# topk.{size}.vs_{name} is void: it found others\n")
    return [
        (f"topk.{size}.vs_{name}", ratio, "times faster", f"{name}, {median(taken) * 1000:.4g} ms"),
        (f"topk.{size}.same_as_{name}", alike, "share", "requests whose ten are the same up to ties"),
    ]


def _asked(rival: Callable, some: list) -> tuple[list, list[float]]:
    """What it finds for each of them, and the seconds it took."""
    found, took = [], []
    for one in some:
        with taking() as once:
            found.append(rival(one))
        took.append(once[0])
    return found, took


def page(size: int) -> list[Line]:
    """The whole way of the desk's page, rows of people and all."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from matching import suggestions
    from matching.models import HelpRequest

    request = HelpRequest.objects.open().for_cards().first()
    assert request is not None
    with CaptureQueriesContext(connection) as asked:
        suggestions.suggestions(request, now=NOW)
    taken = seconds(lambda: suggestions.suggestions(request, now=NOW), times=9)
    return [
        (f"topk.{size}.page_milliseconds", taken * 1000, "ms", "with the queries of the page"),
        (f"topk.{size}.queries", len(asked), "queries", "-"),
    ]
