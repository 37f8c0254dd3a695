"""Every address of the house."""

from django.urls import include, path

from config import health, views

urlpatterns: list = [
    path("", views.start, name="start"),
    path("anzeige/", views.display, name="display"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("melden/", views.report, name="report"),
    path("buero/", include("matching.desk.urls")),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("konto/", include("allauth.urls")),
    path("api/auth/", include("allauth.headless.urls")),
    path("api/v1/", include("config.api")),
]
handler400 = "core.http.bad_request"
handler403 = "core.http.not_allowed"
handler404 = "core.http.not_found"
handler500 = "core.http.broken"
