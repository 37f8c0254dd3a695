"""Keys that are made in order, and keys that are written down again and again."""

import os
import re
import time
from uuid import UUID, SafeUUID

_AS_TEXT = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}").fullmatch
_set = object.__setattr__  # nobody else changes a key
_REST = (1 << 62) - 1


def key_of_now() -> UUID:
    """
    A UUID of version 7: the milliseconds of its making, then 74 random bits.

    Rows written one after the other stand side by side in the index of their keys: one page to write, not one each.
    Whoever sees the key sees when it was made; only for rows whose moment their readers know anyway.
    """
    milliseconds = time.time_ns() // 1_000_000
    chance = int.from_bytes(os.urandom(10), "big")  # once: each call asks the system
    return UUID(int=milliseconds << 80 | 7 << 76 | chance >> 68 << 64 | 2 << 62 | chance & _REST)


class Key(UUID):
    """
    A UUID out of a text, that keeps its texts: making them takes longer than anything else one does with a key.

    Equal to the plain one, and found under it. Raises ValueError for what is no key.
    """

    __slots__ = ("_text", "hex")
    _text: str
    hex: str  # type: ignore[misc]

    def __init__(self, text: str) -> None:
        known = text if _AS_TEXT(text) else str(UUID(text))
        short = known.replace("-", "")
        _set(self, "int", int(short, 16))
        _set(self, "hex", short)
        _set(self, "_text", known)

    @property
    def is_safe(self) -> SafeUUID:  # type: ignore[override]
        return SafeUUID.unknown

    def __str__(self) -> str:
        return self._text

    def __reduce__(self) -> tuple:
        return Key, (self._text,)
