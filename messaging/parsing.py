"""
Reading one frame of a client. Whatever arrives, the answer is a clean dict or BadFrame; nothing else is raised.

A clean frame holds only the fields of its kind, each of the right type: ids are UUIDs, numbers fit a database.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from core.errors import HouseError
from core.keys import Key
from messaging.frames import VERSION

LARGEST = 16 * 1024  # bytes of a frame
HIGHEST = 2**62  # of a sequence number
_MISSING = object()


class BadFrame(HouseError):
    """Not a frame of this protocol; said back, and closed with 4400 when it happens again and again."""

    code = "bad_frame"
    detail = _("Das haben wir nicht verstanden.")


def parse(text: str | None) -> dict[str, Any]:
    """The frame in this text. `text` None: it came as binary."""
    if not text or _is_too_large(text):
        raise BadFrame
    return _clean(_decoded(text))


def _is_too_large(text: str) -> bool:
    """A sign has four bytes at most, so that nearly all texts are known to be small without being encoded."""
    return len(text) * 4 > LARGEST and len(text.encode("utf-8", "surrogatepass")) > LARGEST


def _decoded(text: str) -> dict[str, Any]:
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError) as wrong:  # also numbers of thousands of digits, and nesting without end
        raise BadFrame from wrong
    if not isinstance(found, dict):
        raise BadFrame
    return found


def _clean(found: dict[str, Any]) -> dict[str, Any]:
    kind, version = found.get("type"), found.get("v")
    if type(version) is not int or version != VERSION or not isinstance(kind, str) or kind not in KINDS:
        raise BadFrame
    checks = KINDS[kind]
    return {"type": kind} | {name: check(found.get(name, _MISSING)) for name, check in checks.items()}


def _refuse(_word: str) -> None:
    raise ValueError("no NaN and no Infinity")


_DECODER = json.JSONDecoder(parse_constant=_refuse)  # making one takes longer than a frame


def _id(value: Any) -> UUID:
    if not isinstance(value, str) or len(value) > 36:
        raise BadFrame
    try:
        return Key(value)
    except ValueError as wrong:
        raise BadFrame from wrong


def _talk(value: Any) -> UUID:
    """A device names the same few again and again, and making a key of a text takes as long as reading a frame."""
    if not isinstance(value, str) or len(value) > 36:
        raise BadFrame
    return _known(value)


_known = lru_cache(maxsize=10_000)(_id)


def _number(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= HIGHEST:
        raise BadFrame
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise BadFrame
    return value


def _id_or_none(value: Any) -> UUID | None:
    return None if value is None or value is _MISSING else _id(value)


def _cursors(value: Any) -> dict[UUID, int]:
    if value is None or value is _MISSING:
        return {}
    if not isinstance(value, dict):
        raise BadFrame
    return {_id(key): _number(seq) for key, seq in value.items()}


KINDS: dict[str, dict[str, Callable[[Any], Any]]] = {
    "hello": {"epoch": _id_or_none, "cursors": _cursors},
    "send": {"conversation": _talk, "client_id": _id, "body": _text},
    "delete": {"conversation": _talk, "seq": _number, "client_id": _id},
    "read": {"conversation": _talk, "seq": _number},
    "received": {"conversation": _talk, "seq": _number},
    "typing": {"conversation": _talk},
    "pull": {"conversation": _talk, "after_seq": _number},
    "ping": {},
}
