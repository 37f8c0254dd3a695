"""The gateway of a machine without one: text messages are printed. For trying out, never for a live site."""

import json
import sys


def send(*, number: str, text: str, key: str) -> str:
    sys.stdout.write(f"SMS {number}: {text}\n")
    sys.stdout.flush()
    return key


def report(*, reference: str) -> str:
    """What was printed has arrived."""
    return "delivered"


def read(body: bytes, *, content_type: str) -> list[tuple[str, str]]:
    """A list of {"reference", "state"} as JSON, to try the address for reports by hand."""
    return [(one["reference"], one["state"]) for one in json.loads(body)]


def check() -> None:
    """Needs nothing."""
