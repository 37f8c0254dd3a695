"""
Many sockets ask at the same moment; the database is asked once.

While one batch is on its way the next gathers, so that batches grow with the load and nobody waits for company when it
is quiet. A batch that takes long does not hold up the others: after `patience` another lane opens beside it.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

from django.conf import settings
from django.db import connections

_In = TypeVar("_In")
_Out = TypeVar("_Out")


class Together(Generic[_In, _Out]):
    """`work`: a list of questions in, as many answers out; an answer that is an exception is raised to its asker."""

    def __init__(
        self,
        work: Callable[[list[_In]], list[_Out | Exception]],
        *,
        executor: ThreadPoolExecutor,
        lanes: int = 4,
        most: int = 200,
        patience: float = 0.05,
    ) -> None:
        self._work, self._executor = work, executor
        self._lanes, self._most, self._patience = lanes, most, patience
        self._waiting: deque[tuple[_In, asyncio.Future]] = deque()
        self._running: set[asyncio.Task] = set()
        self._watch: asyncio.TimerHandle | None = None

    async def ask(self, question: _In) -> _Out:
        """The answer to this question, found together with those of others."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[_Out] = loop.create_future()
        self._waiting.append((question, answer))
        if not self._running:
            self._open_lane()
        elif self._watch is None:
            self._watch = loop.call_later(self._patience, self._look_again)
        return await answer

    def _look_again(self) -> None:
        self._watch = None
        if self._waiting and len(self._running) < self._lanes:
            self._open_lane()

    def _open_lane(self) -> None:
        task = asyncio.get_running_loop().create_task(self._run())
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _run(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            questions = [question for question, answer in batch if not answer.done()]
            answers = [answer for _question, answer in batch if not answer.done()]
            self._say(answers, await self._asked(questions))

    async def _asked(self, questions: list[_In]) -> list[_Out | Exception]:
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._executor, self._work, questions) if questions else []
        except Exception as problem:  # nobody is left waiting, whatever went wrong
            return [problem] * len(questions)

    @staticmethod
    def _say(answers: list[asyncio.Future], found: list[_Out | Exception]) -> None:
        for answer, said in zip(answers, found, strict=True):
            if answer.done():  # its socket is gone
                continue
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
