"""With whom I want no contact, and whom I must never meet."""

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actions import apart, people
from accounts.models import Block, KeepApart, User
from core.api import once
from core.database import find
from core.serializers import Input, checked


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
        return Block.objects.told_by(self.request.user).select_related("blocked")


@extend_schema(tags=["me"])
class MyBlock(APIView):
    @extend_schema(summary="Contact is possible again; `id` is the person's", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        mine = Block.objects.told_by(request.user).values("blocked")
        people.unblock(other=find(User.objects.filter(pk__in=mine), pk), by=request.user, now=timezone.now())
        return Response(status=204)


class KeepApartIn(Input):
    """`name` and at least one of the three others."""

    name = serializers.CharField(max_length=120)
    born_on = serializers.DateField(required=False, allow_null=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    email = serializers.CharField(max_length=254, required=False, allow_blank=True)
    label = serializers.CharField(max_length=40, required=False, allow_blank=True)  # type: ignore[assignment]


class KeepApartOut(serializers.ModelSerializer):
    class Meta:
        model = KeepApart
        fields = ("id", "label", "since")


@extend_schema(tags=["me"])
class MyKeepApart(generics.ListAPIView):
    """Whom I must never meet: only what I called them. The office alone takes an entry back."""

    serializer_class = KeepApartOut
    queryset = KeepApart.objects.none()
    ordering = ("since", "id")

    def get_queryset(self) -> QuerySet[KeepApart]:
        return KeepApart.objects.filter(owner=self.request.user)

    @extend_schema(summary="Whom I must never meet, by the labels I chose")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        summary="Never this person; says the same whether they are here or not",
        request=KeepApartIn,
        responses={201: KeepApartOut},
    )
    @once
    def post(self, request: Request) -> Response:
        me = request.user
        made = apart.keep_apart(owner_id=me.pk, by=me, now=timezone.now(), **checked(KeepApartIn, request))
        return Response(KeepApartOut(made).data, status=201)
