"""What all of them share: serializers are told who looks."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.utils import timezone
from rest_framework import generics
from rest_framework.response import Response

from accounts import roles
from accounts.actions.looks import note_looks
from accounts.models import Look
from core.database import find


class Viewed(generics.GenericAPIView):
    """
    Serializers are told who looks; a page of many asks about roles once.

    `shows_cases`: its rows are somebody's request in full, or a match of one.
    """

    shows_cases = False

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with roles.asked_once() if request.method == "GET" else nullcontext():
            return super().dispatch(request, *args, **kwargs)

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "viewer": self.request.user}

    def shown(self, pk: object, status: int = 200) -> Response:
        found = find(self.get_queryset(), pk)
        self._note_looks([found])
        return Response(self.get_serializer(found).data, status=status)

    def paginate_queryset(self, queryset: Any) -> Any:
        rows = super().paginate_queryset(queryset)
        self._note_looks(rows or [])
        return rows

    def _note_looks(self, rows: Sequence[Any]) -> None:
        """What the office reads of somebody's request leaves a trace, one by one as in a list."""
        if not self.shows_cases:
            return
        me = self.request.user
        people = [row.resident for row in rows if me.pk not in _pair(row) and not roles.acts_for(me, row.resident)]
        note_looks(people=people, by=me, what=Look.What.CASE, now=timezone.now(), api=True)


def _pair(row: Any) -> tuple:
    """The two of a match, the one of a request."""
    return (row.resident_id, getattr(row, "volunteer_id", None))
