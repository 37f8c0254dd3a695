"""The JSON API, version 1, put together: every app's resources under /api/v1/, and nothing else below it."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from core.errors import NotVisible


class Nothing(APIView):
    """An address nobody lives at: the same 404 as a thing this person may not see."""

    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise NotVisible


class Docs(SpectacularSwaggerSplitView):
    """The schema to read and try; scripts in files of their own, as our content policy asks."""

    template_name = "api/docs.html"


urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("places.api.urls")),
    path("", include("accounts.api.urls")),
    path("", include("matching.api.urls")),
    path("", include("messaging.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", Docs.as_view(), name="api_docs"),
    re_path(r"^.*$", Nothing.as_view()),
]
