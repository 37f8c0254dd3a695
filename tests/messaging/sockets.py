"""A device on the real ASGI application, with cookie and Origin as a browser sends them."""

import json
from typing import Any
from uuid import uuid4

from channels.db import database_sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings

from accounts.models import User
from config.asgi import application
from tests.logins import logged_in

ORIGIN = "http://127.0.0.1:8000"


def cookie_of(person: User) -> str:
    return logged_in(person).cookies[settings.SESSION_COOKIE_NAME].value


def in_thread(work, *args, **named):
    return database_sync_to_async(work, thread_sensitive=False)(*args, **named)


class Device:
    """One socket of one person; `person` None comes without a cookie."""

    def __init__(self, person: User | None, *, cookie: str = "", origin: str | None = ORIGIN, path: str = "/ws/v1/"):
        headers = [(b"origin", origin.encode("latin1"))] if origin is not None else []
        self._headers, self._path = headers, path
        self.person, self.cookie = person, cookie

    async def open(self) -> "Device":
        if self.person is not None and not self.cookie:
            self.cookie = await in_thread(cookie_of, self.person)
        if self.cookie:
            self._headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={self.cookie}".encode("latin1")))
        self.line = WebsocketCommunicator(application, self._path, headers=self._headers)
        connected, _ = await self.line.connect(timeout=10)
        assert connected  # also refusals accept first, so that the browser learns the code
        return self

    async def hello(self, epoch: str | None = None, cursors: dict | None = None) -> dict:
        await self.say("hello", epoch=epoch, cursors=cursors or {})
        return await self.hear("welcome")

    async def say(self, kind: str, **fields: Any) -> None:
        await self.raw(
            json.dumps({"v": 1, "type": kind} | {k: str(v) if hasattr(v, "hex") else v for k, v in fields.items()})
        )

    async def raw(self, text: str | None = None, data: bytes | None = None) -> None:
        await self.line.send_to(text_data=text, bytes_data=data)

    async def send(self, talk, body: str = "Hallo", client_id=None) -> dict:
        """Returns the ack."""
        await self.say("send", conversation=str(talk.pk), client_id=str(client_id or uuid4()), body=body)
        return await self.hear("ack")

    async def hear(self, *kinds: str, timeout: float = 10) -> dict:
        """The next frame of one of these kinds; others are passed over."""
        while True:
            frame = await self.line.receive_json_from(timeout=timeout)
            assert frame["v"] == 1
            if frame["type"] in kinds:
                return frame

    async def hear_all(self, kind: str, count: int) -> list[dict]:
        return [await self.hear(kind) for _ in range(count)]

    async def silence(self, *, seconds: float = 0.3) -> bool:
        return await self.line.receive_nothing(timeout=seconds)

    async def code(self, timeout: float = 10) -> int:
        """The close code; frames before it are passed over."""
        while (said := await self.line.receive_output(timeout))["type"] != "websocket.close":
            pass
        return said["code"]

    async def close(self) -> None:
        await self.line.disconnect(timeout=10)
