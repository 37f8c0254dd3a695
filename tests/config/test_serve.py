"""`manage.py serve` as a real process: one per data directory, no server header, gone quickly when told to."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.ready_database import ready_file

START_WITHIN_S = 90  # a second on an idle machine; the tests of others may be running
STOP_WITHIN_S = 20  # likewise; the request below would hang for two minutes


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def manage(folder: Path, *arguments: str) -> subprocess.Popen:
    surroundings = {
        **os.environ,
        "DATA_DIR": str(folder),
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=surroundings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def said(process: subprocess.Popen) -> str:
    return process.communicate(timeout=START_WITHIN_S)[0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, django_db_setup) -> Path:
    """A data directory with its tables, made once: from those of the tests where there are any, else from nothing."""
    made = tmp_path_factory.mktemp("serve")
    if ready_file().exists():
        shutil.copyfile(ready_file(), made / "gemeinsinn.sqlite3")
    assert manage(made, "migrate", "-v", "0").wait(timeout=120) == 0
    return made


@pytest.fixture
def served(folder) -> Iterator[tuple[subprocess.Popen, int]]:
    port = a_free_port()
    process = manage(folder, "serve", "--port", str(port))
    _wait_until_up(process, port)
    yield process, port
    if process.poll() is None:
        process.kill()
    process.communicate()


def _wait_until_up(process: subprocess.Popen, port: int) -> None:
    last = time.monotonic() + START_WITHIN_S
    while time.monotonic() < last and process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(said(process))


def test_it_answers_without_naming_its_server(served) -> None:
    _, port = served
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
        assert answer.read() == b"ok\n"
        assert "Server" not in answer.headers


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_quickly_even_with_a_request_hanging(served, told) -> None:
    process, port = served
    with socket.create_connection(("127.0.0.1", port)) as slow:
        slow.sendall(b"POST /konto/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf")
        process.send_signal(told)
        assert process.wait(timeout=STOP_WITHIN_S) == 0


def test_a_second_one_is_refused_in_words(served, folder) -> None:
    _, port = served
    same_port = manage(folder, "serve", "--port", str(port))
    assert "is not free" in said(same_port)
    same_data = manage(folder, "serve", "--port", str(a_free_port()))
    assert "already serves this data directory" in said(same_data)
    assert (same_port.returncode, same_data.returncode) == (1, 1)


def test_it_will_not_serve_tables_older_than_the_program(tmp_path) -> None:
    assert "./run manage migrate" in said(manage(tmp_path, "serve", "--port", str(a_free_port())))
