"""`python -m messaging.scribe FD`: started by a serving process on a pair of sockets, and gone with it."""

import gc
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import django

django.setup()

from django.conf import settings  # noqa: E402

from messaging.errors import log_bug  # noqa: E402
from messaging.scribe import wire  # noqa: E402
from messaging.scribe.chamber import Chamber  # noqa: E402

_PIECE = 1 << 18  # bytes read at once


class _Line:
    """The other side; several threads may say something."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._lock = line, threading.Lock()
        self._unpacking = wire.Unpacking()

    def heard(self) -> list[tuple]:
        """What came; `[]` at the end."""
        with suppress(ConnectionResetError):  # the end, too: it went without hearing our last words
            while data := self._line.recv(_PIECE):
                if words := list(self._unpacking.words(data)):
                    return words
        return []

    def say(self, *words: object) -> None:
        data = wire.packed(*words)
        with self._lock:
            self._line.sendall(data)


def serve(line: _Line) -> None:
    """Until the other side is gone; what was begun is committed first."""
    chamber, hand_over = Chamber(), _hand_over()
    does: dict[int, Callable] = {wire.POST: chamber.post, wire.MARK: chamber.mark}
    knows: dict[int, Callable] = {wire.KNOW: chamber.know, wire.FORGET: chamber.forget}
    line.say()  # here I am
    while heard := line.heard():
        for kind, *words in heard:
            if kind in knows:
                knows[kind](*words)
            else:
                number, by, wishes = words
                hand_over(_answer, line, number, does[kind], chamber.passes(by), wishes)


def _hand_over() -> Callable:
    """SQLite lets one write at a time: there no second thread has to be woken for it."""
    if settings.TALK_WRITERS == 1:
        return lambda work, *args: work(*args)
    return ThreadPoolExecutor(settings.TALK_WRITERS, thread_name_prefix="scribe").submit


def _answer(line: _Line, number: int, work: Callable, by: list, wishes: list) -> None:
    try:
        line.say(number, *work(by, wishes))
    except ConnectionError:  # the other side is gone, and asks again when it comes back
        os._exit(0)
    except Exception as problem:  # then a thread of the other side does it
        log_bug("scribe broken", problem)
        os._exit(1)


if __name__ == "__main__":
    for sign in (signal.SIGINT, signal.SIGTERM):  # they go to the whole group; when it is over the other side says
        signal.signal(sign, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    serve(_Line(socket.socket(fileno=int(sys.argv[1]))))
