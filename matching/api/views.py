"""Requests, matches, rounds and appointments: find as this person, call one verb, answer."""

from contextlib import nullcontext
from datetime import time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import roles
from accounts.api.serializers import SpotIn  # a shape, not a door: addresses look alike everywhere
from accounts.models import User
from core.api import limit_of, once, only_filters
from core.database import find
from core.errors import NotAllowed
from core.serializers import checked, some
from matching import actions, hours, rules, states, suggestions
from matching.api import serializers as out
from matching.api import shapes
from matching.models import Appointment, CheckIn, HelpRequest, Match, Round, Series

MOVES = {
    "release": "A worker lets the volunteer be asked",
    "reject": "A worker does not want this pair; it is not proposed again",
    "accept": "The volunteer says yes",
    "decline": "The volunteer says no",
    "confirm": "The resident says yes, or a worker on their spoken word",
    "refuse": "The resident says no, kindly",
    "end": "It ends before it is done",
    "complete": "It is done",
}


class RequestFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=[(state, state) for state in states.REQUEST_STATES])

    class Meta:
        model = HelpRequest
        fields = ["state"]


class MatchFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=[(state, state) for state in states.MATCH_STATES])
    request = filters.UUIDFilter(field_name="request_id")

    class Meta:
        model = Match
        fields = ["state", "request"]


class OpenFilter(filters.FilterSet):
    skill = filters.CharFilter(field_name="skills__slug", max_length=40)

    class Meta:
        model = HelpRequest
        fields = ["skill"]


class AppointmentFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=Appointment.State.choices)
    match = filters.UUIDFilter(field_name="match_id")

    class Meta:
        model = Appointment
        fields = ["state", "match"]


class Viewed(generics.GenericAPIView):
    """Serializers are told who looks; a page of many asks about roles once."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with roles.asked_once() if request.method == "GET" else nullcontext():
            return super().dispatch(request, *args, **kwargs)

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "viewer": self.request.user}

    def shown(self, pk: object, status: int = 200) -> Response:
        return Response(self.get_serializer(find(self.get_queryset(), pk)).data, status=status)


# --- requests ----------
class RequestView(Viewed):
    serializer_class = out.RequestOut
    queryset = HelpRequest.objects.none()

    def get_queryset(self) -> Any:
        return HelpRequest.objects.visible_to(self.request.user).for_cards()


@extend_schema(tags=["requests"])
class Requests(RequestView, generics.ListAPIView):
    filterset_class = RequestFilter
    ordering = ("-created_at", "id")

    @extend_schema(summary="Requests I may see in full")
    def get(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(
        summary="Begin a request, or go on with the draft that is running; a draft until it is published",
        request=shapes.NewRequestIn,
        responses={201: out.RequestOut},
    )
    @once
    def post(self, request: Request) -> Response:
        wish = checked(shapes.NewRequestIn, request)
        made = begin(wish, request.user)
        return self.shown(made.pk, status=201)


def begin(wish: dict, by: User) -> HelpRequest:
    """A draft with all that was said, or nothing where something does not fit."""
    resident = find(roles.residents_of(by), wish.pop("on_behalf_of", by.pk))
    with transaction.atomic():
        draft = actions.start_request(resident=resident, by=by, now=timezone.now())
        return actions.change_request(request_id=draft.pk, by=by, now=timezone.now(), changes=wish)


@extend_schema(tags=["requests"])
class OneRequest(RequestView):
    @extend_schema(summary="One request in full")
    def get(self, request: Request, pk: str) -> Response:
        return self.shown(pk)

    @extend_schema(summary="Change it while it is a draft or open", request=shapes.RequestIn(partial=True))
    def patch(self, request: Request, pk: str) -> Response:
        changes = some(shapes.RequestIn, request)
        actions.change_request(request_id=pk, by=request.user, now=timezone.now(), changes=changes)
        return self.shown(pk)


@extend_schema(tags=["requests"])
class RequestPlace(RequestView):
    @extend_schema(
        summary="The help is needed elsewhere; where several houses fit, the answer names them in `choices`",
        request=SpotIn,
    )
    def put(self, request: Request, pk: str) -> Response:
        spot = checked(SpotIn, request)
        actions.meet_elsewhere(request_id=pk, by=request.user, now=timezone.now(), **spot)
        return self.shown(pk)


@extend_schema(tags=["requests"])
class Publish(RequestView):
    @extend_schema(summary="From now on helpers are looked for", request=shapes.PublishIn)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.PublishIn, request)
        actions.publish_request(request_id=pk, by=request.user, now=timezone.now(), **said)
        return self.shown(pk)


@extend_schema(tags=["requests"])
class Withdraw(RequestView):
    @extend_schema(summary="It is not needed any more", request=shapes.WithdrawIn)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.WithdrawIn, request)
        actions.withdraw_request(request_id=pk, by=request.user, now=timezone.now(), **said)
        return self.shown(pk)


@extend_schema(tags=["requests"])
class Suggestions(RequestView):
    pagination_class = None

    @extend_schema(
        summary="The best volunteers, with reasons",
        parameters=[OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": 50})],
        responses=out.SuggestionOut(many=True),
    )
    def get(self, request: Request, pk: str) -> Response:
        only_filters(request, "limit")
        asked = weighed_by(request.user, find(self.get_queryset(), pk))
        found = suggestions.suggestions(asked, now=timezone.now(), limit=limit_of(request, default=10, at_most=50))
        return Response(out.SuggestionOut(found, many=True, context={"skills": list(asked.skills.all())}).data)


@extend_schema(tags=["requests"])
class WhyNot(RequestView):
    @extend_schema(summary="Why nobody fits, and what would help", responses=out.WhyNotOut)
    def get(self, request: Request, pk: str) -> Response:
        asked = weighed_by(request.user, find(self.get_queryset(), pk))
        return Response(out.WhyNotOut(suggestions.why_not(asked, now=timezone.now()).as_json()).data)


def weighed_by(user: User, request: HelpRequest) -> HelpRequest:
    """The request, for somebody who may see who would fit. Raises NotAllowed."""
    if not rules.may_see_suggestions(user, request):
        raise NotAllowed
    return request


@extend_schema(tags=["open requests"], summary="What is open in the quarters I serve, coarse")
class OpenRequests(Viewed, generics.ListAPIView):
    serializer_class = out.OpenRequestOut
    queryset = HelpRequest.objects.none()
    filterset_class = OpenFilter
    ordering = ("open_since", "id")

    def get_queryset(self) -> Any:
        return HelpRequest.objects.coarse_for(self.request.user).for_cards()


# --- matches ----------
class MatchView(Viewed):
    serializer_class = out.MatchOut
    queryset = Match.objects.none()

    def get_queryset(self) -> Any:
        rows = Match.objects.visible_to(self.request.user).for_cards()
        return rows.select_related("volunteer__place").prefetch_related("volunteer__vettings")


@extend_schema(tags=["open requests"])
class Offer(MatchView):
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


# --- rounds ----------
@extend_schema(tags=["rounds"])
class RoundView(Viewed):
    serializer_class = out.RoundOut
    queryset = Round.objects.none()

    def get_queryset(self) -> Any:
        rows = Round.objects.visible_to(self.request.user)
        return rows.select_related("quarter").prefetch_related("results__request__skills")


class Rounds(RoundView):
    @extend_schema(
        summary="Look for pairs in one of my quarters", request=shapes.RoundIn, responses={201: out.RoundOut}
    )
    @once
    def post(self, request: Request) -> Response:
        said = checked(shapes.RoundIn, request)
        made = actions.run_round(by=request.user, now=timezone.now(), **said)
        return self.shown(made.pk, status=201)


class OneRound(RoundView):
    @extend_schema(summary="Pairs, parts, who stayed unmatched and why")
    def get(self, request: Request, pk: str) -> Response:
        return self.shown(pk)


# --- appointments ----------
class AppointmentView(Viewed):
    serializer_class = out.AppointmentOut
    queryset = Appointment.objects.none()

    def get_queryset(self) -> Any:
        return Appointment.objects.filter(match__in=Match.objects.visible_to(self.request.user))


@extend_schema(tags=["appointments"], summary="Meetings of my matches")
class Appointments(AppointmentView, generics.ListAPIView):
    filterset_class = AppointmentFilter
    ordering = ("start", "id")


@extend_schema(tags=["appointments"])
class Agree(AppointmentView):
    @extend_schema(summary="This time suits me", request=None)
    def post(self, request: Request, pk: str) -> Response:
        actions.agree_appointment(appointment_id=pk, by=request.user, now=timezone.now())
        return self.shown(pk)


@extend_schema(tags=["appointments"])
class Cancel(AppointmentView):
    @extend_schema(summary="We do not meet then", request=shapes.ReasonIn)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.ReasonIn, request)
        actions.cancel_appointment(appointment_id=pk, by=request.user, now=timezone.now(), **said)
        return self.shown(pk)


@extend_schema(tags=["appointments"])
class MoveTo(AppointmentView):
    @extend_schema(
        summary="Another time instead; an agreed one stands until the other side agrees",
        request=shapes.AppointmentMoveIn,
        responses={201: out.AppointmentOut},
    )
    @once
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.AppointmentMoveIn, request)
        made = actions.move_appointment(appointment_id=pk, by=request.user, now=timezone.now(), **said)
        return self.shown(made.pk, status=201)


@extend_schema(tags=["appointments"])
class DeclineTimes(AppointmentView):
    @extend_schema(summary="None of the times proposed together suits", request=shapes.ReasonIn)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.ReasonIn, request)
        actions.decline_times(appointment_id=pk, by=request.user, now=timezone.now(), **said)
        return self.shown(pk)


@extend_schema(tags=["appointments"])
class Arrived(AppointmentView):
    @extend_schema(summary="The volunteer is there", request=None)
    def post(self, request: Request, pk: str) -> Response:
        actions.arrive(appointment_id=pk, by=request.user, now=timezone.now())
        return self.shown(pk)


@extend_schema(tags=["appointments"])
class Finished(AppointmentView):
    @extend_schema(summary="The visit is over; its minutes count", request=None)
    def post(self, request: Request, pk: str) -> Response:
        actions.finish(appointment_id=pk, by=request.user, now=timezone.now())
        return self.shown(pk)


# --- regular times ----------
class SeriesView(Viewed):
    serializer_class = out.SeriesOut
    queryset = Series.objects.none()

    def get_queryset(self) -> Any:
        return Series.objects.filter(match__in=Match.objects.visible_to(self.request.user))


@extend_schema(tags=["appointments"])
class AllSeries(SeriesView, generics.ListAPIView):
    ordering = ("first_on", "id")

    @extend_schema(summary="Regular times of my matches")
    def get(self, request: Request) -> Response:
        return super().list(request)

    @extend_schema(summary="Propose a regular time", request=shapes.SeriesIn, responses={201: out.SeriesOut})
    @once
    def post(self, request: Request) -> Response:
        said = checked(shapes.SeriesIn, request)
        said |= {"match_id": said.pop("match"), "start": time.fromisoformat(said["start"])}
        made = actions.propose_series(by=request.user, now=timezone.now(), **said)
        return self.shown(made.pk, status=201)


@extend_schema(tags=["appointments"])
class AgreeSeries(SeriesView):
    @extend_schema(summary="This regular time suits me; its visits are made ahead", request=None)
    def post(self, request: Request, pk: str) -> Response:
        actions.agree_series(series_id=pk, by=request.user, now=timezone.now())
        return self.shown(pk)


@extend_schema(tags=["appointments"])
class EndSeries(SeriesView):
    @extend_schema(summary="No more regular visits", request=None)
    def post(self, request: Request, pk: str) -> Response:
        actions.end_series(series_id=pk, by=request.user, now=timezone.now())
        return self.shown(pk)


# --- after a visit ----------
class CheckInView(Viewed):
    serializer_class = out.CheckInOut
    queryset = CheckIn.objects.none()

    def get_queryset(self) -> Any:
        return CheckIn.objects.answered_by(self.request.user)


@extend_schema(tags=["appointments"], summary="What I am asked after a visit; nobody but the office sees my answers")
class CheckIns(CheckInView, generics.ListAPIView):
    ordering = ("asked_at", "id")


@extend_schema(tags=["appointments"])
class Answer(CheckInView):
    @extend_schema(summary="One or both answers", request=shapes.AnswerIn)
    def post(self, request: Request, pk: str) -> Response:
        find(self.get_queryset(), pk)
        said = checked(shapes.AnswerIn, request)
        actions.answer_check_in(check_in_id=pk, by=request.user, now=timezone.now(), **said)
        return self.shown(pk)


@extend_schema(tags=["appointments"])
class Hours(APIView):
    @extend_schema(summary="My visits as a volunteer, month by month", responses=out.HoursOut(many=True))
    def get(self, request: Request) -> Response:
        only_filters(request)
        return Response(out.HoursOut(hours.months_of(request.user), many=True).data)


@extend_schema(tags=["appointments"])
class CalendarAddress(APIView):
    @extend_schema(summary="A new secret address of my calendar", request=None, responses={201: out.FeedOut})
    def post(self, request: Request) -> Response:
        secret = actions.make_calendar_feed(by=request.user, now=timezone.now())
        address = settings.SITE_URL + reverse("matching:ics", args=[secret])
        return Response({"address": address}, status=201)

    @extend_schema(summary="The address stops working", request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        actions.revoke_calendar_feed(by=request.user)
        return Response(status=204)
