"""A coroutine that was begun outside of a task, and has to wait after all."""

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from typing import Any


async def rest_of(begun: Coroutine[Any, Any, None], first: Any) -> None:
    """Runs `begun` to its end in this task. `first`: what it already waits for, as its first step gave it."""
    await _Rest(begun, first)


class _Rest:
    def __init__(self, begun: Coroutine[Any, Any, None], first: Any) -> None:
        self._begun, self._first = begun, first

    def __await__(self) -> Generator[Any, Any, None]:
        waits_for = self._first
        while True:
            step: Callable[[], Any]
            try:
                step = partial(self._begun.send, (yield waits_for))
            except BaseException as thrown:  # the end of the task, too
                step = partial(self._begun.throw, thrown)
            try:
                waits_for = step()
            except StopIteration:
                return
