"""Every address of the house."""

from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.generic import RedirectView

from config import client, health, views
from config.data_protection import views as data
from config.demo import views as demo
from matching.views.home import home
from messaging.views import reports

urlpatterns: list = [
    path("", views.start, name="start"),
    path("anzeige/", views.display, name="display"),
    path("impressum/", views.imprint, name="imprint"),
    path("datenschutz/", views.privacy, name="privacy"),
    path("barrierefreiheit/", views.accessibility, name="accessibility"),
    path("melden/", reports.from_outside, name="report"),
    path("mein/", home, name="home"),
    path("", include("matching.urls")),
    path("buero/", include("matching.desk.urls")),
    path("buero/", include("messaging.desk.urls")),
    path("", include("accounts.urls")),
    path("profil/daten/", data.mine, name="data"),
    path("profil/daten/kopie.json", data.download, name="data_download"),
    path("profil/daten/loeschen/", data.erase, name="data_erase"),
    path("buero/person/<uuid:pk>/daten/", data.of_person, name="data_of_person"),
    path("buero/person/<uuid:pk>/daten/kopie.json", data.download_of, name="data_download_of"),
    path("buero/person/<uuid:pk>/abmelden/", data.log_out_everywhere, name="log_out_everywhere"),
    path("buero/person/<uuid:pk>/loeschen/", data.erase_person, name="data_erase_person"),
    path("buero/geloescht/", data.removed, name="data_removed"),
    path("buero/datenschutz/", data.papers, name="data_papers"),
    path("manifest.webmanifest", client.manifest, name="manifest"),
    path("sw.js", client.worker, name="worker"),
    path("ohne-verbindung/", client.offline, name="offline"),
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
