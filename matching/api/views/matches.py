"""Matches, each move an address of its own."""

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import once
from core.serializers import checked
from matching import actions, states
from matching.api import serializers as out
from matching.api import shapes
from matching.api.views.viewed import Viewed
from matching.models import Match

MOVES = {
    "release": "A worker lets the volunteer be asked",
    "reject": "A worker does not want this pair; it is not proposed again",
    "accept": "The volunteer says yes, or a worker on their spoken word",
    "decline": "The volunteer says no, or a worker on their spoken word",
    "confirm": "The resident says yes, or a worker on their spoken word",
    "refuse": "The resident says no, kindly, or a worker on their spoken word",
    "end": "It ends before it is done",
    "complete": "It is done",
}


class MatchFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=[(state, state) for state in states.MATCH_STATES])
    request = filters.UUIDFilter(field_name="request_id")

    class Meta:
        model = Match
        fields = ["state", "request"]


class MatchView(Viewed):
    shows_cases = True
    serializer_class = out.MatchOut
    queryset = Match.objects.none()

    def get_queryset(self) -> Any:
        rows = Match.objects.visible_to(self.request.user).for_cards()
        return rows.select_related("volunteer__place").prefetch_related("volunteer__vettings")


@extend_schema(tags=["open requests"])
class Offer(MatchView):
    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Counted before `once` opens its transaction: a refusal would roll the count back."""
        super().initial(request, *args, **kwargs)
        if request.method == "POST":  # what is no offer is answered 405
            actions.count_try(request_id=kwargs["pk"], by=request.user, now=timezone.now())

    @extend_schema(summary="I would like to help here", request=None, responses={201: out.MatchOut})
    @once
    def post(self, request: Request, pk: str) -> Response:
        made = actions.offer_help(request_id=pk, by=request.user, now=timezone.now())
        return self.shown(made.pk, status=201)


@extend_schema(tags=["matches"])
class Matches(MatchView, generics.ListAPIView):
    filterset_class = MatchFilter
    ordering = ("-proposed_at", "id")

    @extend_schema(summary="Matches I may see")
    def get(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(summary="A worker proposes a pair by hand", request=shapes.ProposeIn, responses={201: out.MatchOut})
    @once
    def post(self, request: Request) -> Response:
        pair = checked(shapes.ProposeIn, request)
        made = actions.propose_match(
            request_id=pair["request"], volunteer_id=pair["volunteer"], by=request.user, now=timezone.now()
        )
        return self.shown(made.pk, status=201)


@extend_schema(tags=["matches"])
class OneMatch(MatchView):
    @extend_schema(summary="One match as I may see it")
    def get(self, request: Request, pk: str) -> Response:
        return self.shown(pk)


@extend_schema(tags=["matches"])
class Move(MatchView):
    """`move` is set per address; the table of states and the rules decide."""

    move = ""

    @extend_schema(request=shapes.MoveIn)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.MoveIn, request)
        actions.move_match(match_id=pk, move=self.move, by=request.user, now=timezone.now(), **said)
        return self.shown(pk)


def move_view(move: str, summary: str) -> Any:
    """The view of one move, described by what it means."""
    view = type(f"Move{move.title()}", (Move,), {"move": move})
    return extend_schema_view(post=extend_schema(summary=summary))(view).as_view()


@extend_schema(tags=["matches"])
class Clear(MatchView):
    @extend_schema(summary="A worker lets this pair through to the resident", request=None)
    def post(self, request: Request, pk: str) -> Response:
        actions.clear_match(match_id=pk, by=request.user, now=timezone.now())
        return self.shown(pk)


@extend_schema(tags=["matches"])
class Address(APIView):
    @extend_schema(
        summary="Name, address and shared phone, for the two of a confirmed match",
        request=None,
        responses=out.AddressOut,
    )
    def post(self, request: Request, pk: str) -> Response:
        shown = actions.reveal_address(match_id=pk, viewer=request.user, now=timezone.now())
        return Response(out.AddressOut(shown).data)
