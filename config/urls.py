"""Every address of the house."""

from django.urls import include, path

urlpatterns: list = [path("konto/", include("allauth.urls"))]
