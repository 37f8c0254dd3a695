"""The whole service as a real process on the test's own database, for browsers and for pulling its plug."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from tests.processes import children_of

START_WITHIN_S = 40


class Server:
    """`manage.py serve` on a port of its own; start, kill and start again as often as a test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _a_free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen | None = None

    def start(self) -> "Server":
        env = surroundings(self.folder) | {"SITE_URL": self.address}
        command = [sys.executable, "manage.py", "serve", "--without-jobs", "--port", str(self.port)]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=log)
        self._wait()
        return self

    def kill(self) -> None:
        """As a power cut: no goodbye, nothing tidied."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    @property
    def scribe(self) -> int:
        """The process that stores for it; 0 where there is none (`TALK_SCRIBE`)."""
        assert self._process is not None
        return next(iter(children_of(self._process.pid)), 0)

    def log(self) -> str:
        return (self.folder / "server.log").read_text()

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(how)
            self._process.wait(timeout=15)

    def _wait(self) -> None:
        assert self._process is not None
        last = time.monotonic() + START_WITHIN_S
        while time.monotonic() < last and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.address}/healthz", timeout=2)  # noqa: S310
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(self.log())


def surroundings(folder: Path) -> dict[str, str]:
    """The environment of another process that works on the test's database."""
    return os.environ | {
        "DATA_DIR": str(folder),
        "DATABASE_URL": _database_url(),
        "REDIS_URL": settings.REDIS_URL,
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
    }


def _a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _database_url() -> str:
    """The database the test itself works on."""
    used = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{used['NAME']}"
    who = f"{quote(used['USER'])}:{quote(used['PASSWORD'], safe='')}"
    return f"postgres://{who}@{used['HOST'] or 'localhost'}:{used['PORT'] or 5432}/{used['NAME']}"
