"""One changed request, looked at alone as the house does after a change, against a full round of the city."""

from statistics import median

from bench import _round
from bench._alone import Line, each, taking
from bench._city import NOW


def lines(quick: bool) -> list[Line]:
    """What others were proposed stays as it is, so this is the time of a small round and no new optimum."""
    quarters = _round.fill(_round.VOLUNTEERS, _round.REQUESTS)
    from matching import planner

    with taking() as full:
        planned = planner.plan(quarters, now=NOW, explain=False)
    rows = [pair.request for pair in planned.pairs[:: max(1, len(planned.pairs) // (10 if quick else 25))]]
    alone = each(lambda row: planner.plan([row.quarter], now=NOW, requests={row.pk}), rows, times=3)
    against = "a full round, loading too; the small round leaves the others where they are, so no new optimum"
    return [
        ("round.incremental.share_of_full", median(alone) / full[0], "share", against),
        ("round.incremental.worst_share_of_full", max(alone) / full[0], "share", "the slowest of these changes"),
    ]
