"""Connected blocks of the candidate graph: what happens in one cannot matter in another."""

from collections.abc import Iterator

import numpy as np

from matching.planning.problem import Instance, Ints

BATCH = 20_000  # edges: small blocks are solved together until there are so many


def live(instance: Instance) -> Ints:
    """The edges that could be chosen at all: somebody is needed, and there is room."""
    could = (instance.needed[instance.request] > 0) & (instance.room[instance.volunteer] > 0)
    return np.flatnonzero(could)


def labels(instance: Instance, edges: Ints) -> Ints:
    """For each of `edges` the number of its block, numbered by their first request."""
    requests = len(instance.needed)
    one, other = instance.request[edges], requests + instance.volunteer[edges]
    root = np.arange(requests + len(instance.room))
    while True:
        least = np.minimum(root[one], root[other])
        before = root.copy()
        for end in (one, other, before[one], before[other]):
            np.minimum.at(root, end, least)
        root = root[root]
        if np.array_equal(root, before):
            return np.unique(root[one], return_inverse=True)[1]


def blocks(instance: Instance, edges: Ints) -> list[Ints]:
    """These edges, block by block."""
    if not len(edges):
        return []
    label = labels(instance, edges)
    order = np.argsort(label, kind="stable")
    return np.split(edges[order], np.flatnonzero(np.diff(label[order])) + 1)


def batches(parts: list[Ints]) -> Iterator[Ints]:
    """Whole blocks, gathered."""
    held: list[Ints] = []
    for part in parts:
        held.append(part)
        if sum(map(len, held)) >= BATCH:
            yield np.sort(np.concatenate(held))
            held = []
    if held:
        yield np.sort(np.concatenate(held))
