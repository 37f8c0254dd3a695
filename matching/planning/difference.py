"""In what two problems about the same people differ: what was found out about the first mostly holds in the second."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from matching.planning.flow import Mask
from matching.planning.problem import HIGHEST_PRIORITY, Instance, Ints

MOST = 64  # what a group holds beyond this makes no difference


@dataclass(frozen=True, eq=False)
class Difference:
    """
    `rules`: volunteers who may serve other requests together than before, or at another price: touched, or with other
    groups, room or load. `worths`: those with an edge that is worth something else. `pairs`: volunteer -> the requests
    they are a candidate for in only one of the two. `old`, `new`: the edges that are in both, by their numbers in each.
    """

    rules: frozenset[int]
    worths: frozenset[int]
    pairs: dict[int, set[int]]
    old: Ints
    new: Ints

    def carried(self, mask: Mask, edges: int) -> Mask:
        """A mask over the old edges as one over the new ones, of which there are so many."""
        found = np.zeros(edges, np.bool_)
        found[self.new] = mask[self.old]
        return found


def difference(old: Instance, new: Instance, touched: Collection[int]) -> Difference:
    """From the one to the other. `touched`: volunteers for whom the oracle answers differently."""
    in_old, in_new = _in_both(old, new)
    worths = _points(old)[in_old] != _points(new)[in_new]
    groups = _grouped(old)[in_old] != _grouped(new)[in_new]
    rules = {*touched, *_others(old, new), *new.volunteer[in_new[groups]].tolist()}
    pairs: dict[int, set[int]] = {}
    for one, both in ((old, in_old), (new, in_new)):
        alone = np.delete(np.arange(len(one.request)), both)
        for who, request in zip(one.volunteer[alone].tolist(), one.request[alone].tolist(), strict=True):
            pairs.setdefault(who, set()).add(request)
    return Difference(frozenset(rules), frozenset(new.volunteer[in_new[worths]].tolist()), pairs, in_old, in_new)


def places_in(sorted_: Ints, wanted: Ints) -> tuple[Ints, Mask]:
    """Where each wanted number stands among the ascending ones, and whether it stands there at all."""
    if not len(sorted_):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(sorted_, wanted), len(sorted_) - 1)
    return at, sorted_[at] == wanted


def _in_both(old: Instance, new: Instance) -> tuple[Ints, Ints]:
    people = max(len(old.room), len(new.room)) + 1  # edges stand in the order of (request, volunteer)
    at, there = places_in(old.request * people + old.volunteer, new.request * people + new.volunteer)
    return at[there], np.nonzero(there)[0]


def _others(old: Instance, new: Instance) -> list[int]:
    """With another room or load than before."""
    known = min(len(old.room), len(new.room))
    same = (old.room[:known] == new.room[:known]) & (old.load[:known] == new.load[:known])
    return np.nonzero(~same)[0].tolist() + list(range(known, len(new.room)))


def _points(instance: Instance) -> Ints:
    return instance.worth * (HIGHEST_PRIORITY + 1) + instance.priority[instance.request]


def _grouped(instance: Instance) -> Ints:
    """Per edge a number for its group: the lowest request of it, and how many it holds."""
    first = np.full(len(instance.most) + 1, len(instance.needed))
    np.minimum.at(first, instance.group, instance.request)
    inside = instance.group >= 0
    most = np.append(instance.most, 0)[instance.group]
    return np.where(inside, first[instance.group] * MOST + np.minimum(most, MOST - 2) + 1, 0)
