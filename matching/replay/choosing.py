"""Choose jointly for all requests of one round, as a round itself does. Pure."""

from collections.abc import Mapping
from uuid import UUID

import numpy as np

from matching.planner import CROWDING
from matching.planning import Problem, solve

Edge = tuple[UUID, UUID]  # request, volunteer


def choose(
    fits: Mapping[Edge, float],
    *,
    places: Mapping[UUID, int],
    priority: Mapping[UUID, int],
    room: Mapping[UUID, int],
    load: Mapping[UUID, int],
) -> frozenset[Edge]:
    """
    The best set of pairs: most places, then priority, then fit. The order of the input changes nothing.

    `fits`: the pairs that may be. `places` each request lacks; `room` each volunteer has beside their `load`.
    """
    edges = sorted(fits)
    if not edges:
        return frozenset()
    requests = {key: spot for spot, key in enumerate(sorted({request for request, _one in edges}))}
    people = {key: spot for spot, key in enumerate(sorted({one for _request, one in edges}))}
    problem = Problem(
        needed=np.array([places[key] for key in requests]),
        priority=np.array([priority[key] for key in requests]),
        room=np.array([room[key] for key in people]),
        load=np.array([load[key] for key in people]),
        request=np.array([requests[request] for request, _one in edges], np.int32),
        volunteer=np.array([people[one] for _request, one in edges], np.int32),
        fit=np.array([fits[edge] for edge in edges]),
        crowding=CROWDING,
    )
    return frozenset(edges[spot] for spot in solve(problem).chosen)
