"""Regular times, the questions after a visit, the hours, and the address of the own calendar."""

from datetime import time
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import once, only_filters
from core.database import find
from core.serializers import checked
from matching import actions, hours
from matching.api import serializers as out
from matching.api import shapes
from matching.api.views.viewed import Viewed
from matching.models import CheckIn, Match, Series


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
    @extend_schema(summary="No more regular visits; the other side reads the reason", request=shapes.ReasonIn)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.ReasonIn, request)
        actions.end_series(series_id=pk, by=request.user, now=timezone.now(), **said)
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
        said = checked(shapes.AnswerIn, request)
        find(self.get_queryset(), pk)
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
