"""
Kills at the two worst moments: before a commit, and between a commit and its ticks. "before" and "after" end the whole
server, with "scribe " before them only the process that stores for it.
"""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings

BEFORE, AFTER = "before", "after"
SCRIBE = "scribe "
_IS_SCRIBE = "messaging.scribe" in sys.orig_argv


class Saboteur(AppConfig):
    name = "tests.faults"
    label = "faults"

    def ready(self) -> None:
        if not settings.FAULTS_DIE:
            return
        from messaging import actions
        from messaging.actions import messages

        messages.store_all = _dying(messages.store_all, BEFORE)
        messages.post_messages = actions.post_messages = _dying(messages.post_messages, AFTER)


def _dying(work: Callable, moment: str) -> Callable:
    from messaging.sending import Posted

    order = Path(settings.FAULTS_DIE)

    def done(*args: Any, **named: Any) -> Any:
        told = work(*args, **named)
        wanted = order.read_text() if order.exists() else ""
        if any(isinstance(one, Posted) and not one.repeated for one in told):
            if wanted == moment:
                _die(with_server=True)
            elif wanted == SCRIBE + moment and _IS_SCRIBE:
                order.unlink()  # the next one lives
                _die(with_server=False)
        return told

    return done


def _die(*, with_server: bool) -> None:
    if with_server and _IS_SCRIBE and os.getppid() > 1:
        os.kill(os.getppid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)
