"""Meetings of one's matches."""

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import once
from core.serializers import checked
from matching import actions
from matching.api import serializers as out
from matching.api import shapes
from matching.api.views.viewed import Viewed
from matching.models import Appointment, Match


class AppointmentFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=Appointment.State.choices)
    match = filters.UUIDFilter(field_name="match_id")

    class Meta:
        model = Appointment
        fields = ["state", "match"]


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


@extend_schema(tags=["appointments"])
class Correct(AppointmentView):
    @extend_schema(summary="The visit took another time than was said; for that day", request=shapes.DurationIn)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.DurationIn, request)
        actions.correct_visit(appointment_id=pk, by=request.user, now=timezone.now(), **said)
        return self.shown(pk)


@extend_schema(tags=["appointments"])
class TakeBack(AppointmentView):
    @extend_schema(summary="The visit is not over: finished was said by mistake", request=None)
    def post(self, request: Request, pk: str) -> Response:
        actions.take_back_finish(appointment_id=pk, by=request.user, now=timezone.now())
        return self.shown(pk)
