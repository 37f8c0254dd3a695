"""One change against a full round: what was there is repaired, and the optimum must be that of a full round."""

import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any

from bench import _round
from bench._alone import Line, seconds
from bench._city import NOW


def lines(quick: bool) -> list[Line]:
    """Four kinds of change, some of each, on the problem of the whole city; without and with the rule about visits."""
    quarters = _round.fill(_round.VOLUNTEERS, _round.REQUESTS)
    from matching import planner, planning

    if not hasattr(planning, "Plan"):
        sys.stdout.write("# there is no plan that can be repaired: its figures are left out\n")
        return []
    with _round.caught() as kept:
        planner.plan(quarters, now=NOW, explain=False)
    problem, together = kept["problem"], kept["more"].get("together")
    times = _round.repetitions(quick, kept)
    free = _changed(planning, problem, None, seconds(lambda: planning.solve(problem), times=times), 10 if quick else 25)
    full = seconds(lambda: planning.solve(problem, together=together), times=times)
    held = _changed(planning, problem, together, full, 3 if quick else 10)
    against = "a full solve of the flow, no visits at one time looked for; at most 0.01"
    return [
        ("round.incremental.share_of_full", median(free), "share", against),
        ("round.incremental.worst_share_of_full", max(free), "share", "the slowest of these changes"),
        ("round.incremental.with_visits_share_of_full", median(held), "share", "the same with the rule about visits"),
    ]


def _changed(planning: Any, problem: Any, together: Any, full: float, times: int) -> list[float]:
    """The share of a full solve that each change takes. Raises AssertionError where the optimum is another."""
    twin: dict[int, int] = {}  # a new request -> the one whose times it has
    if together is not None:
        asked = together

        def together(volunteer: int, requests: tuple[int, ...]) -> bool:
            return asked(volunteer, tuple(sorted(twin.get(one, one) for one in requests)))

    plan = planning.Plan(problem, together=together)
    chosen = plan.solution.chosen
    pairs = [plan.pair(int(edge)) for edge in chosen[:: max(1, len(chosen) // (4 * times))]]
    taken = []
    for kind in CHANGES:
        for _ in range(times):
            request, volunteer = pairs.pop(0)
            begin = time.perf_counter()
            kind(plan, request, volunteer, problem, twin)
            found = plan.solution
            taken.append((time.perf_counter() - begin) / full)
        anew = planning.solve(plan.problem()[0], together=together)
        same = (anew.filled, anew.priority) == (found.filled, found.priority) and abs(anew.fit - found.fit) < 1e-3
        assert same or anew.gap or found.gap, f"{kind.__name__}: another optimum than a full round"
    return taken


def withdrawn(plan: Any, request: int, volunteer: int, problem: Any, twin: dict[int, int]) -> None:
    plan.remove_request(request)


def declined(plan: Any, request: int, volunteer: int, problem: Any, twin: dict[int, int]) -> None:
    plan.forbid(request, volunteer)


def has_less_room(plan: Any, request: int, volunteer: int, problem: Any, twin: dict[int, int]) -> None:
    plan.change_room(volunteer, 0)


def asked_anew(plan: Any, request: int, volunteer: int, problem: Any, twin: dict[int, int]) -> None:
    """A new request with the candidates of another."""
    mine = problem.request == request
    fits = dict(zip(problem.volunteer[mine].tolist(), problem.fit[mine].tolist(), strict=True))
    twin[plan.add_request(needed=1, priority=int(problem.priority[request]), fits=fits)] = request


CHANGES: tuple[Callable[[Any, int, int, Any, dict[int, int]], None], ...] = (
    withdrawn,
    declined,
    has_less_room,
    asked_anew,
)
