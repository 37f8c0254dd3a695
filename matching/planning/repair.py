"""
A good answer that keeps to the oracle, made from a flow that does not: give up what does not go together, then place
those who lost their volunteer with others, directly or by moving one request that is in the way. And better: give a
place to a request of higher priority.
"""

from collections.abc import Iterable

import numpy as np

from matching.planning.flow import Mask
from matching.planning.problem import Instance, Together

PASSES = 4  # over the requests that still lack somebody
OVER = 1  # so many others may hand on their place in one trade; with two the city takes minutes


def improved(instance: Instance, used: Mask, together: Together) -> Mask:
    """At least as many places as `used` fills, which already keeps to the oracle."""
    table = _Seats(instance, used, together)
    for _ in range(PASSES):
        lacking = [request for request in table.lacking() if table.seat(request)]
        if not lacking:
            break
    return table.used


def traded(instance: Instance, used: Mask, together: Together) -> Mask:
    """
    As many places as `used` fills, with those of higher priority among them.

    A request takes the place of a lower one, or of another that then takes such a place.
    """
    table = _Seats(instance, used, together)
    for over in range(OVER + 1):
        for _ in range(PASSES):
            if not [
                one for one in table.lacking() if table.trade(one, int(instance.priority[one]), over, frozenset([one]))
            ]:
                break
    return table.used


class _Seats:
    """Who serves whom at the moment, and what could be changed."""

    def __init__(self, instance: Instance, used: Mask, together: Together) -> None:
        self.instance, self.used, self._together = instance, used.copy(), together
        self._request, self._volunteer = instance.request.tolist(), instance.volunteer.tolist()
        self._group = instance.group.tolist()
        self._edges: dict[int, list[int]] = {}
        for edge in np.argsort(-instance.worth, kind="stable").tolist():
            self._edges.setdefault(self._request[edge], []).append(edge)
        self._served = np.bincount(instance.request[used], minlength=len(instance.needed)).tolist()
        self._inside = np.bincount(instance.group[used & (instance.group >= 0)], minlength=len(instance.most)).tolist()
        self._held: dict[int, list[int]] = {}
        for edge in np.nonzero(used)[0].tolist():
            self._held.setdefault(self._volunteer[edge], []).append(edge)

    def lacking(self) -> Iterable[int]:
        """Requests with a place free, the highest priority first."""
        found = [request for request in self._edges if self._served[request] < int(self.instance.needed[request])]
        return sorted(found, key=lambda request: (-int(self.instance.priority[request]), request))

    def seat(self, request: int) -> bool:
        """One more volunteer for this request; True where one was found."""
        for edge in self._edges[request]:
            if not self.used[edge] and self._fits(edge, None):
                self._add(edge)
                return True
        return any(self._by_moving(edge) for edge in self._edges[request] if not self.used[edge])

    def trade(self, request: int, below: int, over: int, before: frozenset[int]) -> bool:
        """The place of a request whose priority is `below`; `over` so many others, none of those `before`."""
        for edge in self._edges[request]:
            for other in () if self.used[edge] else tuple(self._held.get(self._volunteer[edge], ())):
                loser = self._request[other]
                if loser in before or not self._fits(edge, other):
                    continue
                self._drop(other)
                self._add(edge)
                if self._is_below(loser, below) or (over and self.trade(loser, below, over - 1, before | {loser})):
                    return True
                self._drop(edge)
                self._add(other)
        return False

    def _is_below(self, request: int, priority: int) -> bool:
        return int(self.instance.priority[request]) < priority

    def _by_moving(self, edge: int) -> bool:
        """Take this volunteer, and give one of theirs to somebody else."""
        for other in list(self._held.get(self._volunteer[edge], ())):
            if not self._fits(edge, other):
                continue
            for way_out in self._edges[self._request[other]]:
                elsewhere = not self.used[way_out] and self._volunteer[way_out] != self._volunteer[edge]
                if elsewhere and self._fits(way_out, None):
                    self._drop(other)
                    self._add(way_out)
                    self._add(edge)
                    return True
        return False

    def _fits(self, edge: int, instead_of: int | None) -> bool:
        volunteer, group = self._volunteer[edge], self._group[edge]
        held = [one for one in self._held.get(volunteer, ()) if one != instead_of]
        if len(held) >= int(self.instance.room[volunteer]):
            return False
        freed = instead_of is not None and self._group[instead_of] == group
        if group >= 0 and self._inside[group] - freed >= int(self.instance.most[group]):
            return False
        requests = tuple(sorted(self._request[one] for one in [*held, edge]))
        return len(requests) < 2 or self._together(volunteer, requests)

    def _add(self, edge: int) -> None:
        self.used[edge] = True
        self._held.setdefault(self._volunteer[edge], []).append(edge)
        self._count(edge, 1)

    def _drop(self, edge: int) -> None:
        self.used[edge] = False
        self._held[self._volunteer[edge]].remove(edge)
        self._count(edge, -1)

    def _count(self, edge: int, by: int) -> None:
        self._served[self._request[edge]] += by
        if self._group[edge] >= 0:
            self._inside[self._group[edge]] += by
