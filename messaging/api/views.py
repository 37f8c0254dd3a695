"""Conversations over HTTP: the same verbs and the same data as over the socket."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import limit_of, number_of, once, only_filters
from core.database import find
from core.serializers import checked
from matching import actions as matching
from matching.api.serializers import AppointmentOut  # a shape, not a door: both doors show a meeting alike
from matching.api.shapes import AppointmentIn
from messaging import actions, tickets
from messaging.actions.messages import PAGE
from messaging.api import serializers as shapes
from messaging.frames import conversation_data, message_data
from messaging.models import Conversation

_SEQ = {"type": "integer", "minimum": 0}


class ConversationView(generics.GenericAPIView):
    serializer_class = shapes.ConversationOut
    queryset = Conversation.objects.none()

    def get_queryset(self) -> Any:
        return Conversation.objects.visible_to(self.request.user).for_list(self.request.user)

    def conversation(self) -> Conversation:
        return find(self.get_queryset(), self.kwargs["pk"])


@extend_schema(tags=["conversations"])
class Conversations(ConversationView):
    ordering = ("-opened_at", "id")

    @extend_schema(summary="My conversations, with what is unread", responses=shapes.ConversationOut(many=True))
    def get(self, request: Request) -> Response:
        rows = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response([conversation_data(row) for row in rows or []])


@extend_schema(tags=["conversations"])
class OneConversation(ConversationView):
    @extend_schema(summary="One conversation")
    def get(self, request: Request, pk: str) -> Response:
        return Response(conversation_data(self.conversation()))


@extend_schema(tags=["conversations"])
class Messages(ConversationView):
    @extend_schema(
        summary="What was written after a number, in order",
        parameters=[
            OpenApiParameter("after_seq", _SEQ),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": PAGE}),
        ],
        responses=shapes.MessagesOut,
    )
    def get(self, request: Request, pk: str) -> Response:
        only_filters(request, "after_seq", "limit")
        talk, limit = self.conversation(), limit_of(request, default=PAGE, at_most=PAGE)
        rows = actions.messages_after(talk, number_of(request, "after_seq"), limit)
        return Response({"results": [message_data(row) for row in rows], "last_seq": talk.last_seq})

    @extend_schema(
        summary="Write; it is stored before this answers",
        request=shapes.MessageIn,
        responses={200: shapes.MessageOut, 201: shapes.MessageOut},
    )
    @once
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.MessageIn, request)
        posted = actions.post_message(conversation_id=pk, by=request.user, now=timezone.now(), **said)
        return Response(message_data(posted.message), status=200 if posted.repeated else 201)


@extend_schema(tags=["conversations"])
class Read(ConversationView):
    @extend_schema(summary="I have read up to here", request=shapes.ReadIn, responses=shapes.MarkOut)
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.ReadIn, request)
        mark = actions.mark_read(conversation_id=pk, by=request.user, **said)
        return Response(shapes.MarkOut(mark).data)


@extend_schema(tags=["appointments"])
class TalkAppointments(ConversationView):
    pagination_class = None

    @extend_schema(summary="Meetings spoken of here", responses=AppointmentOut(many=True))
    def get(self, request: Request, pk: str) -> Response:
        rows = self.conversation().match.appointments.order_by("start", "id")[:PAGE]
        return Response(AppointmentOut(rows, many=True, context={"viewer": request.user}).data)

    @extend_schema(
        summary="Propose one or several times; the answer shows the first",
        request=AppointmentIn,
        responses={201: AppointmentOut},
    )
    @once
    def post(self, request: Request, pk: str) -> Response:
        said = checked(AppointmentIn, request)
        match_id = self.conversation().match_id
        spans = [(span["start"], span["end"]) for span in (said, *said.get("also", ()))]
        made, *_others = matching.propose_times(
            match_id=match_id, times=spans, by=request.user, now=timezone.now(), place=said["place"]
        )
        return Response(AppointmentOut(made, context={"viewer": request.user}).data, status=201)


@extend_schema(tags=["conversations"])
class SocketTickets(APIView):
    @extend_schema(
        summary="A ticket for one socket: `/ws/v1/?ticket=`", request=None, responses={201: shapes.TicketOut}
    )
    def post(self, request: Request) -> Response:
        session: Any = request.auth or request.session
        text = tickets.issue_ticket(user=request.user, session_key=session.session_key, now=timezone.now())
        return Response({"ticket": text, "seconds": int(tickets.GOOD_FOR.total_seconds())}, status=201)
