"""
Who wants calls or letters but chose a screen for some topic is told there, and not called about the same thing.

The line comes back with the notice: without an answer in time, and where nothing arrived, it is given to the office.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from accounts.reach import by_phone
from matching.calls import CallLine, Spares
from matching.models import Match
from messaging.models import Notice, NoticeWish, Way
from messaging.outbox.kinds import KINDS, TOPICS

# kind of a line -> the notices that say the same
SAID_BY = {
    "gefragt": ("asked",),
    "gefunden": ("accepted",),
    "bestaetigt": ("confirmed",),
    "beendet": ("ended",),
    "danke": ("thanks",),
    "zeit": ("proposed", "moved"),
    "serie": ("proposed",),
    "feiertag": ("proposed",),
    "verabredet": ("agreed",),
    "abgesagt": ("called_off",),
    "reihe": ("series_over",),
    "nachfrage": ("check_in",),
}
OF_THE_OFFICE = (Notice.State.LISTED, Notice.State.FAILED)
Last = dict[tuple[UUID, UUID, str], tuple[datetime, str]]  # (person, request, kind of notice) -> the newest one's state


def _chose_a_screen() -> Q:
    """Of a wish: a screen, or nothing at all, for one topic or more."""
    return reduce(or_, (Q(**{f"ways__{topic}__in": Way.without_the_office()}) for topic in TOPICS))


def is_anybody() -> bool:
    return NoticeWish.objects.filter(_chose_a_screen(), by_phone("person")).exists()


def spared(lines: Sequence[CallLine]) -> Collection[tuple]:
    """Keys of the lines that need no call."""
    rows = NoticeWish.objects.filter(_chose_a_screen(), person__in={line.person.pk for line in lines})
    wishes = dict(rows.values_list("person", "ways"))
    wished = [line for line in lines if _way(line, wishes) in Way.without_the_office()]
    last = _last_notices(wished) if wished else {}
    return {line.key for line in wished if _is_told(line, last)}


def _way(line: CallLine, wishes: dict[UUID, dict[str, str]]) -> str:
    said = SAID_BY.get(line.kind)
    return wishes.get(line.person.pk, {}).get(KINDS[said[0]].topic, "") if said else ""


def _last_notices(lines: Sequence[CallLine]) -> Last:
    kinds = {kind for line in lines for kind in SAID_BY[line.kind]}
    rows = Notice.objects.filter(person__in={line.person.pk for line in lines}, kind__in=kinds, thread__isnull=False)
    found = list(rows.order_by("written_at", "pk").values_list("person", "thread", "kind", "written_at", "state"))
    requests = dict(Match.objects.filter(pk__in={row[1] for row in found}).values_list("pk", "request"))
    return {
        (person, requests[match], kind): (at, state) for person, match, kind, at, state in found if match in requests
    }


def _is_told(line: CallLine, last: Last) -> bool:
    keys = [(line.person.pk, line.request_id, kind) for kind in SAID_BY[line.kind]]
    states = sorted(last[key] for key in keys if key in last)
    return bool(states) and states[-1][1] not in OF_THE_OFFICE


SPARES = Spares(is_anybody, spared)
