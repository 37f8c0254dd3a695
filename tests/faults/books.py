"""I8 to I10, and the clock: what a history says about appointments, mails, addresses and moments. See checker.py."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.faults.history import History

CLOCK_ERROR = 130.0  # seconds; the clocks of the servers are put wrong by 120
Complaint = tuple[str, str]
QUARTER = 15 * 60


def nobody_in_two_places(history: History) -> Iterator[Complaint]:
    """I8: agreed visits of a person never overlap, and each holds all its quarters of an hour, nobody else's."""
    mine, wanted = defaultdict(list), Counter()
    for key, (state, people, start, end) in history.books.visits.items():
        if state == "agreed":
            for person in people:
                mine[person].append((start, end, key))
                wanted.update((person, float(at)) for at in range(int(start - start % QUARTER), int(end), QUARTER))
    for person, spans in mine.items():
        for (_, end, one), (start, _, other) in pairwise(sorted(spans)):
            if start < end:
                yield "I8", f"{person} is in {one} and {other} at once"
    if Counter(history.books.slots) != wanted:
        yield "I8", "the booked quarters of an hour are not those of the agreed visits"


def every_yes_counts(history: History) -> Iterator[Complaint]:
    """I8: an appointment whose yes was answered is agreed, unless somebody tried to call it off; ends stay ends."""
    off = {event.talk for event in history.of("called_off")}
    for event in history.of("agreed"):
        state = history.books.visits.get(event.talk, ("gone",))[0]
        if state != "agreed" and not (event.talk in off and state == "cancelled"):
            yield "I8", f"agreed appointment {event.talk} is {state}"
    for event in history.of("ended"):
        if event.talk not in history.books.ended:
            yield "I8", f"ended match {event.talk} is confirmed again"


def mails_are_due(history: History) -> Iterator[Complaint]:
    """I9: whoever has unread messages got one mail, whoever has none got none."""
    unread = history.books.unread
    told = Counter(mail for mail in history.books.mails if mail in unread)  # others hear of visits, too
    for address, count in told.items():
        if not unread[address]:
            yield "I9", f"a mail to {address}, who has read everything"
        if count > 1:
            yield "I9", f"{count} mails to {address} about one talk"
    yield from (("I9", f"no mail to {one}") for one, count in unread.items() if count and not told[one])


def reveals_leave_a_row(history: History) -> Iterator[Complaint]:
    """I10: each opening of an address has its row, and none was asked for after the end was answered."""
    rows = Counter(history.books.readings)
    shown = Counter((event.person, event.talk) for event in history.of("revealed"))
    for key, count in shown.items():
        if rows[key] < count:
            yield "I10", f"{count} openings and {rows[key]} rows of {key}"
    ends = {event.talk: event.at for event in history.of("ended")}
    asked = {event.client_id: event.at for event in history.of("asked")}
    for event in history.of("revealed"):
        if asked.get(event.client_id, 0.0) > ends.get(event.talk, float("inf")):
            yield "I10", f"an address was opened after the end of {event.talk}"


def moments_are_the_servers(history: History) -> Iterator[Complaint]:
    """F14: whatever clock a device has, a message is as old as a server says, and no server is off by an hour."""
    first, last = history.span
    for row in history.stored if last else ():
        if not first - CLOCK_ERROR <= row.at <= last + CLOCK_ERROR:
            yield "F14", f"{row.client_id} is dated {row.at - last:.0f} s off"


PARTS = (nobody_in_two_places, every_yes_counts, mails_are_due, reveals_leave_a_row, moments_are_the_servers)
