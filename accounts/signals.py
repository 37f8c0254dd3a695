"""What the accounts announce; the floors above listen. Each is sent by hand by a verb, after commit."""

from datetime import datetime
from functools import partial

from django.db import transaction
from django.dispatch import Signal

from accounts.models import Suspension, User

access_changed = Signal()  # sender=User; person: sessions cut, suspended, blocked, a role given or taken

sessions_cut = Signal()  # sender=User; person: a new password, a lost device, suspended: old keys open nothing

block_changed = Signal()  # sender=User; blocker, blocked: a block was set or lifted


def announce_block(*, blocker: User, blocked: User) -> None:
    transaction.on_commit(partial(block_changed.send_robust, sender=User, blocker=blocker, blocked=blocked))


suspension_moved = Signal()  # sender=Suspension; suspension, move, at


def announce_suspension(suspension: Suspension, *, move: str, at: datetime) -> None:
    news = {"suspension": suspension, "move": move, "at": at}
    transaction.on_commit(partial(suspension_moved.send_robust, sender=Suspension, **news))


def announce_cut(person: User) -> None:
    transaction.on_commit(partial(sessions_cut.send_robust, sender=User, person=person))


capacity_wanted = Signal()  # sender=User; person, capacity (how many at a time), at: sent before it is saved


def announce_capacity(person: User, capacity: int, *, at: datetime) -> None:
    """Inside the transaction: what gives way does so before the database counts, or nothing changes at all."""
    capacity_wanted.send(sender=User, person=person, capacity=capacity, at=at)


def announce_access(*people: User) -> None:
    for person in people:
        transaction.on_commit(partial(access_changed.send, sender=User, person=person))
