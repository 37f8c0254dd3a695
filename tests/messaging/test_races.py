"""Many at once: numbers stay dense, repetitions stay one, on either database, in threads and in processes."""

import random
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import connection, connections

from messaging.actions import mark_read
from messaging.models import Mark
from tests.messaging.talks import a_talk, say
from tests.serving import surroundings

pytestmark = pytest.mark.django_db(transaction=True)

WRITER = """
import sys, django
django.setup()
from uuid import uuid4
from django.utils import timezone
from accounts.models import User
from messaging.actions import post_message
talk, person, count, name = sys.argv[1:]
by = User.objects.get(pk=person)
sys.stdin.read(1)
for number in range(int(count)):
    text = f"{name} {number}"
    posted = post_message(conversation_id=talk, by=by, client_id=uuid4(), body=text, now=timezone.now())
    print(posted.message.seq, flush=True)
"""


def _in_threads(count: int, jobs: list) -> list:
    def closed(job):
        try:
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(closed, jobs))


@pytest.mark.slow
def test_eight_threads_sending_everything_up_to_five_times_store_it_once(ada, ben):
    """2,000 sends of 700 different messages, shuffled."""
    talk, dice = a_talk(), random.Random(7)
    ids = [(uuid4(), (ada, ben)[number % 2]) for number in range(700)]
    sends = (ids * 5)[:2000]
    dice.shuffle(sends)
    jobs = [lambda key=key, by=by: say(talk, by, str(key), key).message.seq for key, by in sends]
    told = _in_threads(8, jobs)
    answers = {key: seq for (key, _), seq in zip(sends, told, strict=True)}
    assert all(answers[key] == seq for (key, _), seq in zip(sends, told, strict=True))
    stored = dict(talk.messages.values_list("client_id", "seq"))
    assert stored == answers
    assert sorted(stored.values()) == list(range(1, len({key for key, _ in sends}) + 1))


@pytest.mark.slow
def test_four_processes_leave_no_gap_and_no_double(ada, ben, tmp_path):
    talk = a_talk()
    people = [ada, ben, ada, ben]
    command = [sys.executable, "-c", WRITER, str(talk.pk)]
    writers = [
        subprocess.Popen(
            [*command, str(person.pk), "50", f"writer {number}"],
            env=surroundings(tmp_path),
            cwd=Path(__file__).parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number, person in enumerate(people)
    ]
    for writer in writers:
        writer.stdin.write("!")
        writer.stdin.flush()
    told = [int(line) for writer in writers for line in writer.communicate(timeout=120)[0].split()]
    assert sorted(told) == list(range(1, 201))
    assert sorted(talk.messages.values_list("seq", flat=True)) == list(range(1, 201))


def test_read_marks_from_many_devices_end_at_the_highest(ada, ben):
    talk = a_talk()
    for _ in range(40):
        say(talk, ada)
    seqs = random.Random(3).sample(range(41), 41)
    _in_threads(8, [lambda seq=seq: mark_read(conversation_id=talk.pk, by=ben, seq=seq) for seq in seqs])
    assert Mark.objects.get(person=ben).read_seq == 40


def test_the_same_id_into_two_talks_at_once_goes_to_one(ada, ben):
    from messaging.errors import ClientIdReused
    from tests.people import a_volunteer

    talks = [a_talk(), a_talk(volunteer=a_volunteer("Emil"))]

    def post(talk, key):
        try:
            return say(talk, ada, "Hallo", key).message.seq and "stored"
        except ClientIdReused:
            return "refused"

    for _ in range(20):
        key = uuid4()
        outcome = _in_threads(2, [lambda talk=talk, key=key: post(talk, key) for talk in talks])
        assert Counter(outcome) == {"stored": 1, "refused": 1}
    assert connection.vendor in ("sqlite", "postgresql")
    for talk in talks:
        seqs = sorted(talk.messages.values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))
