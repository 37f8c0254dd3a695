"""Public lists of places."""

from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny

from places.api.serializers import QuarterOut
from places.models import Quarter


@extend_schema(summary="The quarters of the city with their offices", tags=["public"])
class QuarterList(generics.ListAPIView):
    permission_classes = [AllowAny]
    serializer_class = QuarterOut
    queryset = Quarter.objects.all()
    ordering = ("name", "id")
