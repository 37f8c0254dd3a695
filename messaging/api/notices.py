"""What I was told, how I want to be told, and on which devices."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import once
from core.serializers import Clock, Input, checked, some
from messaging import actions, rules
from messaging.actions.wishes import topics_of
from messaging.devices import label_of
from messaging.models import Notice, PushSubscription, Way
from messaging.outbox import ways
from messaging.outbox.kinds import KINDS, TOPICS, page_of

ONCE = 100  # notices marked in one request


class NoticeOut(serializers.ModelSerializer):
    """That something waits, never what: the same sentence as in the mail, and the page that says it."""

    says = serializers.SerializerMethodField()
    page = serializers.SerializerMethodField(help_text="its path on the site")
    ways = serializers.SerializerMethodField(help_text="by which it was told so far")

    class Meta:
        model = Notice
        fields = (
            "id",
            "kind",
            "says",
            "page",
            "urgent",
            "state",
            "ways",
            "written_at",
            "told_at",
            "reached_at",
            "seen_at",
        )
        read_only_fields = fields

    def get_says(self, notice: Notice) -> str:
        return str(KINDS[notice.kind].says)

    def get_page(self, notice: Notice) -> str:
        return page_of(notice)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Way.choices)))
    def get_ways(self, notice: Notice) -> list[str]:
        return [way for way, _at in notice.used]


class SeenIn(Input):
    """Without `ids`: all of them."""

    ids = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=ONCE, required=False)


class SeenOut(serializers.Serializer):
    seen = serializers.IntegerField(help_text="how many were not seen before")


class TopicOut(serializers.Serializer):
    topic = serializers.ChoiceField([(name, name) for name in TOPICS])
    label = serializers.CharField()  # type: ignore[assignment]
    way = serializers.ChoiceField(Way.choices)
    choices = serializers.ListField(child=serializers.ChoiceField(Way.choices))


class WishesOut(serializers.Serializer):
    topics = TopicOut(many=True)
    quiet_from = Clock(help_text="equal to `quiet_until`: no quiet hours")
    quiet_until = Clock()
    digest = serializers.BooleanField(help_text="what can wait comes once a day, at 17:00")
    sms_if_urgent = serializers.BooleanField()
    push_key = serializers.CharField(help_text="for the browser's `subscribe`; empty where hints on devices are off")


class WishesIn(Input):
    ways = serializers.DictField(child=serializers.CharField(max_length=10), help_text="topic -> way")
    quiet_from = Clock()
    quiet_until = Clock()
    digest = serializers.BooleanField()
    sms_if_urgent = serializers.BooleanField()


class DeviceOut(serializers.ModelSerializer):
    class Meta:
        model = PushSubscription
        fields = ("id", "label", "created_at", "last_success_at")
        read_only_fields = fields


class DeviceKeysIn(Input):
    p256dh = serializers.CharField(max_length=88)
    auth = serializers.CharField(max_length=24)


class DeviceIn(Input):
    """What the browser's `PushSubscription.toJSON()` says."""

    endpoint = serializers.CharField(max_length=1000)
    keys = DeviceKeysIn()


@extend_schema(tags=["me"], summary="What I was told in the last 30 days")
class MyNotices(generics.ListAPIView):
    serializer_class = NoticeOut
    queryset = Notice.objects.none()
    ordering = ("-written_at", "id")

    def get_queryset(self) -> Any:
        return Notice.objects.filter(person=self.request.user).with_pages()


@extend_schema(tags=["me"])
class SeenNotices(APIView):
    @extend_schema(summary="I have seen these, or all", request=SeenIn, responses=SeenOut)
    def post(self, request: Request) -> Response:
        ids = checked(SeenIn, request).get("ids")
        return Response({"seen": actions.see_notices(by=request.user, notice_ids=ids, now=timezone.now())})


@extend_schema(tags=["me"])
class MyWishes(APIView):
    @extend_schema(summary="How I want to be told", responses=WishesOut)
    def get(self, request: Request) -> Response:
        return Response(_wishes(request))

    @extend_schema(summary="Change some of it", request=WishesIn(partial=True), responses=WishesOut)
    def patch(self, request: Request) -> Response:
        said, me = some(WishesIn, request), request.user
        actions.set_wishes(person_id=me.pk, by=me, now=timezone.now(), chosen=said)
        return Response(_wishes(request))


@extend_schema(tags=["me"])
class MyDevices(generics.ListAPIView):
    serializer_class = DeviceOut
    queryset = PushSubscription.objects.none()
    ordering = ("created_at", "id")

    def get_queryset(self) -> Any:
        return PushSubscription.objects.visible_to(self.request.user)

    @extend_schema(summary="Devices that are told")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(summary="Tell this browser too; again: refresh it", request=DeviceIn, responses={201: DeviceOut})
    @once
    def post(self, request: Request) -> Response:
        said = checked(DeviceIn, request)
        session: Any = request.auth or request.session
        device = actions.add_device(
            by=request.user,
            endpoint=said["endpoint"],
            label=label_of(request.headers.get("User-Agent", "")),
            session_key=session.session_key,
            now=timezone.now(),
            **said["keys"],
        )
        return Response(DeviceOut(device).data, status=201)


@extend_schema(tags=["me"])
class MyDevice(APIView):
    @extend_schema(summary="This device is told nothing any more", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        actions.remove_device(device_id=pk, by=request.user)
        return Response(status=204)


def _wishes(request: Request) -> dict[str, Any]:
    wish = ways.wish_of(request.user)
    topics = [
        {"topic": one.topic.name, "label": one.topic.label, "way": one.way, "choices": one.ways}
        for one in topics_of(wish)
    ]
    key = rules.push_key_for(wish.person)
    said = {name: getattr(wish, name) for name in ("quiet_from", "quiet_until", "digest", "sms_if_urgent")}
    return dict(WishesOut({"topics": topics, "push_key": key, **said}).data)
