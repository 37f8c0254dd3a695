"""Weights of a quarter: read, tried on its last weeks, switched on."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import roles
from core.api import once
from core.database import find
from core.serializers import checked
from matching import actions, weighing
from matching.actions.weights import checked_weights
from matching.api import serializers as out
from matching.api import shapes
from matching.models import Weighing
from matching.replay import what_if


@extend_schema(tags=["quarters"])
class Weights(APIView):
    @extend_schema(summary="The weights in force in one of my quarters, and every version", responses=out.WeightsOut)
    def get(self, request: Request, pk: str) -> Response:
        quarter = find(roles.quarters_of(request.user), pk)
        versions = Weighing.objects.filter(quarter=quarter).select_related("by")
        return Response(out.WeightsOut({"weights": weighing.weights_of(quarter), "versions": versions}).data)

    @extend_schema(
        summary="Switch on a new version; an earlier one returns by its weights",
        request=shapes.NewWeightsIn,
        responses={201: out.WeighingOut},
    )
    @once
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.NewWeightsIn, request)
        made = actions.switch_on_weights(quarter_id=pk, by=request.user, now=timezone.now(), **said)
        return Response(out.WeighingOut(made).data, status=201)


@extend_schema(tags=["quarters"])
class Trial(APIView):
    @extend_schema(
        summary="What other weights would have changed in the last weeks; nobody is asked, nothing is kept",
        request=shapes.TrialIn,
        responses=out.TrialOut,
    )
    def post(self, request: Request, pk: str) -> Response:
        said = checked(shapes.TrialIn, request)
        quarter = find(roles.quarters_of(request.user), pk)
        weights = checked_weights(said["weights"])
        found = what_if(quarter, weights, now=timezone.now(), days=said["days"])
        empty = {"days": said["days"], "rounds": 0, "other_pairs": 0, "before": None, "after": None}
        return Response(out.TrialOut(found or empty).data)
