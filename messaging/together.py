"""
Many sockets ask at the same moment; the database is asked once.

While one batch is on its way the next gathers, so that batches grow with the load and nobody waits for company when it
is quiet. A batch that takes long does not hold up the others: after `patience` another lane opens beside it. What is
in no hurry can `gather` for so many seconds first.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any, Generic, NamedTuple, TypeVar

from django.conf import settings
from django.db import connections

from messaging import wake

log = logging.getLogger("gemeinsinn.messaging")
_In = TypeVar("_In")
_Out = TypeVar("_Out")
# What came of a batch, and whom it wakes; None: who had it is gone, and perhaps it was done.
Back = Callable[[list | None, list[wake.Wake]], None]


class _Asked(NamedTuple, Generic[_In, _Out]):
    """`told` hears the answer, on the loop; `asker`: who waits for it, None where nobody can go away meanwhile."""

    question: _In
    told: Callable[[_Out | Exception], None]
    asker: asyncio.Future | None = None


class Together(Generic[_In, _Out]):
    """
    `work`: a list of questions in, as many answers out; an answer that is an exception is raised to its asker.

    `helper`: asked first, on the loop; True where it takes the questions, and then it calls the second argument there.
    Only for work that can be done twice.
    """

    def __init__(
        self,
        work: Callable[[list[_In]], list[_Out | Exception]],
        *,
        executor: ThreadPoolExecutor,
        lanes: int = 4,
        most: int = 200,
        patience: float = 0.05,
        gather: float = 0.0,
        helper: Callable[[list[_In], Back], bool] | None = None,
    ) -> None:
        self._work, self._executor, self._helper = work, executor, helper
        self._lanes, self._most, self._patience, self._gather = lanes, most, gather or patience, gather
        self._waiting: deque[_Asked[_In, _Out]] = deque()
        self._running = 0
        self._watch: asyncio.TimerHandle | None = None

    async def ask(self, question: _In) -> _Out:
        """The answer to this question, found together with those of others."""
        answer: asyncio.Future[_Out] = asyncio.get_running_loop().create_future()
        self._ask(_Asked(question, lambda said: _settle(answer, said), answer))
        return await answer

    def ask_for(self, question: _In, told: Callable[[_Out | Exception], None]) -> None:
        """As `ask`, for whoever can be called back: no future and no task has to be woken for it."""
        self._ask(_Asked(question, told))

    def _ask(self, asked: _Asked[_In, _Out]) -> None:
        self._waiting.append(asked)
        if not self._running and not self._gather:
            self._open_lane()
        elif self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(self._patience, self._look_again)

    def _look_again(self) -> None:
        self._watch = None
        if self._waiting and self._running < self._lanes:
            self._open_lane()

    def _open_lane(self) -> None:
        self._running += 1
        self._send_off(asyncio.get_running_loop())

    def _send_off(self, loop: asyncio.AbstractEventLoop) -> None:
        """The next batch to the helper or into a thread; the lane ends where nobody waits."""
        batch: list[_Asked[_In, _Out]] = []
        while self._waiting and len(batch) < self._most:
            asked = self._waiting.popleft()
            if asked.asker is None or not asked.asker.done():  # else its socket is gone
                batch.append(asked)
        if not batch:
            self._running -= 1
        elif not (self._helper and self._helper([asked.question for asked in batch], partial(self._back, batch, loop))):
            self._executor.submit(self._work_off, batch, loop)

    def _back(
        self,
        batch: list[_Asked[_In, _Out]],
        loop: asyncio.AbstractEventLoop,
        found: list[_Out | Exception] | None,
        wakes: list[wake.Wake],
    ) -> None:
        if found is None:
            self._executor.submit(self._work_off, batch, loop)
        else:
            self._come_back(batch, found, wakes, loop)

    def _work_off(self, batch: list[_Asked[_In, _Out]], loop: asyncio.AbstractEventLoop) -> None:
        found, wakes = worked(self._work, [asked.question for asked in batch])
        with suppress(RuntimeError):  # the loop is closed, and nobody there any more
            loop.call_soon_threadsafe(self._come_back, batch, found, wakes, loop)

    def _come_back(
        self,
        batch: list[_Asked[_In, _Out]],
        found: list[_Out | Exception],
        wakes: list[wake.Wake],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        """All answers and wakes in one go, so that what one socket hears of both leaves in one write."""
        self._send_off(loop)  # first: the thread works while the answers go out
        _tell(wake.now, wakes)
        for asked, said in zip(batch, found, strict=True):
            _tell(asked.told, said)


def worked(
    work: Callable[[list[_In]], list[_Out | Exception]], questions: list[_In]
) -> tuple[list[_Out | Exception], list[wake.Wake]]:
    """The answers, and whom to wake. Raises nothing: nobody is left waiting, whatever went wrong."""
    with wake.kept() as wakes:
        try:
            return work(questions), wakes
        except Exception as problem:
            return [problem] * len(questions), wakes


def _tell(told: Callable[[Any], None], said: object) -> None:
    try:
        told(said)
    except Exception as problem:  # the others want to hear theirs
        log.error("answer lost problem=%s", type(problem).__name__)


def _settle(answer: asyncio.Future, said: object) -> None:
    if answer.done():
        return
    if isinstance(said, Exception):
        answer.set_exception(said)
    else:
        answer.set_result(said)


def on_a_kept_connection(work: Callable[[list], list], questions: list) -> list:
    """A new connection to SQLite reads the whole schema first: longer than a batch takes. So each serves a while."""
    connection = connections["default"]
    connection.close_if_unusable_or_obsolete()
    if connection.connection is None:
        connection.connect()
        connection.close_at = time.monotonic() + settings.TALK_CONNECTION_SECONDS
    try:
        return work(questions)
    finally:
        connection.close_if_unusable_or_obsolete()
