"""How much one socket may ask, and how far ahead of its reader it may run."""

import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from uuid import UUID

from django.conf import settings

from core.errors import TooMany

FRAMES_PER_MINUTE: int = settings.TALK_FRAMES_PER_MINUTE
BAD_FRAMES_PER_MINUTE = 10
SOCKETS_PER_PERSON = 20
SOCKETS_PER_SESSION = 5  # a browser with as many tabs of the talk
PACES_KEPT = 10_000  # people
HANDSHAKES = 200  # at once in one process
BYTES_IN_FLIGHT = 256 * 1024
SLOW_SECONDS = 30.0


class Bucket:
    """`size` at once, refilled over a minute."""

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self.left, self._clock = size, float(size), clock
        self._at = clock()

    def take(self) -> bool:
        """One more; False when it was too much. What was refused is no debt: with the next drop one goes again."""
        now = self._clock()
        self.left = min(self.size, self.left + (now - self._at) * self.size / 60)
        self._at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True

    @property
    def is_rested(self) -> bool:
        """Nothing was taken for a minute: as good as new."""
        return self._clock() - self._at >= 60


class Pace:
    """How fast each person writes, over all their devices and doors in this process."""

    def __init__(self, per_minute: int = FRAMES_PER_MINUTE, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute, self._clock = per_minute, clock
        self._buckets: dict[UUID, Bucket] = {}
        self._lock = threading.Lock()

    def take(self, person_id: UUID) -> None:
        """One more message. Raises TooMany."""
        with self._lock:
            bucket = self._buckets.get(person_id) or self._new(person_id)
            allowed = bucket.take()
        if not allowed:
            raise TooMany(retry_after=60)

    def _new(self, person_id: UUID) -> Bucket:
        if len(self._buckets) >= PACES_KEPT:
            self._buckets = {who: one for who, one in self._buckets.items() if not one.is_rested}
        found = self._buckets[person_id] = Bucket(self._per_minute, self._clock)
        return found


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
    """Open sockets in this process, per person and per session of theirs: one browser cannot shut out the others."""

    def __init__(self, per_person: int = SOCKETS_PER_PERSON, per_session: int = SOCKETS_PER_SESSION) -> None:
        self._per_person, self._per_session = per_person, per_session
        self._taken: dict[UUID, Counter[str]] = {}

    def take(self, person_id: UUID, session_key: str) -> bool:
        taken = self._taken.setdefault(person_id, Counter())
        if taken.total() >= self._per_person or taken[session_key] >= self._per_session:
            return False
        taken[session_key] += 1
        return True

    def leave(self, person_id: UUID, session_key: str) -> None:
        """Of somebody who took a seat."""
        left = self._taken[person_id] - Counter([session_key])  # what falls to nothing is gone
        if left:
            self._taken[person_id] = left
        else:
            del self._taken[person_id]

    def __len__(self) -> int:
        return sum(taken.total() for taken in self._taken.values())


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
