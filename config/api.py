"""Manners of the JSON API that hold everywhere: paging, sessions, unknown filters."""

from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.authentication import SessionAuthentication as _Session
from rest_framework.pagination import CursorPagination


class SessionAuthentication(_Session):
    """Browser session with CSRF; answers 401 where nobody is logged in."""

    def authenticate_header(self, request) -> str:
        return "Session"


class Pages(CursorPagination):
    ordering = ("-pk",)
    page_size_query_param = "limit"
    max_page_size = 100


class StrictFilterBackend(DjangoFilterBackend):
    """An unknown filter is a 400, not silence."""
