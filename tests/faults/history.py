"""What every device did and saw, one line an event, so that a run can be judged again later."""

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Event:
    """
    `kind`: invoke, ok, fail, unknown (of a send, by `client_id`; `deletes`: it takes that number back), shown, mark (a
    read mark this device was told); agreed and called_off (`talk`: the appointment), ended and revealed (`talk`: the
    match), asked (before a reveal).

    `at`: this machine's monotonic clock, one for all devices. `device`: its name; a person has several.
    """

    kind: str
    device: str
    at: float = 0.0
    talk: str = ""
    client_id: str = ""
    seq: int = 0
    body: str = ""
    person: str = ""
    deletes: int = 0


@dataclass(frozen=True)
class Stored:
    """
    A row as a fresh full fetch gives it after the quiet; `at`: Unix seconds on the clock of the server.

    `deletes`: the number that this row takes back, 0 for a message; `gone`: the message was taken back.
    """

    talk: str
    seq: int
    client_id: str
    sender: str
    body: str = ""
    at: float = 0.0
    deletes: int = 0
    gone: bool = False


@dataclass
class Books:
    """
    What else the database holds after the quiet.

    `visits`: appointment -> (state, its two people, start, end); `slots`: (person, quarter of an hour) as booked;
    `ended`: matches not confirmed any more; `readings`: (reader, match) of every address that was opened; `unread`:
    address -> messages of others not read; `mails`: addresses that got one, each as often as it did.
    """

    visits: dict[str, tuple[str, tuple[str, str], float, float]] = field(default_factory=dict)
    slots: list[tuple[str, float]] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    readings: list[tuple[str, str]] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)


@dataclass
class History:
    """
    `members`: talk -> people; `owners`: device -> person; `shut`: device -> from when on nothing may reach it.

    `showing`: device -> number -> the text that stands there on its screen in the end, "" for one taken back.
    """

    events: list[Event] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, dict[str, list[tuple[int, str]]]] = field(default_factory=dict)  # device -> talk -> (seq, id)
    showing: dict[str, dict[int, str]] = field(default_factory=dict)
    shut: dict[str, float] = field(default_factory=dict)
    books: Books = field(default_factory=Books)
    span: tuple[float, float] = (0.0, 0.0)  # Unix seconds, of the clocks that were right

    def note(self, kind: str, device: str, **about: Any) -> Event:
        event = Event(kind, device, at=time.monotonic(), **about)
        self.events.append(event)
        return event

    def of(self, *kinds: str) -> Iterable[Event]:
        return (event for event in self.events if event.kind in kinds)

    def write(self, path: Path, **about: Any) -> None:
        """Seed, schedule and every event, for whoever wants to replay a failure."""
        lines = [json.dumps(about), *(json.dumps(asdict(event)) for event in self.events)]
        lines += [json.dumps({"stored": asdict(row)}) for row in self.stored]
        path.write_text("\n".join(lines) + "\n")
