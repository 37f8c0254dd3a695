"""Connected blocks of the graph of candidates: what happens in one touches no other."""

import numpy as np

from matching.planning.problem import Instance, Ints


def blocks_of(instance: Instance) -> list[Ints]:
    """The edges of each connected block, in the order of the smallest request in it."""
    if not len(instance.request):
        return []
    label = _labels(instance)[instance.request]
    order = np.argsort(label, kind="stable")
    heads = np.unique(label[order], return_index=True)[1]
    return np.split(order, heads[1:])


def _labels(instance: Instance) -> Ints:
    """Request -> the smallest request it hangs together with: the lowest label runs along the edges until it rests."""
    mine = np.arange(len(instance.needed))
    theirs = np.full(len(instance.room), len(mine))
    while True:
        before = mine.copy()
        np.minimum.at(theirs, instance.volunteer, mine[instance.request])
        np.minimum.at(mine, instance.request, theirs[instance.volunteer])
        mine = mine[mine]  # a label's own label, so that long chains take few turns
        if np.array_equal(before, mine):
            return mine
