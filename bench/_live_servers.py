"""The three that are measured, as the client sees them: a process to start, a path to open, a frame to send."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.faults import uvicorn
from tests.faults.ports import free_port
from tests.processes import children_of

REDIS = "redis://127.0.0.1:6379/11"
TEXT = "Guten Tag, ich bin um drei bei Ihnen."
START_SECONDS = 180
_TICKS = os.sysconf("SC_CLK_TCK")


class Rival:
    """A server process. `frame(index, key)`: what socket `index` sends; `key_of(text)`: of a heard message, or b""."""

    name = ""
    to_partner = True

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen | None = None

    def command(self) -> list[str]:
        return [sys.executable, "-m", "bench._live_rivals", self.name, str(self.port)]

    def environment(self) -> dict[str, str]:
        return {}

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            env = os.environ | self.environment()
            self.process = subprocess.Popen(self.command(), env=env, stdout=log, stderr=log)
        last = time.monotonic() + START_SECONDS
        while not self._is_up():
            if time.monotonic() > last or self.process.poll() is not None:
                raise RuntimeError((self.folder / f"{self.name}.log").read_text()[-2000:])
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def kilobytes(self) -> float:
        """Resident, of the process and of those it started."""
        lines = [line for process in self._processes() for line in _told(process, "status").splitlines()]
        return sum(float(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    def cpu_seconds(self) -> float:
        """Spent by the process and those it started so far, in user and system mode."""
        spent = [_told(process, "stat").rpartition(")")[2].split() for process in self._processes()]
        return sum(int(one[11]) + int(one[12]) for one in spent) / _TICKS

    def _processes(self) -> list[int]:
        assert self.process is not None  # started
        return [self.process.pid, *children_of(self.process.pid)]

    def _is_up(self) -> bool:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def path(self, index: int) -> str:
        return "/"

    def headers(self, index: int) -> dict[str, str]:
        return {}

    def hello(self, index: int) -> bytes:
        """The first frame, b"" for none; answered with one frame."""
        return b""

    def received(self, index: int, seq: int) -> bytes:
        """What confirms to the server how far this socket is, b"" for nothing."""
        return b""

    def frame(self, index: int, key: str) -> bytes:
        return f"{key} {TEXT}".encode()

    def key_of(self, text: bytes) -> bytes:
        return text[:36]


def _told(process: int, name: str) -> str:
    return Path(f"/proc/{process}/{name}").read_text()


class Bare(Rival):
    name = "bare"
    to_partner = False


class Stock(Rival):
    name = "stock"

    def environment(self) -> dict[str, str]:
        return {"STOCK_DATABASE": str(self.folder / f"stock{self.port}.sqlite3"), "STOCK_REDIS": REDIS}

    def path(self, index: int) -> str:
        return f"/ws/chat/r{index // 2}/"

    def frame(self, index: int, key: str) -> bytes:
        return json.dumps({"message": f"{key} {TEXT}"}).encode()

    def key_of(self, text: bytes) -> bytes:
        return text[13:49]


class Ours(Rival):
    """The house itself under uvicorn, with its own settings; only the limit of frames a minute is lifted."""

    name = "ours"

    def __init__(self, folder: Path, people: list) -> None:
        super().__init__(folder)
        self.people = people

    def command(self) -> list[str]:
        return uvicorn.command(self.port)

    def environment(self) -> dict[str, str]:
        return {"SITE_URL": f"http://127.0.0.1:{self.port}", "TALK_FRAMES_PER_MINUTE": "100000000"}

    def path(self, index: int) -> str:
        return "/ws/v1/"

    def headers(self, index: int) -> dict[str, str]:
        return {"Cookie": self.people[index].cookie, "Origin": f"http://127.0.0.1:{self.port}"}

    def hello(self, index: int) -> bytes:
        return b'{"v": 1, "type": "hello", "cursors": {}}'

    def received(self, index: int, seq: int) -> bytes:
        talk = str(self.people[index].talk)
        return json.dumps({"v": 1, "type": "received", "conversation": talk, "seq": seq}).encode()

    def frame(self, index: int, key: str) -> bytes:
        talk = str(self.people[index].talk)
        return json.dumps({"v": 1, "type": "send", "conversation": talk, "client_id": key, "body": TEXT}).encode()

    def key_of(self, text: bytes) -> bytes:
        if not text.startswith(b'{"v":1,"type":"message"'):
            return b""
        at = text.find(b'"client_id":"') + 13
        return text[at : at + 36]
