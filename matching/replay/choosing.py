"""Choose jointly for all requests of one round: most places, then priority, then fit. Exact; pure."""

from collections.abc import Mapping
from uuid import UUID

import numpy as np
from scipy.optimize import linear_sum_assignment

PLACE, PRIORITY = 1e9, 1e3  # what a filled place and a point of priority are worth beside a fit of at most 1
CROWDING = 0.05  # fit that each further request of the same volunteer costs

Edge = tuple[UUID, UUID]  # request, volunteer


def choose(
    fits: Mapping[Edge, float],
    *,
    places: Mapping[UUID, int],
    priority: Mapping[UUID, int],
    room: Mapping[UUID, int],
) -> frozenset[Edge]:
    """
    The best set of pairs. `fits`: the pairs that may be; `places` each request lacks; `room` each volunteer has.

    The order of the input changes nothing: equal ones are taken by their keys.
    """
    rows = [(request, place) for request in sorted({pair[0] for pair in fits}) for place in range(places[request])]
    people = sorted({pair[1] for pair in fits})
    columns = [(one, turn) for one in people for turn in range(min(room[one], len(rows)))]
    value = np.zeros((len(rows), len(columns)))
    for i, (request, _place) in enumerate(rows):
        for j, (one, turn) in enumerate(columns):
            if (request, one) in fits:
                worth = PLACE + PRIORITY * priority[request]
                value[i, j] = worth + fits[request, one] - CROWDING * turn
    taken = zip(*linear_sum_assignment(value, maximize=True), strict=True) if value.size else ()
    return frozenset((rows[i][0], columns[j][0]) for i, j in taken if value[i, j])
