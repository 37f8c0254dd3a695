"""What many ask at once is asked together; one that is slow or wrong is so for itself alone."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.utils import timezone

from core.errors import NotVisible
from messaging import wake
from messaging.actions import post_messages
from messaging.actions.messages import a_send
from messaging.errors import ClientIdReused
from messaging.together import Together
from tests.messaging.talks import a_talk
from tests.people import a_volunteer

pool = ThreadPoolExecutor(4)


async def test_while_one_batch_is_away_the_next_gathers():
    batches = []

    def work(questions):
        batches.append(len(questions))
        time.sleep(0.02)
        return [question * 2 for question in questions]

    together = Together(work, executor=pool, patience=1)
    assert await asyncio.gather(*(together.ask(number) for number in range(50))) == [n * 2 for n in range(50)]
    assert len(batches) <= 3


async def test_a_slow_question_holds_up_nobody_else():
    together = Together(lambda questions: [time.sleep(q) or q for q in questions], executor=pool, patience=0.02)
    slow = asyncio.ensure_future(together.ask(0.6))
    await asyncio.sleep(0.01)
    start = time.monotonic()
    await together.ask(0)
    assert time.monotonic() - start < 0.4
    await slow


async def test_an_error_reaches_the_one_who_asked_and_a_crash_everybody():
    def work(questions):
        if "crash" in questions:
            raise RuntimeError
        return [ValueError() if question == "wrong" else question for question in questions]

    together = Together(work, executor=pool)
    told = await asyncio.gather(*(together.ask(q) for q in ("right", "wrong", "right")), return_exceptions=True)
    assert [type(one) for one in told] == [str, ValueError, str]
    with pytest.raises(RuntimeError):
        await together.ask("crash")
    assert await together.ask("right") == "right"


async def test_what_a_batch_wakes_is_told_in_one_turn_with_its_answers_and_before_them():
    turn, heard = 0, []
    loop = asyncio.get_running_loop()
    wake.serve_with(loop, lambda wakes: heard.append((f"{len(wakes)} woken", turn)))

    def work(questions):
        wake.wake([uuid4()], {"type": "wake"})
        time.sleep(0.02)  # in which the loop turns many times
        return questions

    Together(work, executor=pool).ask_for("answer", lambda said: heard.append((said, turn)))
    while len(heard) < 2:
        turn += 1
        await asyncio.sleep(0.001)
    (first, at), (second, later) = heard
    assert (first, second) == ("1 woken", "answer")
    assert at == later > 1


async def test_answers_arrive_also_where_a_wake_goes_wrong():
    def broken(wakes):
        raise RuntimeError

    wake.serve_with(asyncio.get_running_loop(), broken)

    def work(questions):
        wake.wake([uuid4()], {"type": "wake"})
        return questions

    assert await Together(work, executor=pool).ask("heard") == "heard"


@pytest.mark.django_db(transaction=True)
def test_one_bad_send_spoils_none_of_its_neighbours(ada, ben, dora):
    talks, key = [a_talk(), a_talk(volunteer=a_volunteer("Emil"))], uuid4()
    sends = [
        a_send(conversation_id=talk.pk, by=by, client_id=client_id, body=body)
        for talk, by, client_id, body in [
            (talks[0], ada, uuid4(), "eins"),
            (talks[0], dora, uuid4(), "fremd"),
            (talks[1], ada, key, "zwei"),
            (talks[1], ada, key, "zwei"),
            (talks[0], ada, key, "anderswo"),
            (talks[0], ben, uuid4(), "drei"),
        ]
    ]
    told = post_messages(sends, writers=lambda some, members: [send.by for send in some], now=timezone.now())
    assert [type(one).__name__ for one in told] == [
        "Posted",
        "NotVisible",
        "Posted",
        "Posted",
        "ClientIdReused",
        "Posted",
    ]
    assert isinstance(told[1], NotVisible)
    assert isinstance(told[4], ClientIdReused)
    assert (told[3].message.pk, told[3].repeated) == (told[2].message.pk, True)
    for talk, count in zip(talks, (2, 1), strict=True):
        talk.refresh_from_db()
        assert list(talk.messages.values_list("seq", flat=True)) == list(range(1, count + 1))
        assert talk.last_seq == count
