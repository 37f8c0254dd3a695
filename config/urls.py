"""Every address of the house."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from config import health, views
from config.demo import views as demo
from matching.views.home import home

urlpatterns: list = [
    path("", views.start, name="start"),
    path("anzeige/", views.display, name="display"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("melden/", views.report, name="report"),
    path("mein/", home, name="home"),
    path("", include("matching.urls")),
    path("buero/", include("matching.desk.urls")),
    path("", include("accounts.urls")),
    path("demo/", demo.people, name="demo"),
    path("demo/post/", demo.mails, name="demo_post"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("konto/signup/", login_not_required(RedirectView.as_view(pattern_name="accounts:join"))),
    path("", include("messaging.urls")),
    path("konto/", include("allauth.urls")),
    path("api/auth/", include("allauth.headless.urls")),
    path("api/v1/", include("config.api")),
]
handler400 = "core.http.bad_request"
handler403 = "core.http.not_allowed"
handler404 = "core.http.not_found"
handler500 = "core.http.broken"
