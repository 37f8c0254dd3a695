"""The frame of every desk page: the queues with their counts on the left, the list that is open, the quarter chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from accounts.models import User
from matching.calls.book import count as calls_waiting
from matching.desk import queues, scope
from matching.desk.lines import Line
from places.models import Quarter

ROWS_PER_PAGE = 20


@dataclass(frozen=True)
class Tab:
    """One queue as the frame shows it."""

    key: str
    title: Any
    count: int
    is_open: bool


def frame(request: HttpRequest, now: datetime) -> dict:
    """What `desk/frame.html` needs; also for a case, which keeps the list it was opened from beside it."""
    quarters = scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))
    queue = queues.named(request.GET.get("liste", ""))
    return {
        "now": now,
        "queue": queue,
        "tabs": _tabs(quarters, queue, request.user, now),
        "calls_waiting": calls_waiting(quarters, now),
        "quarters": request.desk_quarters,
        "chosen_quarter": quarters[0] if len(quarters) < len(request.desk_quarters) else None,
        "several_quarters": len(request.desk_quarters) > 1,
        "own_quarters": [quarter.pk for quarter in request.desk_quarters],
        "query": kept(request),
        "pager_query": kept(request).removeprefix("?"),
    }


def opened_list(request: HttpRequest, now: datetime) -> dict:
    """The rows of the open queue, one page of them: `rows` (Lines) and `page_obj`."""
    quarters = scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))
    queue = queues.named(request.GET.get("liste", ""))
    page = Paginator(queue.in_order(quarters, request.user, now), ROWS_PER_PAGE).get_page(request.GET.get("seite"))
    return {"rows": queue.lines(list(page.object_list), now), "page_obj": page}


def next_line(rows: Sequence[Line], current: str) -> Line | None:
    """The row after the current one, else the first other row."""
    keys = [row.key for row in rows]
    after = rows[keys.index(current) + 1 :] if current in keys else rows
    others = [row for row in [*after, *rows] if row.key != current]
    return others[0] if others else None


def _tabs(quarters: Sequence[Quarter], opened: queues.Queue, worker: User, now: datetime) -> list[Tab]:
    return [
        Tab(one.key, one.title, one.waiting(quarters, worker, now).count(), one.key == opened.key)
        for one in queues.QUEUES
    ]


def kept(request: HttpRequest, key: str = "") -> str:
    """The part of an address that keeps list (or opens the one with `key`) and quarter; both are public words."""
    queue = queues.named(key or request.GET.get("liste", ""))
    narrowed = scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))
    only_one = len(narrowed) < len(request.desk_quarters)
    return f"?liste={queue.key}" + (f"&quartier={narrowed[0].slug}" if only_one else "")
