"""Settings of the houses that `./run faults` breaks: those of the house itself, a clock one can shift, a saboteur."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, INSTALLED_APPS, env

FAULTS_DIE = env.str("FAULTS_DIE", default="")  # a file that says when this process kills itself (saboteur.py)
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.saboteur.Saboteur"]
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mails"
LOOK_SECONDS = 0.2


class _Clock:
    """Seconds by which this process is wrong, read from a file, so that a clock can jump while it runs."""

    def __init__(self, path: Path) -> None:
        self._path, self._offset, self._looked_at = path, 0.0, 0.0

    def offset(self) -> float:
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self._looked_at = time.monotonic()
            self._offset = float(self._path.read_text()) if self._path.exists() else 0.0
        return self._offset


class _Wrong:
    """`honest()` and the error of the clock. No function: classes that keep time.time would make a method of one."""

    def __init__(self, honest: Callable[[], Any], error: Callable[[], Any]) -> None:
        self._honest, self._error = honest, error

    def __call__(self) -> Any:
        return self._honest() + self._error()


if _path := env.str("FAULTS_CLOCK", default=""):
    _clock = _Clock(Path(_path))
    timezone.now = _Wrong(lambda: datetime.now(UTC), lambda: timedelta(seconds=_clock.offset()))  # type: ignore[assignment]
    time.time = _Wrong(time.time, _clock.offset)  # type: ignore[assignment]  # what the layer stamps its wakes with
