"""A line of our own between two programs: its target can move, and it can fall silent without closing."""

import asyncio
import time

from tests.faults.ports import free_port


class Proxy:
    """`silent`: nothing passes any more and nothing is closed, as when a phone leaves the house."""

    def __init__(self, target: int) -> None:
        self.port, self.target, self.silent = free_port(), target, False
        self.silent_at = 0.0
        self.given_up_after: float | None = None  # seconds of silence until the server closed a line by itself
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)

    def fall_silent(self) -> None:
        self.silent, self.silent_at = True, time.monotonic()

    def cut(self) -> None:
        for writer in tuple(self._writers):
            writer.transport.abort()

    def shut(self) -> None:
        self.cut()
        if self._server:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            return writer.transport.abort()
        self._writers |= {writer, far_writer}
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer, from_server=True))
        finally:
            self._writers -= {writer, far_writer}
            for one in (writer, far_writer):
                one.transport.abort()

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, from_server: bool = False
    ) -> None:
        """Until this side ends; while all is silent, its end is not told to the other."""
        try:
            while data := await reader.read(65536):
                if not self.silent:
                    writer.write(data)
                    await writer.drain()
        except OSError:
            pass
        if not self.silent:
            writer.transport.abort()
        elif from_server and self.given_up_after is None:
            self.given_up_after = time.monotonic() - self.silent_at
            writer.transport.abort()
