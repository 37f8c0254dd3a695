"""Joining, the own profile, helping."""

from django.urls import path

from accounts.views import badges, blocks, claim, decisions, helping, join, profile, trust

app_name = "accounts"
urlpatterns = [
    path("mitmachen/", join.start, name="join"),
    path("mitmachen/willkommen/", join.joined, name="joined"),
    path("mitmachen/code/", claim.begin, name="claim"),
    path("mitmachen/code/eintippen/", claim.finish, name="claim_code"),
    path("mitmachen/<slug:role>/<slug:step>/", join.step, name="join_step"),
    path("profil/", profile.profile, name="profile"),
    path("profil/adresse/", profile.address, name="address"),
    path("profil/vertrauen/", profile.trusted, name="trusted"),
    path("profil/vertrauen/<uuid:pk>/ja/", profile.agree, name="agree"),
    path("profil/vertrauen/<uuid:pk>/beenden/", profile.untrust, name="untrust"),
    path("profil/kein-kontakt/", blocks.blocked, name="blocked"),
    path("profil/kein-kontakt/nie/", blocks.keep_apart, name="keep_apart"),
    path("profil/kein-kontakt/<uuid:pk>/aufheben/", blocks.unblock, name="unblock"),
    path("profil/helfen/", helping.helping, name="helping"),
    path("profil/zeiten/", helping.times, name="times"),
    path("profil/zeiten/serien/", helping.series, name="series"),
    path("profil/zeiten/serien/<int:pk>/loeschen/", helping.remove_series, name="remove_series"),
    path("profil/zeiten/tage/", helping.exception, name="exception"),
    path("profil/zeiten/tage/<int:pk>/loeschen/", helping.remove_exception, name="remove_exception"),
    path("profil/schritte/", trust.steps, name="steps"),
    path("entscheidung/<str:token>/", decisions.decision, name="decision"),
    path("eltern/<str:token>/", trust.parents_page, name="parents"),
    path("ausweis/<str:code>/", badges.show, name="badge"),
    path("profil/pause/", helping.pause, name="pause"),
]
