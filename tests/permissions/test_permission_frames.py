"""
Every kind of frame, for every kind of person, over real sockets, held against sockets.tsv.

Denied is "does not exist", byte for byte. What comes by itself is heard by the two of the talk and by nobody else.
"""

import pytest

from messaging import switchboard
from messaging.consumers import TalkSocket
from messaging.models import Mark, Message
from tests.messaging.sockets import in_thread
from tests.permissions import frames, table
from tests.permissions.listening import DEEDS, ENDS, Listener, a_world, who_hears, word_after
from tests.permissions.rules import OUTSIDE, STRANGERS
from tests.permissions.test_permission_matrix import WRITING
from tests.permissions.world import World

pytestmark = pytest.mark.django_db(transaction=True)
FILE = "sockets.tsv"
SENT_AWAY = ("resident", "matched", "helper", "worker")  # asked once more after their way in ended
EXPECTED = table.read(FILE)
TWO = {"conversation": {"resident", "matched"}, "conversation_ended": {"resident", "formerly"}}
TWO["conversation_apart"] = {"resident", "blocked"}
MISSING = """
    {wrong}
    are not as tests/permissions/sockets.tsv says. Are they meant? Then
        WRITE_PERMISSIONS=all .venv/bin/python -m pytest -n 0 tests/permissions/test_permission_frames.py
    and read the new lines before you commit them."""


def test_every_kind_of_frame_has_its_row() -> None:
    assert frames.unknown() == []


async def test_each_person_says_and_hears_what_the_table_says(monkeypatch, record_property) -> None:
    monkeypatch.setattr(TalkSocket, "heartbeat_seconds", 1.0)
    monkeypatch.setattr(switchboard, "MARKS_GATHER", 0.01)  # one mark after the other: nothing gathers here
    world = await in_thread(a_world)
    devices = {kind: await Listener(kind, world).open() for kind in table.COLUMNS}
    cells = {
        f"hear {kind} {{conversation}}": await who_hears(kind, world, devices) for kind in DEEDS if kind != "event"
    }
    for frame in frames.said():
        cells[frame.name] = {kind: await one.word(frame) for kind, one in devices.items()}
    cells["hear event {match}"] = await who_hears("event", world, devices)
    for one in devices.values():
        await one.close()
    cells |= await _after_the_end(world)
    assert _forbidden(cells) == []
    assert await in_thread(_wrote_or_marked) == {"Ada", "Ben", "Bodo", "Fritz"}
    _hold(cells)
    record_property("permission_cells", sum(len(row) for row in cells.values()))


async def _after_the_end(world: World) -> dict[str, dict[str, str]]:
    frames_of_one = [frame for frame in frames.said() if frame.talk in ("", "conversation")]
    before = await in_thread(_rows)
    cells = {
        f"{frame.name}, {end} meanwhile": {kind: await word_after(end, frame, kind, world) for kind in SENT_AWAY}
        for end in ENDS
        for frame in frames_of_one
    }
    assert await in_thread(_rows) == before
    return cells


def _rows() -> list:
    """All that stands in the talks."""
    return [*Message.objects.values_list("pk", "body"), *Mark.objects.values_list("pk", "delivered_seq", "read_seq")]


def _hold(cells: dict[str, dict[str, str]]) -> None:
    if WRITING:
        table.write(FILE, cells)
        return
    wrong = [
        f"{name} {kind}: {word}, written {EXPECTED.get(name, {}).get(kind)}"
        for name, row in cells.items()
        for kind, word in row.items()
        if EXPECTED.get(name, {}).get(kind) != word
    ]
    assert wrong == [], MISSING.format(wrong="\n    ".join(wrong))
    assert set(EXPECTED) == set(cells)


def _forbidden(cells: dict[str, dict[str, str]]) -> list[str]:
    """What no table may say, whoever reviews it."""
    wrong = []
    for name, row in cells.items():
        outside = SENT_AWAY if name.endswith("meanwhile") else (*OUTSIDE, "no_factor")
        wrong += [f"{kind} {name}: {row[kind]}" for kind in outside if row[kind] != "login"]
        if name == "say ping" or name.endswith("meanwhile"):
            continue
        two = TWO.get(name.partition("{")[2].strip("}"), TWO["conversation"])
        hidden = {"silent"} if name.startswith("hear") else {"absent="}
        outsiders = set(row) - two - {*OUTSIDE, "no_factor"}
        assert outsiders >= set(STRANGERS) - two
        wrong += [f"{kind} {name}: {row[kind]}" for kind in sorted(outsiders) if row[kind] not in hidden]
    return wrong


def _wrote_or_marked() -> set[str]:
    """Who left anything in any talk."""
    names = set(Message.objects.values_list("sender__first_name", flat=True))
    return names | set(Mark.objects.values_list("person__first_name", flat=True))
