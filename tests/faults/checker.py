"""
Which promises a history breaks: I1 to I7 and D7 here, I8 to I10 (appointments, mails, addresses) in books.py.

A send whose answer never came is neither a success nor a failure: it may be there once, or not at all.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults import books
from tests.faults.history import History

Complaint = tuple[str, str]  # invariant, what is wrong


def complaints(history: History) -> list[Complaint]:
    """Empty where every promise was kept."""
    parts = (_ok_is_stored, _failed_is_not, _at_most_once, _dense, _shown_in_order, _only_members, _marks_rise)
    return [one for part in (*parts, _taken_back, *books.PARTS) for one in part(history)]


def _ok_is_stored(history: History) -> Iterator[Complaint]:
    rows = {(row.sender, row.client_id): row for row in history.stored}
    said = {event.client_id: event for event in history.of("invoke")}
    for event in history.of("ok"):
        row = rows.get((history.owners[event.device], event.client_id))
        if row is None:
            yield "I1", f"lost {event.client_id}"
        elif (row.talk, row.seq) != (event.talk, event.seq):
            yield "I1", f"moved {event.client_id}: ticked as {event.seq}, stored as {row.seq}"
        elif event.client_id in said and not row.gone and said[event.client_id].body != row.body:
            yield "I1", f"changed {event.client_id}"


def _failed_is_not(history: History) -> Iterator[Complaint]:
    stored = {(row.sender, row.client_id) for row in history.stored}
    for event in history.of("fail"):
        if (history.owners[event.device], event.client_id) in stored:
            yield "I2", f"refused and stored {event.client_id}"


def _at_most_once(history: History) -> Iterator[Complaint]:
    counts = Counter((row.sender, row.client_id) for row in history.stored)
    yield from (("I3", f"stored {count} times {key[1]}") for key, count in counts.items() if count > 1)
    invoked = {(history.owners[event.device], event.client_id) for event in history.of("invoke")}
    yield from (("I3", f"nobody sent {key[1]}") for key in counts if key not in invoked)


def _dense(history: History) -> Iterator[Complaint]:
    seqs = defaultdict(list)
    for row in history.stored:
        seqs[row.talk].append(row.seq)
    for talk, found in seqs.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            yield "I4", f"numbers of {talk} are not 1 to {len(found)}"


def _shown_in_order(history: History) -> Iterator[Complaint]:
    """Each device was shown 1, 2, 3 ... without a gap, and what it holds is what everybody can fetch."""
    rows = defaultdict(dict)
    for row in history.stored:
        rows[row.talk][row.seq] = row.client_id
    last: dict[tuple[str, str], int] = defaultdict(int)
    for event in history.of("shown"):
        key = event.device, event.talk
        if event.seq != last[key] + 1:
            yield "I5", f"{event.device} was shown {event.seq} after {last[key]}"
        last[key] = max(event.seq, last[key])
        if rows[event.talk].get(event.seq) != event.client_id:
            yield "I5", f"{event.device} was shown another message as {event.seq}"
    for device, talks in history.fetched.items():
        for talk, seen in talks.items():
            if seen != sorted(rows[talk].items()):
                yield "I5", f"a fresh fetch of {device} differs in {talk}"
            if device not in history.shut and last[device, talk] != len(rows[talk]):
                yield "I5", f"{device} was shown {last[device, talk]} of {len(rows[talk])}"


def _only_members(history: History) -> Iterator[Complaint]:
    """A message that was invoked after a device was shut out must never be shown there."""
    invoked = {event.client_id: event.at for event in history.of("invoke")}
    for event in history.of("shown"):
        if history.owners[event.device] not in history.members[event.talk]:
            yield "I6", f"{event.device} is none of the two of {event.talk}"
        shut = history.shut.get(event.device)
        if shut is not None and invoked.get(event.client_id, 0.0) > shut:
            yield "I6", f"{event.device} was shut out before {event.client_id}"


def _marks_rise(history: History) -> Iterator[Complaint]:
    reached: dict[tuple[str, str, str], int] = defaultdict(int)
    ends = Counter(row.talk for row in history.stored)
    for event in history.of("mark"):
        key = event.device, event.talk, event.person
        if event.seq < reached[key]:
            yield "I7", f"a mark of {event.person} fell to {event.seq}"
        if event.seq > ends[event.talk]:
            yield "I7", f"a mark of {event.person} passed the end"
        reached[key] = max(event.seq, reached[key])


def _taken_back(history: History) -> Iterator[Complaint]:
    """Whose taking back was ticked has no text any more, anywhere; and nobody's goes that was not taken back."""
    rows = {(row.talk, row.seq): row for row in history.stored}
    tried = {event.client_id: event for event in history.of("invoke") if event.deletes}
    wanted = {(event.talk, event.deletes): history.owners[event.device] for event in tried.values()}
    for event in history.of("ok"):
        asked = tried.get(event.client_id)
        target = rows.get((asked.talk, asked.deletes)) if asked else None
        if target and not target.gone:
            yield "D7", f"{target.seq} of {target.talk} was taken back and is there"
    for key, row in rows.items():
        if row.gone and (row.body or wanted.get(key) != row.sender):
            yield "D7", f"{row.seq} of {row.talk} is half gone, or by whom it is not"
    for device, texts in history.showing.items():
        talk = next((talk for talk, people in history.members.items() if history.owners[device] in people), "")
        for seq, text in texts.items() if device not in history.shut else ():
            if (row := rows.get((talk, seq))) and text != row.body:
                yield "D7", f"{device} shows another text as {seq}"
