"""Stop helping, as an app asks for it."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from matching import actions


@extend_schema(tags=["volunteer profile"])
class StopHelping(APIView):
    @extend_schema(
        summary="I help no more",
        description="Ends every pair, calls visits off. PUT the profile again to begin anew.",
        request=None,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        actions.stop_helping(person_id=request.user.pk, by=request.user, now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)
