"""Pages of residents and volunteers: their requests, what waits for them, what is open around them."""

from django.urls import path

from matching.views import appointments, asking, calendar, matches, offers, papers, requests, stopping

app_name = "matching"
urlpatterns = [
    path("bitte/neu/", asking.new, name="request_new"),
    path("bitte/<uuid:pk>/schritt/<int:step>/", asking.step, name="request_step"),
    path("bitte/<uuid:pk>/", requests.detail, name="request"),
    path("bitte/<uuid:pk>/zurueckziehen/", requests.withdraw, name="request_withdraw"),
    path("vermittlung/<uuid:pk>/", matches.detail, name="match"),
    path("vermittlung/<uuid:pk>/adresse/", matches.address, name="address"),
    path("vermittlung/<uuid:pk>/<str:move>/", matches.move, name="match_move"),
    path("offen/", offers.open_list, name="open"),
    path("offen/<uuid:pk>/anbieten/", offers.offer, name="offer"),
    path("termin/<uuid:pk>/", appointments.show, name="appointment"),
    path("termin/<uuid:pk>/verschieben/", appointments.change, name="appointment_move"),
    path("termin/<uuid:pk>/dauer/", appointments.duration, name="appointment_duration"),
    path("termin/<uuid:pk>/<slug:move>/", appointments.move, name="appointment_do"),
    path("nachfrage/<uuid:pk>/", appointments.answer, name="check_in"),
    path("papier/tuerkarte/<uuid:pk>/", papers.door, {"pdf": False}, name="door_card"),
    path("papier/tuerkarte/<uuid:pk>.pdf", papers.door, {"pdf": True}, name="door_card_pdf"),
    path("papier/versprechen/", papers.own_pledge, {"pdf": False}, name="pledge"),
    path("papier/versprechen.pdf", papers.own_pledge, {"pdf": True}, name="pledge_pdf"),
    path("papier/ausweis/", papers.own_badge, {"pdf": False}, name="badge"),
    path("papier/ausweis.pdf", papers.own_badge, {"pdf": True}, name="badge_pdf"),
    path("kalender/", calendar.calendar, name="calendar"),
    path("kalender/abo/", calendar.feed, name="feed"),
    path("kalender/abo/<str:secret>.ics", calendar.as_ics, name="ics"),
    path("profil/aufhoeren/", stopping.stop, name="stop_helping"),
    path("stunden/", calendar.log, name="hours"),
    path("stunden.csv", calendar.log_csv, name="hours_csv"),
]
