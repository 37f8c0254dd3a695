"""Requests in full for those who see them, coarse for volunteers."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import roles
from accounts.api.serializers import SpotIn  # a shape, not a door: addresses look alike everywhere
from accounts.models import User
from core.api import limit_of, once, only_filters
from core.database import find
from core.errors import NotAllowed
from core.serializers import checked, some
from matching import actions, rules, states, suggestions
from matching.api import serializers as out
from matching.api import shapes
from matching.api.views.viewed import Viewed
from matching.models import HelpRequest


class RequestFilter(filters.FilterSet):
    state = filters.MultipleChoiceFilter(choices=[(state, state) for state in states.REQUEST_STATES])

    class Meta:
        model = HelpRequest
        fields = ["state"]


class OpenFilter(filters.FilterSet):
    skill = filters.CharFilter(field_name="skills__slug", max_length=40)

    class Meta:
        model = HelpRequest
        fields = ["skill"]


class RequestView(Viewed):
    shows_cases = True
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
