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
    `kind`: invoke, ok, fail, unknown (of a send, by `client_id`), shown, mark (a read mark this device was told).

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


@dataclass(frozen=True)
class Stored:
    """A row as a fresh full fetch gives it after the quiet."""

    talk: str
    seq: int
    client_id: str
    sender: str
    body: str = ""


@dataclass
class History:
    """`members`: talk -> people; `owners`: device -> person; `shut`: device -> from when on nothing may reach it."""

    events: list[Event] = field(default_factory=list)
    stored: list[Stored] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    fetched: dict[str, dict[str, list[tuple[int, str]]]] = field(default_factory=dict)  # device -> talk -> (seq, id)
    shut: dict[str, float] = field(default_factory=dict)

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
