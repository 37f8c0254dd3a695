"""How the house is started with uvicorn, by the faults and by the bench alike; docs/settings.md says the same."""

import sys

LINE = "messaging.lines:Line"
_OPTIONS = ("--ws-per-message-deflate", "false", "--ws-max-size", "65536", "--log-level", "warning")


def command(port: int, *, ws: str = LINE) -> list[str]:
    """The words of the command line. `ws`: another line, for code that is older than ours."""
    return [sys.executable, "-m", "uvicorn", "config.asgi:application", "--port", str(port), "--ws", ws, *_OPTIONS]
