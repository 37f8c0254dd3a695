"""The house as real processes, in both set-ups, and what can be done to them. All of them are our own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


class House:
    """`processes` servers on ports of their own, one database, where more than one a Redis of our own."""

    def __init__(self, *, processes: int, postgres: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="gemeinsinn-faults-"))
        self.ports = [free_port() for _ in range(processes)]
        self.redis = Redis(self.folder) if processes > 1 else None
        self.postgres = Postgres(self.folder) if postgres else None
        self._running: dict[int, subprocess.Popen] = {}

    def environment(self) -> dict[str, str]:
        return {
            "DATA_DIR": str(self.folder),
            "DATABASE_URL": self.postgres.url if self.postgres else f"sqlite:///{self.folder}/house.sqlite3",
            "REDIS_URL": self.redis.url if self.redis else "",
            "SITE_URL": f"http://127.0.0.1:{self.ports[0]}",
            "SECRET_KEY": "faults-" * 10,
            "DJANGO_SETTINGS_MODULE": "config.settings.base",
            "TALK_FRAMES_PER_MINUTE": "10000",
        }

    def open(self) -> None:
        for part in (self.postgres, self.redis):
            if part:
                part.start()
        os.environ.update(self.environment())

    def start(self, number: int) -> None:
        options = ["--ws", "websockets-sansio", "--ws-per-message-deflate", "false", "--log-level", "warning"]
        command = [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(self.ports[number])]
        with (self.folder / f"server{number}.log").open("ab") as log:
            env = os.environ | self.environment()
            self._running[number] = subprocess.Popen(
                [*command, *options, "--timeout-graceful-shutdown", "3"], cwd=ROOT, env=env, stdout=log, stderr=log
            )

    def wait(self, number: int, seconds: float = 180) -> None:
        last = time.monotonic() + seconds
        while time.monotonic() < last:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.ports[number]}/healthz", timeout=2)
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
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

    def shut(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()
        for part in (self.redis, self.postgres):
            if part:
                part.shut()
        if "FAULTS_KEEP" not in os.environ:
            shutil.rmtree(self.folder, ignore_errors=True)


class Redis:
    """A redis-server of our own, so that emptying and killing it hurts nobody."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3)

    def empty(self) -> None:
        subprocess.run(["redis-cli", "-p", str(self.port), "FLUSHALL"], check=True, capture_output=True)

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    shut = kill


class Postgres:
    """A cluster of our own with everything a power cut needs: fsync and synchronous_commit stay on."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder / "postgres", free_port()
        self.url = f"postgres://gemeinsinn@127.0.0.1:{self.port}/postgres"
        self._bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []

    def start(self) -> None:
        if not self._folder.exists():
            self._folder.mkdir()
            self._folder.parent.chmod(0o755)
            if self._as:
                shutil.chown(self._folder, "postgres", "postgres")
            self._run("initdb", "-D", self._folder, "-U", "gemeinsinn", "--auth=trust", "-E", "UTF8", "--no-locale")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self._folder}"
        self._run("pg_ctl", "-D", self._folder, "-w", "-l", self._folder / "log", "-o", options, "start")

    def stop_at_once(self) -> None:
        """No checkpoint, no goodbye: the next start recovers from the log."""
        self._run("pg_ctl", "-D", self._folder, "-m", "immediate", "stop")

    def shut(self) -> None:
        self.stop_at_once()

    def _run(self, program: str, *options: object) -> None:
        command = [*self._as, str(self._bin / program), *map(str, options)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
