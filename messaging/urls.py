"""Addresses of the talk."""

from django.urls import path

from messaging.desk import notices as desk
from messaging.views import arrivals, devices, notices, order, reports, talks

app_name = "messaging"
urlpatterns = [
    path("gespraeche/", talks.talks, name="list"),
    path("gespraech/<uuid:pk>/", talks.talk, name="talk"),
    path("gespraech/zu/<uuid:pk>/", talks.of_match, name="of_match"),
    path("gespraech/<uuid:pk>/senden/", talks.send, name="send"),
    path("gespraech/<uuid:pk>/gelesen/", talks.mark, name="mark"),
    path("gespraech/<uuid:pk>/termin/", talks.propose, name="propose"),
    path("gespraech/<uuid:pk>/termin/<uuid:appointment>/<slug:move>/", talks.move_appointment, name="appointment"),
    path("gespraech/<uuid:pk>/serie/<uuid:series>/<slug:move>/", talks.move_series, name="series"),
    path("gespraech/<uuid:pk>/unangenehm/", reports.uneasy, name="uneasy"),
    path("gespraech/<uuid:pk>/kein-kontakt/", order.block, name="block"),
    path("gespraech/<uuid:pk>/nachricht/<int:seq>/loeschen/", order.delete, name="delete"),
    path("meldungen/", reports.mine, name="reports"),
    path("meldung/<uuid:pk>/", reports.show, name="report"),
    path("melden/nachsehen/", reports.look_up, name="look_up"),
    path("profil/benachrichtigungen/", notices.wishes, name="wishes"),
    path("profil/benachrichtigungen/geraet/<uuid:pk>/entfernen/", devices.remove, name="device_remove"),
    path("sms/bericht/<slug:token>/", arrivals.report, name="sms_report"),
    path("neues/<slug:token>/", devices.news, name="news"),
    path("buero/benachrichtigung/<uuid:pk>/", desk.show, name="notice"),
    path("buero/benachrichtigung/<uuid:pk>/<slug:what>/", desk.done, name="notice_done"),
    path("buero/benachrichtigungen/", desk.undelivered, name="undelivered"),
    path("buero/benachrichtigungen/nochmal/", desk.retry_all, name="retry_all"),
    path("buero/benachrichtigungen/briefe/", desk.letters, name="letters"),
    path("buero/person/<uuid:pk>/benachrichtigungen/", desk.wishes, name="person_wishes"),
]
