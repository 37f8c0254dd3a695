"""One process per data directory while the live layer lives in memory: wake-ups do not cross processes."""

import fcntl
import os
from typing import IO

from django.conf import settings

_held: IO[str] | None = None


class AlreadyServed(RuntimeError):
    """Another process serves this data directory."""

    def __init__(self) -> None:
        super().__init__(
            "Another process already serves this data directory, and without REDIS_URL only one may: "
            "live messages would not reach everybody. Stop the other one, or set REDIS_URL."
        )


def claim() -> None:
    """
    Hold the lock of the data directory as long as this process lives; does nothing where the layer is shared.

    Raises AlreadyServed. The kernel frees the lock even after a crash, so it never needs cleaning up.
    """
    global _held
    if _held or not settings.ONE_PROCESS_ONLY:
        return
    lock = (settings.DATA_DIR / "serving.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as taken:
        lock.close()
        raise AlreadyServed from taken
    lock.truncate(0)
    lock.write(f"{os.getpid()}\n")
    lock.flush()
    _held = lock


def release() -> None:
    """Let another process take over; for tests and for a server that stops."""
    global _held
    if _held:
        _held.close()
        _held = None
