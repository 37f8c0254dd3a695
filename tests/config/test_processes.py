"""Without Redis only one process serves a data directory."""

import subprocess
import sys

import pytest

from config import processes

HOLD = (
    "import fcntl,sys; f=open(sys.argv[1],'a'); fcntl.flock(f,fcntl.LOCK_EX); "
    "print('held',flush=True); sys.stdin.read()"
)


@pytest.fixture
def alone(settings, tmp_path):
    settings.ONE_PROCESS_ONLY = True
    settings.DATA_DIR = tmp_path
    yield tmp_path
    processes.release()


def test_the_first_process_gets_the_directory_and_may_ask_twice(alone) -> None:
    processes.claim()
    processes.claim()


def test_a_second_process_is_refused_until_the_first_is_gone(alone) -> None:
    command = [sys.executable, "-c", HOLD, str(alone / "serving.lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(processes.AlreadyServed):
            processes.claim()
        other.kill()
    processes.claim()


def test_with_a_shared_layer_everybody_may(alone, settings) -> None:
    settings.ONE_PROCESS_ONLY = False
    processes.claim()
    assert not (alone / "serving.lock").exists()
