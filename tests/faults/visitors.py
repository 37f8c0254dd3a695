"""People without a socket: they write over HTTP, agree on appointments and open addresses while things break."""

import asyncio
import http.client
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from bench._talks import Talker
from tests.faults.history import Event, History

CALL_SECONDS = 10
TOKEN = "f" * 32  # of CSRF: cookie and header agree, which is all it asks of us
TRY_AGAIN = {0, 401, 429, 500, 502, 503}  # 401: sessions are read from a database that comes and goes


class Caller:
    """
    One person's JSON calls; each goes to the next process. Status 0: no answer, whatever happened.

    `answers`: how often each thing (the last word of its path) was answered with each status.
    """

    def __init__(self, talker: Talker, ports: list[int], answers: Counter[tuple[str, int]]) -> None:
        self.talker, self._ports, self._answers, self._calls = talker, ports, answers, 0

    async def post(self, path: str, **data: Any) -> tuple[int, dict]:
        return await asyncio.to_thread(self._post, path, data)

    def _post(self, path: str, data: dict) -> tuple[int, dict]:
        self._calls += 1
        line = http.client.HTTPConnection("127.0.0.1", self._ports[self._calls % len(self._ports)], CALL_SECONDS)
        headers = {"Cookie": f"{self.talker.cookie}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN}
        try:
            line.request("POST", f"/api/v1/{path}", json.dumps(data), headers | {"Content-Type": "application/json"})
            answer = line.getresponse()
            said = answer.read()
            self._answers[path.split("/")[-2], answer.status] += 1
            return answer.status, json.loads(said) if answer.status < 300 else {}
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            line.close()


class Writer:
    """Writes over HTTP as a page without scripts does, with a `client_id` that stays until the answer."""

    def __init__(self, name: str, caller: Caller, history: History, dice: random.Random) -> None:
        self.name, self._caller, self._history, self._dice = name, caller, history, dice
        self.talk = str(caller.talker.talk)
        history.owners[name] = str(caller.talker.person)
        self.writing, self.waiting = True, False

    async def live(self) -> None:
        while True:
            if self.writing:
                self.waiting = True
                await self._write()
                self.waiting = False
            await asyncio.sleep(0.3 + self._dice.random() * 0.7)

    async def _write(self) -> None:
        key = str(uuid4())
        self._note("invoke", client_id=key, body=key)
        while True:
            status, said = await self._caller.post(f"conversations/{self.talk}/messages/", client_id=key, body=key)
            if status in (200, 201):
                self._note("ok", client_id=key, seq=said["seq"])
                return
            if status not in TRY_AGAIN:
                self._note("fail", client_id=key, body=str(status))
                return
            await asyncio.sleep(0.5 + self._dice.random())

    def _note(self, kind: str, **about: Any) -> Event:
        return self._history.note(kind, self.name, talk=self.talk, **about)


class Arranging:
    """Two who propose overlapping times and say yes to both at the same moment; now and then one is called off."""

    def __init__(self, resident: Caller, volunteer: Caller, history: History, dice: random.Random) -> None:
        self._resident, self._volunteer, self._history, self._dice = resident, volunteer, history, dice
        self._first = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=2)

    async def live(self) -> None:
        while True:
            made = [key for key in [await self._propose(), await self._propose()] if key]
            agreed = [key for key in await asyncio.gather(*map(self._agree, made)) if key]
            for key in made:
                if key not in agreed or self._dice.random() < 0.5:
                    await self._call_off(key)
            await asyncio.sleep(0.5 + self._dice.random())

    async def _propose(self) -> str:
        start = self._first + timedelta(minutes=30 * self._dice.randrange(12))
        times = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
        talk = self._resident.talker.talk
        status, said = await self._resident.post(f"conversations/{talk}/appointments/", **times)
        return said["id"] if status == 201 else ""

    async def _agree(self, key: str) -> str:
        status, _ = await self._volunteer.post(f"appointments/{key}/agree/")
        if status != 200:
            return ""
        self._history.note("agreed", "books", talk=key)
        return key

    async def _call_off(self, key: str) -> None:
        self._history.note("called_off", "books", talk=key)
        await self._volunteer.post(f"appointments/{key}/cancel/", reason="Geht doch nicht")


class Opening:
    """One who opens an address again and again, while the other ends the match in the middle of it."""

    def __init__(self, resident: Caller, volunteer: Caller, match: str, history: History) -> None:
        self._resident, self._volunteer, self._match, self._history = resident, volunteer, match, history
        self.ended = False

    async def live(self) -> None:
        person = str(self._volunteer.talker.person)
        while True:
            key = str(uuid4())
            self._history.note("asked", "books", talk=self._match, client_id=key)
            status, _ = await self._volunteer.post(f"matches/{self._match}/address/")
            if status == 200:
                self._history.note("revealed", "books", talk=self._match, client_id=key, person=person)
            await asyncio.sleep(0.4)

    async def end(self) -> None:
        while (await self._resident.post(f"matches/{self._match}/end/", reason="Umzug"))[0] not in (200, 409):
            await asyncio.sleep(1)
        self._history.note("ended", "books", talk=self._match)
        self.ended = True
