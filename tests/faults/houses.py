"""The house as real processes, in both set-ups, and what can be done to them. All of them are our own."""

import asyncio
import io
import os
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

from tests.faults import uvicorn
from tests.faults.parts import Postgres, Redis
from tests.faults.ports import free_port
from tests.faults.proxies import Proxy
from tests.processes import children_of

ROOT = Path(__file__).parents[2]
START_SECONDS = 180
OLDER_BY = 3  # changes of the talk that the older code in a rolling deploy does not have


def parts_of(*, processes: int, postgres: bool) -> set[str]:
    """What a set-up is made of, as far as it can be broken."""
    return {"postgres" if postgres else "sqlite"} | ({"redis"} if processes > 1 else set())


class House:
    """`processes` servers on ports of their own, one database, where more than one a Redis of our own."""

    def __init__(self, *, processes: int, postgres: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gemeinsinn-faults-"))
        self.ports = [free_port() for _ in range(processes)]
        self.parts = parts_of(processes=processes, postgres=postgres)
        self.redis = Redis(self.folder) if "redis" in self.parts else None
        self.postgres = Postgres(self.folder) if postgres else None
        self.address = Proxy(self.postgres.port) if self.postgres else None  # of the database, for all
        self.older: Path | None = None  # the house as it was some changes ago
        self._running: dict[int, subprocess.Popen] = {}

    @property
    def database(self) -> str:
        if self.address:
            return f"postgres://gemeinsinn@127.0.0.1:{self.address.port}/postgres"
        return f"sqlite:///{self.folder}/house.sqlite3"

    def environment(self) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.database,
            "REDIS_URL": self.redis.url if self.redis else "",
            "SITE_URL": f"http://127.0.0.1:{self.ports[0]}",
            "SECRET_KEY": "faults-" * 10,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "TALK_FRAMES_PER_MINUTE": "10000",
            "TALK_SCRIBE": "1",
        }

    async def open(self) -> None:
        if self.postgres:
            await asyncio.to_thread(self.postgres.create)
        if self.redis:
            await asyncio.to_thread(self.redis.start)
        if self.address:
            await self.address.start()
        os.environ.update(self.environment())

    # --- servers ----------
    def start(self, number: int, *, older: bool = False) -> None:
        """`older`: with the code of before (`fetch_older`), which has neither saboteur nor shifted clock."""
        root = self.older if older and self.older else ROOT
        ws = uvicorn.LINE if (root / "messaging/lines.py").exists() else "websockets-sansio"
        command = uvicorn.command(self.ports[number], ws=ws)
        extra = {"FAULTS_CLOCK": str(self._clock(number)), "FAULTS_DIE": str(self._order(number))}
        extra |= {} if older else {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
        self._order(number).unlink(missing_ok=True)
        with (self.folder / f"server{number}.log").open("ab") as log:
            self._running[number] = subprocess.Popen(
                [*command, "--timeout-graceful-shutdown", "3"],
                cwd=root,
                env=os.environ | self.environment() | extra,
                stdout=log,
                stderr=log,
            )

    def wait(self, number: int) -> None:
        last = time.monotonic() + START_SECONDS
        while time.monotonic() < last:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.ports[number]}/healthz", timeout=2)
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError((self.folder / f"server{number}.log").read_text()[-3000:])

    def signal(self, number: int, what: signal.Signals) -> None:
        self._running[number].send_signal(what)

    def kill(self, number: int) -> None:
        """As a power cut of the process: no goodbye, nothing tidied."""
        self._running[number].kill()
        self._running[number].wait()

    def stop(self, number: int) -> None:
        self._running[number].terminate()
        self._running[number].wait(timeout=30)

    def order_death(self, number: int, moment: str) -> None:
        """See saboteur.py; it comes with the next message that is stored."""
        self._order(number).write_text(moment)

    def scribe(self, number: int) -> int:
        """The process that stores for this server; 0 where there is none."""
        return next(iter(children_of(self._running[number].pid)), 0)

    def signal_scribe(self, number: int, what: int) -> None:
        with suppress(ProcessLookupError):
            if pid := self.scribe(number):
                os.kill(pid, what)

    def is_dead(self, number: int) -> bool:
        return self._running[number].poll() is not None

    def shift_clock(self, number: int, seconds: float) -> None:
        new = self._clock(number).with_suffix(".new")
        new.write_text(str(seconds))
        new.rename(self._clock(number))

    def deliver(self, senders: int = 2) -> list[str]:
        """Everything that waits to be mailed goes out, by several senders at once. The address of each mail."""
        command = [sys.executable, "-m", "tests.faults.deliver"]
        env = os.environ | self.environment() | {"DJANGO_SETTINGS_MODULE": "tests.faults.settings"}
        running = [subprocess.Popen(command, cwd=ROOT, env=env) for _ in range(senders)]
        if any(one.wait(timeout=120) for one in running):
            raise RuntimeError("the mails did not go out")
        files = sorted((self.folder / "mails").glob("*"))
        lines = [line for file in files for line in file.read_text().splitlines()]
        return [line.removeprefix("To: ") for line in lines if line.startswith("To: ")]

    def limit_files(self, number: int, size: int) -> None:
        """No file of this server may grow beyond `size` bytes: what a full disk does, for one server."""
        for pid in filter(None, (self._running[number].pid, self.scribe(number))):
            with suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    def _order(self, number: int) -> Path:
        return self.folder / f"die{number}"

    def _clock(self, number: int) -> Path:
        return self.folder / f"clock{number}"

    # --- older code ----------
    def fetch_older(self, revision: str = "") -> str:
        """Unpacks the house as it was; returns the commit, "" where there is no history to take it from."""
        if not (revision := revision or _older_revision()):
            return ""
        packed = subprocess.run(["git", "archive", revision], cwd=ROOT, capture_output=True)
        if packed.returncode:
            return ""
        self.older = self.folder / "older"
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(self.older, filter="data")
        return revision

    def shut(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()
        for part in (self.redis, self.postgres):
            if part:
                part.shut()
        if "FAULTS_KEEP" not in os.environ:
            shutil.rmtree(self.folder, ignore_errors=True)


def _older_revision() -> str:
    """The commit before the last few that changed the talk."""
    command = ["git", "rev-list", "--no-merges", f"--max-count={OLDER_BY}", "HEAD", "--", "messaging"]
    try:
        found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
        before = ["git", "rev-parse", "--short", f"{found[-1]}~1"]
        return subprocess.run(before, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, IndexError, subprocess.CalledProcessError):
        return ""
