"""One change in a quarter: its standing round made the best again, and the small round of the house."""

from collections.abc import Iterator
from dataclasses import replace
from statistics import median
from typing import Any

import numpy as np

from bench import _round
from bench._alone import Line, each, taking
from bench._city import NOW, Array

EVERY = 5  # the quarters looked at: one of so many


def lines(quick: bool) -> list[Line]:
    quarters = _round.fill(_round.VOLUNTEERS, _round.REQUESTS)
    shares, same = [], []
    for quarter in quarters[::EVERY]:
        for share, is_same in _changes(quarter, times=1 if quick else 3):
            shares.append(share)
            same.append(is_same)
    against = "a full round of the quarter, candidates too; the same optimum, both proven"
    return [
        ("round.incremental.share_of_full", median(shares), "share", against),
        ("round.incremental.worst_share_of_full", max(shares), "share", "the slowest of these changes"),
        ("round.incremental.same_optimum", sum(same) / len(same), "share", "of the changes; solved anew each time"),
        *_small_rounds(quarters, quick),
    ]


def _changes(quarter: Any, *, times: int) -> Iterator[tuple[float, bool]]:
    """Per change: its time as a share of the full round, and whether the optimum is that of a round made anew."""
    from matching import planner
    from matching.planning import Standing, solve

    with _round.caught() as kept, taking() as full:
        planner.plan([quarter], now=NOW, explain=False)
    problem, together = kept["problem"], kept["more"]["together"]
    standing = Standing(problem, together=together)
    for number in range(times):
        for kept_edges in _without_something(problem, standing.solution.chosen, number):
            changed = _only(problem, kept_edges)
            for one, anew in ((changed, solve(changed, together=together)), (problem, kept["solution"])):
                with taking() as change:
                    found = standing.change(one, together=together)
                yield change[0] / full[0], _value(found) == _value(anew)


def _value(solution: Any) -> tuple:
    return solution.filled, solution.priority, round(solution.fit, 4), solution.gap


def _without_something(problem: Any, chosen: Array, number: int) -> Iterator[Array]:
    """A request withdrawn, a volunteer gone, a pair that said no: masks over the edges. Each undone is a change too."""
    edge = int(chosen[(2 * number + 1) * len(chosen) // 8])
    yield problem.request != problem.request[edge]
    yield problem.volunteer != problem.volunteer[edge]
    yield np.arange(len(problem.request)) != edge


def _only(problem: Any, which: Array) -> Any:
    ends = ("request", "volunteer", "fit", *(["group"] if problem.group is not None else []))
    return replace(problem, **{name: getattr(problem, name)[which] for name in ends})


def _small_rounds(quarters: list, quick: bool) -> list[Line]:
    """What the house does after a change: others keep their proposals, so this is no new optimum of all."""
    from matching import planner

    shares = []
    for quarter in quarters[::EVERY]:
        with taking() as full:
            planned = planner.plan([quarter], now=NOW, explain=False)
        rows = [pair.request for pair in planned.pairs[:: max(1, len(planned.pairs) // (4 if quick else 10))]]
        alone = each(lambda row: planner.plan([row.quarter], now=NOW, requests={row.pk}), rows, times=3)
        shares += [one / full[0] for one in alone]
    against = "a full round of the quarter, loading too; others keep their proposals, so no new optimum"
    return [("round.small_round.share_of_full", median(shares), "share", against)]
