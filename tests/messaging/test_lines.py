"""Our line under uvicorn keeps every manner of a WebSocket; a client made of bytes looks at each."""

import asyncio
import struct
from contextlib import asynccontextmanager

import pytest

uvicorn = pytest.importorskip("uvicorn")
TEXT, BINARY, CLOSE, PING, PONG, GO_ON = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0
KEY = b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
LONGEST = 100_000


class House:
    """An application that says back what it hears; `ends`: codes it learnt, `lines`: those that came."""

    def __init__(self) -> None:
        self.ends, self.lines, self.answer = [], [], asyncio.Event()
        self.answer.set()

    async def __call__(self, scope, receive, send) -> None:
        await receive()
        if scope["path"] == "/full/":
            headers = [(b"retry-after", b"7")]
            await send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
            return await send({"type": "websocket.http.response.body", "body": b"later"})
        await self.answer.wait()
        await send({"type": "websocket.accept"})
        line = scope["extensions"]["line"]
        self.lines.append(line)
        if scope["path"] == "/asgi/":
            return await self._by_asgi(receive, send)
        line.listen(lambda text: line.say(f"heard {text}"))
        self.ends.append((await receive())["code"])
        return None

    async def _by_asgi(self, receive, send) -> None:
        while (said := await receive())["type"] == "websocket.receive":
            if said.get("text") == "close":
                await send({"type": "websocket.send", "text": "last words"})
                return await send({"type": "websocket.close", "code": 4408})
            await send({"type": "websocket.send", "text": f"received {said.get('text')}"})
        return self.ends.append(said["code"])


class Client:
    def __init__(self, reader, writer) -> None:
        self.reader, self.writer = reader, writer

    async def greet(self, path: str = "/", more: bytes = b"") -> int:
        self.writer.write(
            b"GET %s HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n%s\r\n" % (path.encode(), KEY)
        )
        await asyncio.sleep(0.05)
        self.writer.write(more)
        return int((await self.reader.readuntil(b"\r\n\r\n")).split()[1])

    def send(self, *frames: bytes) -> None:
        self.writer.write(b"".join(frames))

    async def hear(self) -> tuple[int, bytes]:
        async with asyncio.timeout(5):
            first, length = await self.reader.readexactly(2)
            assert first & 0x80
            if length > 125:
                wide = 2 if length == 126 else 8
                length = int.from_bytes(await self.reader.readexactly(wide), "big")
            return first & 0xF, await self.reader.readexactly(length)

    async def text(self) -> str:
        kind, body = await self.hear()
        assert kind == TEXT
        return body.decode()

    async def code(self) -> int:
        kind, body = await self.hear()
        assert kind == CLOSE
        return int.from_bytes(body[:2], "big")


def a_frame(body: bytes | str, kind: int = TEXT, *, first: int = 0x80, masked: bool = True) -> bytes:
    body = body.encode() if isinstance(body, str) else body
    length = len(body)
    size = bytes([length]) if length < 126 else struct.pack("!BH", 126, length) if length < 65536 else b""
    size = size or struct.pack("!BQ", 127, length)
    head = bytes([first | kind, size[0] | (0x80 if masked else 0)]) + size[1:]
    mask = b"\x01\x02\xf3\x04"
    return head + (mask + bytes(one ^ mask[at % 4] for at, one in enumerate(body)) if masked else body)


@asynccontextmanager
async def served(house: House, **options):
    config = uvicorn.Config(
        house, port=0, ws="messaging.lines:Line", lifespan="off", log_level="critical", ws_max_size=LONGEST, **options
    )
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    writers = []

    async def come() -> Client:
        reader, writer = await asyncio.open_connection(*server.servers[0].sockets[0].getsockname())
        writers.append(writer)
        return Client(reader, writer)

    try:
        yield come
    finally:
        for writer in writers:
            writer.close()
        server.should_exit = True
        await running


@asynccontextmanager
async def greeted(path: str = "/", **options):
    house = House()
    async with served(house, **options) as come:
        client = await come()
        assert await client.greet(path) == 101
        yield house, client


@pytest.mark.parametrize("length", [0, 1, 125, 126, 127, 65535, 65536, LONGEST - 10])
async def test_a_text_of_any_length_is_heard_and_answered(length):
    async with greeted() as (_, client):
        client.send(a_frame("ä" * (length // 2) + "x" * (length % 2)))
        assert await client.text() == "heard " + "ä" * (length // 2) + "x" * (length % 2)


@pytest.mark.parametrize("length", [3, 200, 70_000])
async def test_a_frame_may_come_byte_by_byte(length):
    async with greeted() as (_, client):
        frame = a_frame("x" * length) + a_frame("next")
        for byte in frame[:20]:
            client.send(bytes([byte]))
            await asyncio.sleep(0.002)
        client.send(frame[20:-1])
        await asyncio.sleep(0.02)
        client.send(frame[-1:])
        assert [await client.text(), await client.text()] == ["heard " + "x" * length, "heard next"]


async def test_many_frames_of_all_kinds_in_one_piece_are_heard_in_order():
    async with greeted() as (_, client):
        client.send(a_frame("1"), a_frame(b"\xff", BINARY), a_frame("ping", PING), a_frame("2"), a_frame("", PONG))
        client.send(a_frame("3"))
        heard = [await client.hear() for _ in range(5)]
    assert [body for kind, body in heard if kind == TEXT] == [b"heard 1", b"heard None", b"heard 2", b"heard 3"]
    assert (PONG, b"ping") in heard


async def test_pieces_become_one_text_with_a_ping_between():
    async with greeted() as (_, client):
        whole = "Grüße".encode()
        client.send(a_frame(whole[:3], first=0), a_frame("?", PING), a_frame(whole[3:4], GO_ON, first=0))
        assert await client.hear() == (PONG, b"?")
        client.send(a_frame(whole[4:], GO_ON), a_frame("then"))
        assert [await client.text(), await client.text()] == ["heard Grüße", "heard then"]


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([a_frame("x", masked=False)], 1002),
        ([a_frame("", masked=False)], 1002),
        ([a_frame("x", first=0xC0)], 1002),  # compressed, which nobody agreed on
        ([a_frame("x", 0x3)], 1002),
        ([a_frame("x", GO_ON)], 1002),
        ([a_frame("a", first=0), a_frame("b")], 1002),  # a new text within another
        ([a_frame("x" * 126, PING)], 1002),
        ([a_frame(b"\xff")], 1007),
        ([a_frame(b"\xc3", first=0), a_frame(b"\xff", GO_ON)], 1007),
        ([a_frame(b"x" * 200)[:2] + b"\x00"], None),  # not whole: nothing happens
        ([b"\x81\xff" + (LONGEST + 1).to_bytes(8, "big")], 1009),  # before its body has come
        ([a_frame("x" * LONGEST, first=0), a_frame("xx", GO_ON)], 1009),
    ],
)
async def test_what_is_no_good_frame_ends_with_its_code(frames, code):
    async with greeted() as (house, client):
        client.send(a_frame("good"), *frames)
        assert await client.text() == "heard good"
        if code is None:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.reader.read(1), 0.2)
            return
        assert await client.code() == code
        assert await client.reader.read() == b""
        assert house.ends == [code]


async def test_the_goodbye_of_a_client_comes_back_and_is_told():
    async with greeted() as (house, client):
        client.send(a_frame("x"), a_frame(struct.pack("!H", 4000), CLOSE), a_frame("never heard"))
        heard = [await client.hear()]
        while heard[-1][0] != CLOSE:
            heard.append(await client.hear())
        assert (CLOSE, struct.pack("!H", 4000)) == heard[-1]
        assert await client.reader.read() == b""
        assert house.ends == [4000]


async def test_what_was_said_before_our_goodbye_comes_before_it():
    async with greeted("/asgi/") as (_, client):
        client.send(a_frame("one"), a_frame("close"))
        assert [await client.text(), await client.text()] == ["received one", "last words"]
        assert await client.code() == 4408
        client.send(a_frame(struct.pack("!H", 4408), CLOSE))
        assert await client.reader.read() == b""


async def test_a_server_that_stops_says_so_after_its_last_words():
    async with greeted() as (house, client):
        house.lines[0].say("until then")
        house.lines[0].shutdown()
        assert await client.text() == "until then"
        assert await client.code() == 1012


async def test_who_does_not_answer_a_ping_is_closed():
    async with greeted(ws_ping_interval=0.05, ws_ping_timeout=0.1) as (house, client):
        kind, body = await client.hear()
        assert kind == PING
        client.send(a_frame(body, PONG))
        assert (await client.hear())[0] == PING  # answered: the next one
        assert await client.code() == 1011
        assert await client.reader.read() == b""
        assert house.ends == [1005]


async def test_a_handshake_can_be_refused_with_503():
    async with served(House()) as come:
        client = await come()
        assert await client.greet("/full/") == 503
        assert await client.reader.read() == b"later"


async def test_what_comes_before_the_handshake_is_answered_waits_and_is_bounded():
    house = House()
    house.answer.clear()
    async with served(house) as come:
        client = await come()
        early = a_frame("early")
        opening = asyncio.create_task(client.greet("/asgi/", more=early + a_frame("x" * 90_000)[:-1]))
        await asyncio.sleep(0.2)
        house.answer.set()
        assert await opening == 101
        client.send(a_frame("x" * 90_000)[-1:])
        assert [await client.text(), len(await client.text())] == ["received early", 90_009]


async def test_all_that_is_said_in_one_turn_is_one_write():
    async with greeted() as (house, client):
        (line,) = house.lines
        written, write = [], line.transport.write

        class Transport:
            def __getattr__(self, name):
                return getattr(real, name)

            def write(self, data):
                written.append(data)
                write(data)

        real, line.transport = line.transport, Transport()
        for number in range(3):
            line.say(str(number))
        assert [await client.text() for _ in range(3)] == ["0", "1", "2"]
        assert len(written) == 1


async def test_a_reader_that_takes_nothing_in_makes_the_line_busy_until_it_reads():
    async with greeted("/asgi/") as (house, client):
        (line,) = house.lines
        client.reader._transport.pause_reading()
        said = 0
        while line.is_free and said < 2000:
            line.say("x" * 50_000)
            said += 1
            await asyncio.sleep(0)
        assert not line.is_free
        waiting = asyncio.create_task(line.send({"type": "websocket.send", "text": "after all"}))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        client.reader._transport.resume_reading()
        assert [len(await client.text()) for _ in range(said)] == [50_000] * said
        assert await client.text() == "after all"
        await waiting


async def test_whoever_is_gone_can_be_told_nothing():
    async with greeted("/asgi/") as (house, client):
        (line,) = house.lines
        client.writer.transport.abort()
        await asyncio.sleep(0.1)
        assert not line.is_free
        with pytest.raises(OSError):
            await line.send({"type": "websocket.send", "text": "x"})


async def test_a_held_line_reads_nothing_until_it_is_let_go():
    async with greeted() as (house, client):
        house.lines[0].hold(True)
        client.send(a_frame("x"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(client.reader.read(1), 0.2)
        house.lines[0].hold(False)
        assert await client.text() == "heard x"


async def test_compressed_texts_are_understood_where_both_agreed():
    import zlib

    async with served(House(), ws_per_message_deflate=True) as come:
        client = await come()
        client.writer.write(
            b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Extensions: permessage-deflate\r\n" + KEY + b"\r\n"
        )
        assert b"permessage-deflate" in await client.reader.readuntil(b"\r\n\r\n")
        press = zlib.compressobj(wbits=-12)
        small = (press.compress(b"small") + press.flush(zlib.Z_SYNC_FLUSH))[:-4]
        client.send(a_frame(small, first=0xC0), a_frame("plain"))
        assert [await client.text(), await client.text()] == ["heard small", "heard plain"]
