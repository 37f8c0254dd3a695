"""
Every kind of frame of docs/asyncapi.yaml as rows: what each person may say over the socket, and what each one hears.

A kind of frame that is written there and has no row here makes the build fail (`unknown`).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import yaml
from django.conf import settings

TALKS = ("conversation", "conversation_ended", "conversation_apart")
# What stands in a frame beside its conversation, and the frame that says it was followed ("" where nothing comes back).
SAID: dict[str, tuple[dict[str, Any], str]] = {
    "hello": ({}, "welcome"),
    "send": ({"body": "Guten Tag"}, "ack"),
    "delete": ({"seq": 1}, "ack"),
    "received": ({"seq": 1}, ""),
    "read": ({"seq": 1}, ""),
    "typing": ({}, ""),
    "pull": ({"after_seq": 0}, "message"),
    "ping": ({}, "pong"),
}
WITHOUT_A_TALK = ("ping",)
NEEDS_A_KEY = ("send", "delete")
# Answers to whoever said something; they go to that one socket, and the rows of `SAID` hold them.
ANSWERS = ("welcome", "ack", "pong", "error")
# What comes by itself: told by these deeds of the volunteer of the talk (tests/permissions/test_permission_frames.py).
HEARD = ("message", "delivered", "read", "typing", "event", "heartbeat")


@dataclass(frozen=True)
class Frame:
    """One kind of frame about one talk; `talk` "" where it names none."""

    kind: str
    talk: str

    @property
    def name(self) -> str:
        return f"say {self.kind} {{{self.talk}}}" if self.talk else f"say {self.kind}"

    def fields(self, talk: UUID | str, client_id: str, epoch: str) -> dict[str, Any]:
        """As it goes over the line, about this talk. A greeting says a number that nobody ever gave."""
        named = {"v": 1, "type": self.kind} | SAID[self.kind][0]
        if self.kind == "hello":
            return named | {"epoch": epoch, "cursors": {str(talk): 1000}}
        key = {"client_id": client_id} if self.kind in NEEDS_A_KEY else {}
        return named | ({"conversation": str(talk)} if self.talk else {}) | key

    @property
    def followed(self) -> str:
        return SAID[self.kind][1]


def said() -> list[Frame]:
    """`delete` last: the message it takes back is the one the others ask about."""
    frames = [Frame(kind, talk) for kind in SAID for talk in (("",) if kind in WITHOUT_A_TALK else TALKS)]
    return sorted(frames, key=lambda frame: frame.kind == "delete")


def unknown() -> list[str]:
    """Kinds of the written protocol without a row, and rows of kinds that are not written."""
    messages = yaml.safe_load((settings.BASE_DIR / "docs" / "asyncapi.yaml").read_text())["components"]["messages"]
    written = {f"{'say' if name.endswith('FromClient') else 'hear'} {one['name']}" for name, one in messages.items()}
    ours = {f"say {kind}" for kind in SAID} | {f"hear {kind}" for kind in (*ANSWERS, *HEARD)}
    return sorted(written ^ ours)
