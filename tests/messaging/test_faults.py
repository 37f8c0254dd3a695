"""`./run faults` in short: the server is killed and people logged out while eight talk, and nothing is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytestmark = pytest.mark.slow


def test_a_few_seconds_of_faults_break_no_promise():
    command = [sys.executable, "-m", "tests.faults", "--minutes", "0.1", "--only", "sqlite"]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=300)
    told = {name: float(value) for name, value, *_ in (line.split("\t") for line in done.stdout.splitlines())}
    assert done.returncode == 0, done.stderr[-3000:]
    assert told["faults.acknowledged"] > 0
    assert told["faults.kills"] >= 1
    assert told["faults.lost"] == told["faults.twice"] == told["faults.disorder"] == told["faults.other"] == 0
