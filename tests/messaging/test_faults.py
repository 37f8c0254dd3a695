"""`./run faults` in short: servers, database and Redis die while eight people talk and meet, and nothing is lost."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("uvicorn")
pytestmark = pytest.mark.slow
NEEDED = {"sqlite": (), "postgres": ("redis-server", "redis-cli", "psql")}


@pytest.mark.parametrize(
    ("set_up", "faults", "kills"), [("sqlite", "F14,F13,F15,F18,F2,F1", 3), ("postgres", "F14,F6,F8,F7,F4,F18,F1", 4)]
)
def test_a_few_seconds_of_faults_break_no_promise(set_up, faults, kills):
    if missing := [name for name in NEEDED[set_up] if not shutil.which(name)]:
        pytest.skip(f"not here: {missing}")
    options = ["--minutes", "0.05", "--only", set_up, "--faults", faults, "--crowd", "8"]
    command = [sys.executable, "-m", "tests.faults", *options]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=600)
    told = {name: float(value) for name, value, *_ in (line.split("\t") for line in _lines(done.stdout))}
    assert done.returncode == 0, done.stderr[-3000:]
    assert told["faults.acknowledged"] > 0
    assert told["faults.kills"] == kills
    assert told["faults.lost"] == told["faults.twice"] == told["faults.disorder"] == told["faults.other"] == 0
    assert all(told[f"faults.{set_up}.{name}"] == 1 for name in faults.split(","))


def _lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("faults.")]
