"""Joining, the own profile, helping."""

from django.urls import path

from accounts.views import join

app_name = "accounts"
urlpatterns = [
    path("mitmachen/", join.start, name="join"),
    path("mitmachen/willkommen/", join.joined, name="joined"),
    path("mitmachen/<slug:role>/<slug:step>/", join.step, name="join_step"),
]
