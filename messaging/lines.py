"""
The line of one socket under uvicorn (`--ws messaging.lines:Line`). Any other server works too, and costs more.

uvicorn hands each frame over a queue to a task that it wakes, stops and starts the reading of the line for it, and
writes each answer at once; a write costs as much as all else that a message needs of the loop. Here the frame that
nearly all are (text, whole, masked) is read in a few lines and heard without a task, and what is said in one turn of
the loop goes out in one write. All else (handshake, control frames, pieces, mistakes, the end) stays with uvicorn.
It leans on names inside uvicorn 0.54 and websockets 17, which the lock holds and `tests/messaging/test_lines.py` tries.
"""

from collections.abc import Callable
from struct import pack
from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import apply_mask
from websockets.protocol import OPEN

_WHOLE_TEXT, _MASKED = 0x81, 0x80
MOST_TOO_EARLY = 64 * 1024  # bytes that may come before the handshake is answered


class Line(WebSocketsSansIOProtocol):
    """The parser of websockets only ever meets whole frames here, so that it is never left in the middle of one."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._unread, self._needed = bytearray(), 0
        self._unsent: list[bytes] = []
        self._hear: Callable[[str | None], None] | None = None

    async def run_asgi(self) -> None:
        extensions: Any = self.scope["extensions"]
        extensions["line"] = self
        await super().run_asgi()

    # --- what a socket uses ----------
    def listen(self, hear: Callable[[str | None], None]) -> None:
        """From now on `hear` is called with each message, None for a binary one; `receive` only brings the end."""
        self._hear = hear

    def hold(self, on: bool) -> None:
        """Read nothing more for a while, or again."""
        if not self.transport.is_closing():
            (self.transport.pause_reading if on else self.transport.resume_reading)()

    @property
    def is_free(self) -> bool:
        """Somebody is there, and writing would not have to wait."""
        return self.conn.state is OPEN and self.writable.is_set() and not self.disconnected

    def say(self, text: str) -> None:
        """Goes out, with all else that is said in this turn of the loop; only while `is_free`."""
        if not self._unsent:
            self.loop.call_soon(self._flush)
        data = text.encode()
        self._unsent += (_head(len(data)), data)

    # --- in ----------
    def data_received(self, data: bytes) -> None:
        if not self.handshake_initiated:
            return super().data_received(data)
        self._unread += data
        if not self.handshake_complete:
            return self.hold(len(self._unread) > MOST_TOO_EARLY)
        if len(self._unread) >= self._needed:
            self._read_on()
        return None

    def _read_on(self) -> None:
        """All whole frames there are; what is left of another waits for its rest."""
        data, at = bytes(self._unread), 0
        while at < len(data) and not self.transport.is_closing():
            start, end = _bounds(data, at, self.config.ws_max_size)
            if end > len(data):
                break
            self._take(data[at:end], start)
            at = end
        self._unread = bytearray(data[at:])
        self._needed = end - at if self._unread else 0

    def _take(self, frame: bytes, start: int) -> None:
        if start and frame[0] == _WHOLE_TEXT and self._is_plain:
            self.curr_msg_data_type, self.frames = "text", [apply_mask(frame[start:], frame[start - 4 : start])]
            self.send_receive_event_to_app()
        else:
            self._flush()  # it may be the last
            super().data_received(frame)

    @property
    def _is_plain(self) -> bool:
        """Neither in the middle of a message that comes in pieces, nor closing, nor compressed."""
        return self.conn.current_size is None and self.conn.state is OPEN and not self.conn.extensions

    def send_receive_event_to_app(self) -> None:
        """A message is whole."""
        if self._hear is None or self.close_sent:
            return super().send_receive_event_to_app()
        try:
            text = b"".join(self.frames).decode() if self.curr_msg_data_type == "text" else None
        except UnicodeDecodeError:
            self._flush()
            return super().send_receive_event_to_app()  # closes with 1007
        self.frames = []
        return self._hear(text)

    # --- out ----------
    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.send" and message.get("text") is not None and self.handshake_complete:
            await self.writable.wait()
            if not self.is_free:
                raise ClientDisconnected
            return self.say(message["text"])
        self._flush()
        await super().send(message)
        if message["type"] == "websocket.accept":
            self._begin()
        return None

    def _begin(self) -> None:
        """The handshake is over, and nobody asks for its headers any more: 5 kB for as long as the line stands."""
        self.request = self.response = None  # type: ignore[assignment]
        self.scope["headers"] = []
        if self._unread:
            self.hold(False)
            self._read_on()

    def shutdown(self) -> None:
        self._flush()
        super().shutdown()

    def _flush(self) -> None:
        unsent, self._unsent = self._unsent, []
        if unsent and self.conn.state is OPEN and not self.disconnected:
            self.transport.write(b"".join(unsent))


def _bounds(data: bytes, at: int, longest: int) -> tuple[int, int]:
    """
    How far into the frame its body begins, and where it ends; beyond `data` where so much has to come first.

    0 and all of `data` for what the parser should refuse at once: not masked, or longer than may be.
    """
    there = len(data) - at
    if there < 2:
        return 2, at + 2
    length, start = data[at + 1] & 0x7F, 6
    if length > 125:
        start = 8 if length == 126 else 14
        length = int.from_bytes(data[at + 2 : at + start - 4], "big") if there >= start - 4 else 0
    if length > longest or not data[at + 1] & _MASKED:
        return 0, len(data)
    return start, at + start + length


def _head(length: int) -> bytes:
    if length < 126:
        return pack("!BB", _WHOLE_TEXT, length)
    if length < 1 << 16:
        return pack("!BBH", _WHOLE_TEXT, 126, length)
    return pack("!BBQ", _WHOLE_TEXT, 127, length)
