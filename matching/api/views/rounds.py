"""Rounds: asked for, then looked at until they are done."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import once
from core.serializers import checked
from matching import actions
from matching.api import serializers as out
from matching.api import shapes
from matching.api.views.viewed import Viewed
from matching.models import Round


@extend_schema(tags=["rounds"])
class RoundView(Viewed):
    serializer_class = out.RoundOut
    queryset = Round.objects.none()

    def get_queryset(self) -> Any:
        rows = Round.objects.visible_to(self.request.user)
        return rows.select_related("quarter", "weighing").prefetch_related("results__request__skills")


class Rounds(RoundView):
    @extend_schema(
        summary="Look for pairs in one of my quarters: the round waits, and its address says how far it is",
        description="One that is already underway is given back instead. With `dry_run` nobody is proposed.",
        request=shapes.RoundIn,
        responses={202: out.RoundOut},
    )
    @once
    def post(self, request: Request) -> Response:
        said = checked(shapes.RoundIn, request)
        asked = actions.ask_for_round(by=request.user, now=timezone.now(), **said)
        return self.shown(asked.pk, status=202)


class OneRound(RoundView):
    @extend_schema(summary="How far it is; once done, the pairs, who stayed unmatched and why")
    def get(self, request: Request, pk: str) -> Response:
        return self.shown(pk)
