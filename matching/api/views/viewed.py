"""What all of them share: serializers are told who looks."""

from contextlib import nullcontext
from typing import Any

from rest_framework import generics
from rest_framework.response import Response

from accounts import roles
from core.database import find


class Viewed(generics.GenericAPIView):
    """Serializers are told who looks; a page of many asks about roles once."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        with roles.asked_once() if request.method == "GET" else nullcontext():
            return super().dispatch(request, *args, **kwargs)

    def get_serializer_context(self) -> dict:
        return {**super().get_serializer_context(), "viewer": self.request.user}

    def shown(self, pk: object, status: int = 200) -> Response:
        return Response(self.get_serializer(find(self.get_queryset(), pk)).data, status=status)
