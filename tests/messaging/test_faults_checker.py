"""The judge of `./run faults` is judged first: fifty broken histories it must see, thirty sound ones it must not."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.faults.checker import complaints
from tests.faults.history import Books, Event, History, Stored

ADA, BEN, DORA = "ada", "ben", "dora"


def a_sound_history(seed: int) -> History:
    """Ada and Ben write on three devices; some answers get lost, some sends are refused, one device is shut out."""
    dice, history = random.Random(seed), History()
    history.owners = {"a1": ADA, "a2": ADA, "b1": BEN, "b2": BEN}
    history.members = {"t": [ADA, BEN]}
    at = 0.0
    for number in range(dice.randint(8, 20)):
        device, key = dice.choice(["a1", "a2", "b1"]), f"m{number}"
        at += 1
        history.events.append(Event("invoke", device, at, "t", key, body=f"text {key}"))
        fate = dice.choice(["ok", "ok", "ok", "unknown stored", "unknown gone", "fail"]) if number > 3 else "ok"
        if fate in ("ok", "unknown stored"):
            seq = len(history.stored) + 1
            history.stored.append(Stored("t", seq, key, history.owners[device], f"text {key}"))
        if fate == "ok":
            history.events.append(Event("ok", device, at + 0.1, "t", key, seq))
        elif fate == "fail":
            history.events.append(Event("fail", device, at + 0.1, "t", key, body="talk_closed"))
        else:
            history.events.append(Event("unknown", device, at + 0.1, "t", key))
    _take_back(history, 2, at + 1)
    for device in ("a1", "a2", "b1"):
        history.showing[device] = {row.seq: row.body for row in history.stored if not row.deletes}
        for row in history.stored:
            history.events.append(Event("shown", device, at + row.seq, "t", row.client_id, row.seq))
    history.shut = {"b2": 2.5}
    history.events += [Event("shown", "b2", 2.2, "t", row.client_id, row.seq) for row in history.stored[:2]]
    history.events += [Event("mark", "a1", at, "t", seq=seq, person=BEN) for seq in (1, 3, 3)]
    whole = [(row.seq, row.client_id) for row in history.stored]
    history.fetched = {device: {"t": list(whole)} for device in ("a1", "a2", "b1")}
    _add_books(history, dice)
    return history


def _take_back(history: History, seq: int, at: float) -> None:
    """By who wrote it, ticked."""
    target, last = history.stored[seq - 1], len(history.stored) + 1
    device = "a1" if target.sender == ADA else "b1"
    history.stored[seq - 1] = replace(target, body="", gone=True)
    history.stored.append(Stored("t", last, "back", target.sender, deletes=seq))
    history.events.append(Event("invoke", device, at, "t", "back", deletes=seq))
    history.events.append(Event("ok", device, at + 0.1, "t", "back", last))


def _add_books(history: History, dice: random.Random) -> None:
    """Two visits one after the other, one called off, a match that ended, addresses opened before, and two mails."""
    day = 86400.0 * dice.randint(20000, 21000)
    history.span = day, day + 60
    history.stored = [replace(row, at=day + dice.choice([-120, 0, 60, 170])) for row in history.stored]
    visits = {f"v{hour}": ("agreed", (ADA, BEN), day + hour * 3600, day + (hour + 1) * 3600) for hour in (9, 10)}
    off = {"v-off": ("cancelled", (ADA, BEN), day + 9 * 3600, day + 10 * 3600)}
    slots = [(who, day + 9 * 3600 + quarter * 900) for who in (ADA, BEN) for quarter in range(8)]
    readings = [(BEN, "m"), (BEN, "m")]
    unread, mails = {"ada@x": 0, "ben@x": 3, "dora@x": 1}, ["ben@x", "dora@x", "somebody@x"]
    history.books = Books(visits | off, slots, {"m"}, readings, unread, mails)
    for key in ("v9", "v10", "v-off"):
        history.events.append(Event("agreed", "books", 5, key))
    history.events += [Event("called_off", "books", 6, "v-off"), Event("ended", "books", 7, "m")]
    for key, at in (("k1", 5), ("k2", 6.9)):
        history.events.append(Event("asked", "books", at, "m", key))
        history.events.append(Event("revealed", "books", 7.1, "m", key, person=BEN))


def _visit(history: History, key: str, *, state: str = "agreed", later: float = 0.0) -> None:
    _, people, start, end = history.books.visits[key]
    history.books.visits[key] = (state, people, start + later, end + later)


def _change(history: History, kind: str, number: int = 0, **fields) -> None:
    spot = [index for index, event in enumerate(history.events) if event.kind == kind][number]
    history.events[spot] = replace(history.events[spot], **fields)


def _drop(history: History, kind: str, number: int = 0) -> None:
    del history.events[[index for index, event in enumerate(history.events) if event.kind == kind][number]]


def _shown_on(history: History, device: str) -> list[int]:
    return [i for i, event in enumerate(history.events) if event.kind == "shown" and event.device == device]


def _swap(history: History, device: str, one: int, other: int) -> None:
    spots = _shown_on(history, device)
    a, b = spots[one], spots[other]
    history.events[a], history.events[b] = history.events[b], history.events[a]


def _refuse(history: History, row: Stored) -> None:
    device = "a1" if row.sender == ADA else "b1"
    history.events.append(Event("fail", device, 99, "t", row.client_id))


FORGERIES: list[tuple[str, Callable[[History], object]]] = [
    ("I1", lambda h: h.stored.pop(0)),
    ("I1", lambda h: h.stored.pop(2)),
    ("I1", lambda h: h.stored.clear()),
    ("I1", lambda h: _change(h, "ok", seq=99)),
    ("I1", lambda h: _change(h, "ok", 1, seq=1)),
    ("I1", lambda h: _change(h, "ok", talk="another")),
    ("I1", lambda h: h.stored.__setitem__(0, replace(h.stored[0], body="something else"))),
    ("I1", lambda h: h.stored.__setitem__(0, replace(h.stored[0], sender=DORA))),
    ("I2", lambda h: _refuse(h, h.stored[0])),
    ("I2", lambda h: _refuse(h, h.stored[-1])),
    ("I2", lambda h: [_refuse(h, row) for row in h.stored]),
    ("I3", lambda h: h.stored.append(replace(h.stored[0], seq=len(h.stored) + 1))),
    ("I3", lambda h: h.stored.append(h.stored[1])),
    ("I3", lambda h: h.stored.append(Stored("t", len(h.stored) + 1, "nobody's", ADA))),
    ("I3", lambda h: _drop(h, "invoke")),
    ("I4", lambda h: h.stored.__setitem__(-1, replace(h.stored[-1], seq=h.stored[-1].seq + 1))),
    ("I4", lambda h: h.stored.__setitem__(0, replace(h.stored[0], seq=0))),
    ("I4", lambda h: h.stored.__setitem__(1, replace(h.stored[1], seq=1))),
    ("I4", lambda h: h.stored.append(Stored("t", 50, "late", BEN))),
    ("I5", lambda h: _swap(h, "a1", 0, 1)),
    ("I5", lambda h: _swap(h, "b1", -1, -2)),
    ("I5", lambda h: h.events.pop(_shown_on(h, "a2")[1])),
    ("I5", lambda h: h.events.pop(_shown_on(h, "a2")[-1])),
    ("I5", lambda h: h.events.append(h.events[_shown_on(h, "b1")[-1]])),
    ("I5", lambda h: _change(h, "shown", client_id="m999")),
    ("I5", lambda h: h.fetched["b1"]["t"].pop()),
    ("I5", lambda h: h.fetched["a1"]["t"].reverse()),
    ("I6", lambda h: h.owners.__setitem__("a2", DORA)),
    ("I6", lambda h: h.members["t"].remove(BEN)),
    ("I6", lambda h: h.shut.__setitem__("b2", 0.5)),
    ("I6", lambda h: h.events.append(Event("shown", "b2", 50, "t", h.stored[2].client_id, 3))),
    ("I7", lambda h: h.events.append(Event("mark", "a1", 99, "t", seq=2, person=BEN))),
    ("I7", lambda h: h.events.append(Event("mark", "a1", 99, "t", seq=0, person=BEN))),
    ("I7", lambda h: h.events.append(Event("mark", "a1", 99, "t", seq=999, person=BEN))),
    ("I8", lambda h: _visit(h, "v10", later=-1800)),
    ("I8", lambda h: _visit(h, "v-off")),
    ("I8", lambda h: _visit(h, "v9", state="proposed")),
    ("I8", lambda h: h.books.visits.pop("v9")),
    ("I8", lambda h: h.books.slots.pop()),
    ("I8", lambda h: h.books.slots.append(h.books.slots[0])),
    ("I8", lambda h: h.books.slots.append((DORA, 900.0))),
    ("I8", lambda h: h.books.ended.clear()),
    ("I9", lambda h: h.books.mails.append("ada@x")),
    ("I9", lambda h: h.books.mails.append("ben@x")),
    ("I9", lambda h: h.books.mails.remove("dora@x")),
    ("I10", lambda h: h.books.readings.pop()),
    ("I10", lambda h: h.books.readings.__setitem__(0, (ADA, "m"))),
    ("I10", lambda h: _change(h, "asked", 1, at=7.05)),
    ("D7", lambda h: h.stored.__setitem__(1, replace(h.stored[1], gone=False))),
    ("D7", lambda h: h.stored.__setitem__(1, replace(h.stored[1], body="still there"))),
    ("D7", lambda h: h.stored.__setitem__(0, replace(h.stored[0], body="", gone=True))),
    ("D7", lambda h: h.showing["b1"].__setitem__(2, "still there")),
    ("D7", lambda h: h.showing["a2"].__setitem__(1, "")),
    ("F14", lambda h: h.stored.__setitem__(0, replace(h.stored[0], at=0.0))),
    ("F14", lambda h: h.stored.__setitem__(0, replace(h.stored[0], at=h.span[1] + 3600))),
]


@pytest.mark.parametrize("seed", range(30))
def test_a_sound_history_is_sound(seed):
    assert complaints(a_sound_history(seed)) == []


@pytest.mark.parametrize("number", range(len(FORGERIES)))
def test_every_forgery_is_seen_for_what_it_is(number):
    invariant, forge = FORGERIES[number]
    history = a_sound_history(number)
    forge(history)
    assert invariant in {kind for kind, _ in complaints(history)}


def test_there_are_enough_forgeries_of_every_kind():
    assert len(FORGERIES) >= 50
    assert {kind for kind, _ in FORGERIES} == {*(f"I{number}" for number in range(1, 11)), "D7", "F14"}
