"""`./run faults` asked for what is not there says what is, before it opens anything."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["F12"], "sqlite has no fault F12, only F1, F2, F3, F9, F10, F11, F13, F14, F15, F16, F17, F18"),
        (["F3,F4"], "sqlite has no fault F4, only F1, F2, F3, F9, F10, F11, F13, F14, F15, F16, F17, F18"),
        (
            ["F15,f3", "--only", "postgres"],
            "postgres has no fault F15, f3, only F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11, F13, F14, F16, F17, F18",
        ),
    ],
)
def test_a_fault_that_is_not_there_is_said_in_a_sentence(asked, said):
    command = [sys.executable, "-m", "tests.faults", "--faults", *asked]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{said}; F12 (devices that send twice) is always on.\n"
