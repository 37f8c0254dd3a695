"""`python -m scripts.docs_drift`: fails when a page of docs/ no longer tells what the program does."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
_READ = re.compile(r"""env\.\w+\(\s*["']([A-Z][A-Z0-9_]*)["']""")


def unnamed_settings() -> list[str]:
    """Settings the program reads but docs/settings.md does not name, and the other way round."""
    read = set(_READ.findall((ROOT / "config/settings/base.py").read_text()))
    told = set(re.findall(r"^\| `([A-Z][A-Z0-9_]*)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE))
    gaps = [f"docs/settings.md does not name {name}" for name in sorted(read - told)]
    return gaps + [f"docs/settings.md names {name}, which nobody reads" for name in sorted(told - read)]


def stale_schema() -> list[str]:
    """docs/openapi.yaml against the schema of today's code."""
    kept = ROOT / "docs/openapi.yaml"
    if not kept.exists():
        return []
    command = [sys.executable, "manage.py", "spectacular", "--lang", "en"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    if made.stdout.strip() == kept.read_text().strip():
        return []
    return ["docs/openapi.yaml is old: ./run manage spectacular --lang en --file docs/openapi.yaml"]


if __name__ == "__main__":
    os.chdir(ROOT)
    trouble = unnamed_settings() + stale_schema()
    print("\n".join(trouble))
    sys.exit(1 if trouble else 0)
