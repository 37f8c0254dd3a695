"""Redis and PostgreSQL of our own, so that emptying, filling and killing them hurts nobody."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from tests.faults.ports import free_port


class Redis:
    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process: subprocess.Popen | None = None

    def start(self) -> None:
        command = ["redis-server", "--port", str(self.port), "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.3)

    def empty(self) -> None:
        self._say("FLUSHALL")

    def fill(self) -> None:
        """As with `maxmemory` reached under `noeviction`: reading goes on, every write is refused."""
        self._say("CONFIG", "SET", "maxmemory-policy", "noeviction")
        self._say("CONFIG", "SET", "maxmemory", "1")

    def give_room(self) -> None:
        self._say("CONFIG", "SET", "maxmemory", "0")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    shut = kill

    def _say(self, *words: str) -> None:
        subprocess.run(["redis-cli", "-p", str(self.port), *words], check=True, capture_output=True)


class Postgres:
    """
    A cluster with everything a power cut needs: fsync and synchronous_commit stay on. `port`: the server's own.

    `second()` makes a standby that every commit waits for, `fail_over()` kills the first and goes on with it.
    """

    def __init__(self, folder: Path) -> None:
        self._root, self._folder, self.port = folder, folder / "postgres0", free_port()
        self._number = 0
        self._standby: tuple[Path, int] | None = None
        self._bin = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self._as = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []

    def create(self) -> None:
        self._make_folder(self._folder)
        self._run("initdb", "-D", self._folder, "-U", "gemeinsinn", "--auth=trust", "-E", "UTF8", "--no-locale")
        self.start()

    def start(self) -> None:
        self._start(self._folder, self.port)

    def stop_at_once(self) -> None:
        """No checkpoint, no goodbye: the next start recovers from the log."""
        self._run("pg_ctl", "-D", self._folder, "-m", "immediate", "stop")

    def second(self, seconds: float = 30) -> bool:
        """A standby that holds everything, and from then on every commit; False when it did not come up in time."""
        self._number += 1
        folder, port = self._root / f"postgres{self._number}", free_port()
        self._make_folder(folder)
        line = f"host=127.0.0.1 port={self.port} user=gemeinsinn"
        self._run("pg_basebackup", "-D", folder, "-d", line, "-R", "-X", "stream", "-c", "fast")
        self._start(folder, port)
        self._standby = folder, port
        self._ask("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self._ask("SELECT pg_reload_conf()")
        return self._is_held(seconds)

    def fail_over(self) -> None:
        """The first dies without a word; the second is the database now, at another port."""
        assert self._standby is not None  # second() came before
        self.stop_at_once()
        self._folder, self.port = self._standby
        self._run("pg_ctl", "-D", self._folder, "-w", "promote")
        self._standby = None

    def shut(self) -> None:
        for folder in filter(None, (self._standby and self._standby[0], self._folder)):
            if (folder / "postmaster.pid").exists():
                self._run("pg_ctl", "-D", folder, "-m", "immediate", "stop")

    def _is_held(self, seconds: float) -> bool:
        question = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"
        last = time.monotonic() + seconds
        while time.monotonic() < last:
            if self._ask(question) == "1":
                time.sleep(0.5)  # what was committed before the reload has arrived too
                return True
            time.sleep(0.1)
        return False

    def _ask(self, question: str) -> str:
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", "gemeinsinn", "-d", "postgres", "-Atc"]
        return subprocess.run([*command, question], check=True, capture_output=True, text=True).stdout.strip()

    def _make_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        folder.parent.chmod(0o755)
        if self._as:
            shutil.chown(folder, "postgres", "postgres")

    def _start(self, folder: Path, port: int) -> None:
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
        self._run("pg_ctl", "-D", folder, "-w", "-l", folder / "log", "-o", options, "start")

    def _run(self, program: str, *options: object) -> None:
        command = [*self._as, str(self._bin / program), *map(str, options)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
