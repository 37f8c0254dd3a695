"""Kills its own process at the two worst moments: before a commit, and between a commit and its ticks."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings

BEFORE, AFTER = "before", "after"


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
        wanted = order.exists() and order.read_text() == moment
        if wanted and any(isinstance(one, Posted) and not one.repeated for one in told):
            os.kill(os.getpid(), signal.SIGKILL)
        return told

    return done
