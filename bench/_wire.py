"""A WebSocket client that costs as little as possible, the same for every rival: text frames, no library in the way."""

import asyncio
import base64
import os
from collections.abc import Callable

PING, PONG, CLOSE = 0x9, 0xA, 0x8


class Wire(asyncio.Protocol):
    """`on_text(wire, bytes)` for every text frame, `on_end(wire, code)` once; code None where the line just broke."""

    def __init__(self, on_text: Callable, on_end: Callable | None = None) -> None:
        self._on_text, self._on_end = on_text, on_end
        self._buffer = bytearray()
        self._code: int | None = None
        self.status = 0
        self.headers = b""
        self.opened: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport | None = None

    async def open(self, port: int, path: str, *, headers: dict[str, str] | None = None, timeout: float = 20) -> bool:
        """True when the line is up; else `status` and `headers` hold what the server said."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(timeout):
                await loop.create_connection(lambda: self, "127.0.0.1", port)
                self._knock(port, path, headers or {})
                return await self.opened
        except (OSError, TimeoutError):
            self.close()
            return False

    def _knock(self, port: int, path: str, headers: dict[str, str]) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            "Sec-WebSocket-Version: 13",
            f"Sec-WebSocket-Key: {key}",
            *(f"{name}: {value}" for name, value in headers.items()),
        ]
        assert self.transport is not None  # connected just now
        self.transport.write(("\r\n".join(lines) + "\r\n\r\n").encode())

    def send(self, text: bytes) -> None:
        """One text frame, masked with zeros."""
        if self.transport is None or self.transport.is_closing():
            return
        size = len(text)
        if size < 126:
            head = bytes((0x81, 0x80 | size))
        elif size < 65536:
            head = bytes((0x81, 0xFE)) + size.to_bytes(2, "big")
        else:
            head = bytes((0x81, 0xFF)) + size.to_bytes(8, "big")
        self.transport.write(head + b"\0\0\0\0" + text)

    def close(self) -> None:
        if self.transport is not None:
            self.transport.abort()

    # --- what the loop calls ----------
    def connection_made(self, transport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not self.opened.done() and not self._opened():
            return
        self._take_frames()

    def connection_lost(self, problem: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_result(False)
        if self._on_end:
            self._on_end(self, self._code)

    def _opened(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        self.headers = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        self.status = int(self.headers[9:12])
        self.opened.set_result(self.status == 101)
        return self.status == 101

    def _take_frames(self) -> None:
        buffer, at, end = self._buffer, 0, len(self._buffer)
        while end - at >= 2:
            size, start = buffer[at + 1] & 0x7F, at + 2
            if size == 126:
                size, start = int.from_bytes(buffer[at + 2 : at + 4], "big"), at + 4
            elif size == 127:
                size, start = int.from_bytes(buffer[at + 2 : at + 10], "big"), at + 10
            if end < start + size or start > end:
                break
            self._take(buffer[at] & 0x0F, bytes(buffer[start : start + size]))
            at = start + size
        del buffer[:at]

    def _take(self, kind: int, body: bytes) -> None:
        if kind == 1:
            self._on_text(self, body)
        elif kind == CLOSE:
            self._code = int.from_bytes(body[:2], "big") if len(body) >= 2 else None
            assert self.transport is not None  # data came over it
            self.transport.close()
        elif kind == PING and self.transport is not None:
            self.transport.write(bytes((0x80 | PONG, 0x80 | len(body))) + b"\0\0\0\0" + body)
