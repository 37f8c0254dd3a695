"""How much one socket may ask, and how far ahead of its reader it may run."""

import time
from collections import defaultdict, deque
from collections.abc import Callable
from uuid import UUID

from django.conf import settings

FRAMES_PER_MINUTE: int = settings.TALK_FRAMES_PER_MINUTE
BAD_FRAMES_PER_MINUTE = 10
SOCKETS_PER_PERSON = 20
HANDSHAKES = 200  # at once in one process
BYTES_IN_FLIGHT = 256 * 1024
SLOW_SECONDS = 30.0


class Bucket:
    """`size` at once, refilled over a minute."""

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self.left, self._clock = size, float(size), clock
        self._at = clock()

    def take(self) -> bool:
        """One more; False when it was too much."""
        now = self._clock()
        self.left = min(self.size, self.left + (now - self._at) * self.size / 60)
        self._at = now
        self.left -= 1
        return self.left >= 0


class Flight:
    """What was sent and not yet confirmed by `received`; a full flight waits for its reader instead of piling up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._out: dict[UUID, deque[tuple[int, int]]] = defaultdict(deque)
        self.bytes = 0
        self._full_since: float | None = None

    def sent(self, conversation: UUID, seq: int, size: int) -> None:
        self._out[conversation].append((seq, size))
        self.bytes += size
        if self.is_full and self._full_since is None:
            self._full_since = self._clock()

    def landed(self, conversation: UUID, seq: int) -> None:
        """The reader holds this conversation up to `seq`."""
        queue = self._out.get(conversation)
        while queue and queue[0][0] <= seq:
            self.bytes -= queue.popleft()[1]
        if not self.is_full:
            self._full_since = None

    @property
    def is_full(self) -> bool:
        return self.bytes >= BYTES_IN_FLIGHT

    @property
    def is_stuck(self) -> bool:
        return self._full_since is not None and self._clock() - self._full_since > SLOW_SECONDS


class Seats:
    """Open sockets per person in this process."""

    def __init__(self, most: int = SOCKETS_PER_PERSON) -> None:
        self._most = most
        self._taken: dict[UUID, int] = {}

    def take(self, person_id: UUID) -> bool:
        taken = self._taken.get(person_id, 0)
        if taken >= self._most:
            return False
        self._taken[person_id] = taken + 1
        return True

    def leave(self, person_id: UUID) -> None:
        left = self._taken.get(person_id, 0) - 1
        if left > 0:
            self._taken[person_id] = left
        else:
            self._taken.pop(person_id, None)

    def __len__(self) -> int:
        return sum(self._taken.values())


class Gate:
    """How many handshakes are under way in this process; in a storm the rest come back later."""

    def __init__(self, most: int) -> None:
        self._most, self.inside = most, 0

    def enter(self) -> bool:
        if self.inside >= self._most:
            return False
        self.inside += 1
        return True

    def leave(self) -> None:
        self.inside -= 1
