"""With whom I want no contact."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions import people
from accounts.models import Block, User
from core.database import find


class BlockOut(serializers.ModelSerializer):
    person = serializers.UUIDField(source="blocked_id")
    first_name = serializers.CharField(source="blocked.first_name")

    class Meta:
        model = Block
        fields = ("person", "first_name", "since")


@extend_schema(tags=["me"], summary="With whom I want no contact")
class MyBlocks(generics.ListAPIView):
    serializer_class = BlockOut
    queryset = Block.objects.none()
    ordering = ("-since", "id")

    def get_queryset(self) -> QuerySet[Block]:
        return Block.objects.filter(blocker=self.request.user).select_related("blocked")


@extend_schema(tags=["me"])
class MyBlock(APIView):
    @extend_schema(summary="Contact is possible again; `id` is the person's", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        mine = Block.objects.filter(blocker=request.user).values("blocked")
        people.unblock(other=find(User.objects.filter(pk__in=mine), pk), by=request.user, now=timezone.now())
        return Response(status=204)
