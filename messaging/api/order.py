"""Order in the talk over HTTP: reporting, no contact, a pause by the office, taking a message back."""

from typing import Any
from uuid import uuid4

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import once
from core.database import find
from core.errors import NotVisible
from core.serializers import checked
from messaging import actions
from messaging.api import serializers as shapes
from messaging.frames import message_data
from messaging.models import Report


@extend_schema(tags=["reports"], summary="What I reported, and how it stands")
class MyReports(generics.ListAPIView):
    serializer_class = shapes.ReportOut
    queryset = Report.objects.none()
    ordering = ("-made_at", "id")

    def get_queryset(self):
        return Report.objects.visible_to(self.request.user).select_related("about")


@extend_schema(tags=["reports"])
class MyReport(APIView):
    @extend_schema(summary="One report of mine", responses=shapes.ReportOut)
    def get(self, request: Request, pk: str) -> Response:
        return Response(shapes.ReportOut(find(Report.objects.visible_to(request.user), pk)).data)


@extend_schema(tags=["reports"])
class TalkReports(APIView):
    @extend_schema(
        summary="This feels wrong: about the other, or about one message of theirs",
        request=shapes.ReportIn,
        responses={201: shapes.ReportOut},
    )
    @once
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.ReportIn, request)
        who: dict[str, Any] = {"conversation_id": pk, "by": request.user, "now": timezone.now()}
        if "seq" in said:
            said.pop("with_messages", None)
            report = actions.report_message(**who, **said)
        else:
            report = actions.report_person(**who, **said)
        return Response(shapes.ReportOut(report).data, status=201)


@extend_schema(tags=["conversations"])
class TalkBlock(APIView):
    @extend_schema(summary="No contact with the other any more", request=None, responses={204: None})
    def post(self, request: Request, pk: str) -> Response:
        actions.block_in_talk(conversation_id=pk, by=request.user, now=timezone.now())
        return Response(status=204)

    @extend_schema(summary="Contact is possible again", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        actions.unblock_in_talk(conversation_id=pk, by=request.user, now=timezone.now())
        return Response(status=204)


@extend_schema(tags=["matches"])
class TalkPause(APIView):
    @extend_schema(summary="Let the talk of this match rest (workers)", request=None, responses={204: None})
    def post(self, request: Request, pk: str) -> Response:
        actions.pause_talk(match_id=pk, by=request.user, now=timezone.now())
        return Response(status=204)

    @extend_schema(summary="Both may write again (workers)", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        actions.resume_talk(match_id=pk, by=request.user)
        return Response(status=204)


@extend_schema(tags=["conversations"])
class OneMessage(APIView):
    @extend_schema(
        summary="Take my message back; the answer is the row that says so",
        parameters=[OpenApiParameter("seq", {"type": "integer", "minimum": 1}, OpenApiParameter.PATH)],
        request=None,
        responses=shapes.MessageOut,
    )
    def delete(self, request: Request, pk: str, seq: str) -> Response:
        if not (seq.isascii() and seq.isdigit() and len(seq) < 19):
            raise NotVisible
        row = actions.delete_message(
            conversation_id=pk, seq=int(seq), by=request.user, client_id=uuid4(), now=timezone.now()
        )
        return Response(message_data(row.message))
