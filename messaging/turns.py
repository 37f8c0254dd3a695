"""The frames of one socket, one at a time: what comes while another is at work waits behind it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from messaging.parsing import LARGEST

if TYPE_CHECKING:
    from messaging.lines import Line

MOST_WAITING = 20  # frames; then nothing more is read from this line


class Turns:
    """`begin` is called with each frame in its turn, and `done` when its answer is there, at once or later."""

    __slots__ = ("_begin", "_idle", "_is_at_work", "_is_going", "_is_held", "_line", "_waiting", "are_over")

    def __init__(self, begin: Callable[[str | None], None], line: "Line | None") -> None:
        self._begin, self._line = begin, line
        self._waiting: list[str | None] = []  # a deque takes 0.7 kB also when it is empty
        self._is_at_work = self._is_going = self._is_held = self.are_over = False
        self._idle: asyncio.Future[None] | None = None

    def take(self, text: str | None) -> None:
        """A frame came in; None: not as text. One that is too long is no frame, and not kept."""
        if self.are_over:
            return
        self._waiting.append(text if text and len(text) <= LARGEST else None)
        self._go_on()
        if self._line and len(self._waiting) > MOST_WAITING and not self._is_held:
            self._is_held = True
            self._line.hold(True)

    def done(self) -> None:
        """The next may begin."""
        self._is_at_work = False
        self._go_on()

    async def rest(self) -> None:
        """Until nothing is left of what came."""
        if self._is_at_work:
            self._idle = asyncio.get_running_loop().create_future()
            await self._idle

    def stop(self) -> None:
        """No other frame begins, and none is kept; the line is read again, for the goodbye of the other side."""
        self.are_over = True
        self._waiting.clear()
        self._make_room()

    def _go_on(self) -> None:
        if self._is_going:  # a frame that is done at once comes here from within
            return
        self._is_going = True
        while self._waiting and not self._is_at_work:
            self._is_at_work = True
            self._begin(self._waiting.pop(0))
        self._is_going = False
        if not self._is_at_work:
            self._make_room()

    def _make_room(self) -> None:
        if self._line and self._is_held:
            self._is_held = False
            self._line.hold(False)
        if self._idle and not self._idle.done():
            self._idle.set_result(None)
