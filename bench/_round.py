"""
A round of the whole city and of each quarter: 10,000 requests, 5,000 volunteers, about 150,000 candidate pairs.

The round under the clock is the planner's own, from loaded requests to pairs with reasons, nothing saved. Its problem
is caught on the way and given to the rivals as it is, the rule about overlapping visits with it where they know one.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from bench import _flow
from bench._alone import Line, peak, seconds, taking
from bench._asking import some_requests
from bench._city import NOW, PER_QUARTER, Array, a_land, some_volunteers
from bench._house import set_up

VOLUNTEERS, REQUESTS = 5_000, 10_000
SMALL = 500, 1_000  # volunteers, requests: what a dense matrix still holds


def fill(volunteers: int, requests: int) -> list:
    """A database with such a city; its quarters."""
    set_up()
    from bench import _freshness
    from matching import roster
    from places.models import Quarter

    land = a_land(max(2, volunteers // PER_QUARTER))
    people = some_volunteers(land, volunteers)
    _freshness.write(land, people, some_requests(land, people, requests))
    roster.current(now=NOW)
    return list(Quarter.objects.order_by("pk"))


@contextmanager
def caught() -> Iterator[dict[str, Any]]:
    """What the planner hands to its solver, and how long that took."""
    from matching import planner

    kept: dict[str, Any] = {}
    real = planner.solve

    def solve(problem: Any, **more: Any) -> Any:
        begin = time.perf_counter()
        solution = real(problem, **more)
        kept.update(problem=problem, more=more, solution=solution, seconds=time.perf_counter() - begin)
        return solution

    planner.solve = solve
    try:
        yield kept
    finally:
        planner.solve = real


def repetitions(quick: bool, kept: dict[str, Any]) -> int:
    """Five, in the quick run three; one where a single round is long, or in the quick run not quite short."""
    if kept["seconds"] > (5 if quick else 20):
        return 1
    return 3 if quick else 5


def loads_of(problem: Any, chosen: Array) -> Array:
    return problem.load + np.bincount(problem.volunteer[chosen], minlength=len(problem.room))


def fit_of(problem: Any, chosen: Array) -> float:
    return float(problem.fit[chosen].sum())


def city(quick: bool) -> list[Line]:
    quarters = fill(VOLUNTEERS, REQUESTS)
    from matching import planner

    with taking() as loaded:
        rows = planner.lacking(quarters)
        facts = planner.loading.facts_of_requests(rows, now=NOW)
    with caught() as kept, taking() as whole:
        planned = _planning(planner, rows, facts)
    times = repetitions(quick, kept)
    problem, more = kept["problem"], kept["more"]
    round_taken, solved = whole[0], kept["seconds"]
    if times > 1:
        round_taken = seconds(lambda: _planning(planner, rows, facts), times=times)
        solved = seconds(lambda: solve_of()(problem, **more), times=times)
    touched = seconds(lambda: np.bincount(problem.request, weights=problem.fit), times=99)
    lines: list[Line] = [
        ("round.city.requests", len(problem.needed), "requests", "-"),
        ("round.city.volunteers", len(problem.room), "volunteers", "who are a candidate"),
        ("round.city.edges", len(problem.request), "pairs", "that pass every gate"),
        ("round.city.gap_to_optimum", planned.gap, "share", "proven bound; 0: nothing better exists"),
        ("round.city.filled_share", planned.filled / planned.places, "share", "of all helper places"),
        ("round.city.seconds", round_taken, "s", "candidates, solve, reasons"),
        ("round.city.with_loading_seconds", loaded[0] + whole[0], "s", "once, requests read from the database too"),
        ("round.city.time_vs_bare_solver", round_taken / solved, "times", "solve() alone; at most 3"),
        ("round.city.time_vs_touching_edges", round_taken / touched, "times", "one compiled pass over the edges"),
        ("round.city.peak_megabytes", peak(), "MB", "whole process"),
    ]
    lines += _against_rivals("city", problem, more, solved, rows, times, kept["solution"])
    if not quick:  # another round of the whole city, only to say what spreading the load costs
        lines += _crowding(problem, more, kept["solution"])
    lines += _quarters(quarters, planned)
    return lines


def _planning(planner: Any, rows: list, facts: list) -> Any:
    return planner.Planning(rows, facts, [], now=NOW, tell=lambda *_: None).result(explain=True)


def greedy(problem: Any, together: Any, order: Array) -> list[int]:
    """First come, first served: each request in turn takes the best volunteers who are still free for it."""
    edges = np.lexsort((-problem.fit, np.argsort(order)[problem.request]))
    lacks, room = problem.needed.tolist(), problem.room.tolist()
    held: dict[int, tuple[int, ...]] = {}
    chosen = []
    pairs = zip(edges.tolist(), problem.request[edges].tolist(), problem.volunteer[edges].tolist(), strict=True)
    for edge, request, volunteer in pairs:
        if lacks[request] and room[volunteer]:
            kept = (*held.get(volunteer, ()), request)
            if len(kept) == 1 or together is None or together(volunteer, kept):
                held[volunteer] = kept
                lacks[request] -= 1
                room[volunteer] -= 1
                chosen.append(edge)
    return chosen


def _against_rivals(name: str, problem: Any, more: Any, solved: float, rows: list, times: int, best: Any) -> list[Line]:
    """First come, first served, under the same rule about visits; and the flow, which knows no such rule."""
    together = more.get("together")
    order = np.argsort([row.open_since.timestamp() for row in rows], kind="stable")
    first_come = np.array(greedy(problem, together, order))
    greedy_taken = seconds(lambda: greedy(problem, together, order), times=times)
    free = _flow.flow(problem)
    flow_taken = seconds(lambda: _flow.flow(problem), times=times)
    ours, theirs = fit_of(problem, best.chosen), fit_of(problem, first_come)
    by_greedy = f"first come, first served, {greedy_taken * 1000:.4g} ms"
    by_flow = f"OR-tools min-cost flow, {flow_taken * 1000:.4g} ms"
    return [
        (f"round.{name}.vs_greedy_filled", best.filled / len(first_come), "times", "places, first come, first served"),
        (f"round.{name}.fit_vs_greedy", ours / theirs, "times", "sum of fits, first come, first served"),
        (f"round.{name}.time_vs_greedy", solved / greedy_taken, "times", by_greedy),
        (f"round.{name}.time_vs_flow", solved / flow_taken, "times", by_flow),
        (
            f"round.{name}.below_flow",
            1 - best.filled / len(free),
            "share",
            "places the flow fills, visits at one time too",
        ),
    ]


def solve_of() -> Any:
    from matching.planning import solve

    return solve


def _crowding(problem: Any, more: Any, solution: Any) -> list[Line]:
    """What spreading the load costs, and what it brings."""
    free = solve_of()(replace(problem, crowding=0.0), **more)
    from matching.fairness import gini

    with_price, without = (gini(loads_of(problem, one.chosen).tolist()) for one in (solution, free))
    return [
        ("round.city.gini", with_price, "0..1", "load of all candidates, after the round"),
        ("round.city.gini_without_crowding", without, "0..1", "the same without the price for crowding"),
        ("round.city.crowding_costs_places", free.filled - solution.filled, "places", "0: none is lost"),
        (
            "round.city.crowding_costs_fit",
            1 - fit_of(problem, solution.chosen) / fit_of(problem, free.chosen),
            "share",
            "of the sum of fits",
        ),
    ]


def _quarters(quarters: list, planned: Any) -> list[Line]:
    """Each quarter's own round, and what closed borders would cost."""
    from matching import planner
    from places.models import Border

    gaps, taken = [], []
    for quarter in quarters:
        with taking() as one:
            gaps.append(planner.plan([quarter], now=NOW, explain=False).gap)
        taken.append(one[0])
    Border.objects.update(admitted=False)
    alone = planner.plan(quarters, now=NOW, explain=False)
    return [
        ("round.quarter.gap_to_optimum", max(gaps), "share", f"the worst of {len(quarters)} quarters"),
        (
            "round.quarter.seconds",
            median(taken),
            "s",
            f"median quarter of {REQUESTS // len(quarters)} requests, loading too",
        ),
        ("round.quarter_alone.filled_share", alone.filled / alone.places, "share", "every border closed"),
        ("round.open_borders.fill_more", planned.filled / alone.filled, "times", "every border closed"),
    ]


def small(quick: bool) -> list[Line]:
    """A size that a dense matrix still holds; one place a request, or it would give the same two people two of them."""
    quarters = fill(*SMALL)
    from matching import planner

    with caught() as kept:
        planner.plan(quarters, now=NOW, explain=False)
    times = repetitions(quick, kept)
    problem = replace(kept["problem"], needed=np.minimum(kept["problem"].needed, 1))
    rows = planner.lacking(quarters)
    solve = solve_of()
    solved = seconds(lambda: solve(problem), times=times)
    dense = seconds(lambda: _flow.dense(problem), times=times)
    best = solve(problem)
    by_dense = f"scipy's dense matrix, {dense * 1000:.4g} ms; neither knows of visits at one time"
    return [
        ("round.small.edges", len(problem.request), "pairs", f"{SMALL[1]} requests, {SMALL[0]} volunteers"),
        ("round.small.time_vs_dense", solved / dense, "times", by_dense),
        ("round.small.filled_vs_dense", best.filled / _flow.dense(problem), "times", "the same places are filled"),
        *_against_rivals("small", problem, {}, solved, rows, times, best),
    ]
