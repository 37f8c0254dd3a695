"""A coroutine begun at once goes on in a task where it has to wait, as if it had begun there."""

import asyncio

import pytest

from messaging.running import rest_of


def _begin(work):
    return work, work.send(None)


async def test_it_goes_on_where_it_waited():
    gate, done = asyncio.Event(), []

    async def work():
        await gate.wait()
        await asyncio.sleep(0)
        await asyncio.sleep(0.01)
        done.append(True)

    task = asyncio.create_task(rest_of(*_begin(work())))
    await asyncio.sleep(0.01)
    assert done == []
    gate.set()
    await task
    assert done == [True]


async def test_its_error_is_the_errors_of_the_task():
    gate = asyncio.Event()

    async def work():
        await gate.wait()
        raise OSError

    task = asyncio.create_task(rest_of(*_begin(work())))
    gate.set()
    with pytest.raises(OSError):
        await task


async def test_the_end_of_the_task_reaches_it():
    told = []

    async def work():
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("over")
            raise

    task = asyncio.create_task(rest_of(*_begin(work())))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told == ["over"]
