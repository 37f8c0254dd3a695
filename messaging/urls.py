"""Addresses of the talk."""

from django.urls import path

from messaging import views

app_name = "messaging"
urlpatterns = [
    path("gespraeche/", views.talks, name="list"),
    path("gespraech/<uuid:pk>/", views.talk, name="talk"),
    path("gespraech/zu/<uuid:pk>/", views.of_match, name="of_match"),
    path("gespraech/<uuid:pk>/senden/", views.send, name="send"),
    path("gespraech/<uuid:pk>/gelesen/", views.mark, name="mark"),
    path("gespraech/<uuid:pk>/termin/", views.propose, name="propose"),
    path("gespraech/<uuid:pk>/termin/<uuid:appointment>/<slug:move>/", views.move_appointment, name="appointment"),
    path("gespraech/<uuid:pk>/serie/<uuid:series>/<slug:move>/", views.move_series, name="series"),
    path("gespraech/<uuid:pk>/unangenehm/", views.uneasy, name="uneasy"),
]
