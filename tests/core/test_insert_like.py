"""Many rows at once without the ORM are the rows that the ORM would have written."""

from uuid import uuid4

import pytest
from django.utils import timezone

from core.database import insert_like, keys_in
from messaging.models import Notice

pytestmark = pytest.mark.django_db
NAMES = ("id", "person_id", "event")


def a_pattern() -> Notice:
    return Notice(kind="message", written_at=timezone.now(), due_at=timezone.now(), used=[["mail", "then"]])


def like(pattern: Notice, *events: str, person) -> None:
    rows = [(*keys_in([uuid4(), person.pk]), event) for event in events]
    insert_like(pattern, NAMES, rows)


def test_every_column_is_as_the_orm_keeps_it(ada):
    pattern = a_pattern()
    like(pattern, "one", "two", person=ada)
    pattern.person, pattern.event = ada, "three"
    pattern.save()
    kept = Notice.objects.exclude(pk=pattern.pk).values()
    own = Notice.objects.filter(pk=pattern.pk).values().get()
    assert sorted(row["event"] for row in kept) == ["one", "two"]
    for row in kept:
        assert {**row, "id": None, "event": None} == {**own, "id": None, "event": None}


def test_what_is_there_already_stays_as_it_is(ada):
    like(a_pattern(), "one", person=ada)
    before = list(Notice.objects.values())
    like(a_pattern(), "one", "two", person=ada)
    assert Notice.objects.count() == 2
    assert [row for row in Notice.objects.values() if row["event"] == "one"] == before
