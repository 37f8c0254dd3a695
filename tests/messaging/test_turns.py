"""One frame at a time, in the order in which they came, and never more read than is worked off."""

import asyncio

from messaging.parsing import LARGEST
from messaging.turns import MOST_WAITING, Turns


class Line:
    def __init__(self) -> None:
        self.held: list[bool] = []

    def hold(self, on: bool) -> None:
        self.held.append(on)


async def test_a_frame_waits_until_the_one_before_it_is_done():
    begun: list[str | None] = []
    turns = Turns(begun.append, None)
    for text in ("one", "two", None):
        turns.take(text)
    assert begun == ["one"]
    turns.done()
    turns.done()
    assert begun == ["one", "two", None]


async def test_thousands_that_are_done_at_once_do_not_pile_up():
    begun: list[str | None] = []

    def begin(text):
        begun.append(text)
        if text != "first":
            turns.done()

    turns = Turns(begin, None)
    for text in ("first", *map(str, range(5000))):
        turns.take(text)
    turns.done()
    assert len(begun) == 5001


async def test_a_line_that_brings_more_than_is_worked_off_is_held_meanwhile():
    line = Line()
    turns = Turns(lambda _: None, line)
    for number in range(MOST_WAITING + 3):
        turns.take(str(number))
    assert line.held == [True]
    for _ in range(MOST_WAITING + 3):
        turns.done()
    assert line.held == [True, False]


async def test_rest_comes_when_nothing_is_left():
    turns = Turns(lambda _: None, None)
    await turns.rest()
    turns.take("one")
    turns.take("two")
    resting = asyncio.create_task(turns.rest())
    await asyncio.sleep(0)
    turns.done()
    await asyncio.sleep(0)
    assert not resting.done()
    turns.done()
    await resting


async def test_after_the_end_nothing_begins():
    begun: list[str | None] = []
    turns = Turns(begun.append, None)
    turns.take("one")
    turns.take("two")
    turns.stop()
    turns.done()
    turns.take("three")
    assert begun == ["one"]


async def test_at_the_end_a_held_line_is_read_again():
    line = Line()
    turns = Turns(lambda _: None, line)
    for number in range(MOST_WAITING + 3):
        turns.take(str(number))
    turns.stop()
    assert line.held == [True, False]


async def test_what_is_too_long_for_a_frame_is_not_kept():
    begun: list[str | None] = []
    turns = Turns(begun.append, None)
    turns.take("x" * (LARGEST + 1))
    assert begun == [None]
