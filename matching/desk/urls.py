"""The desk under /buero/."""

from django.urls import path

from matching.desk.views import cases, home, numbers, people, quarters, requests, rounds, swaps, unasked, visits

app_name = "desk"
urlpatterns = [
    path("", home.home, name="home"),
    path("bitte/<uuid:pk>/", cases.show, name="case"),
    path("bitte/<uuid:pk>/bearbeiten/", requests.edit, name="request_edit"),
    path("bitte/<uuid:pk>/vorschlagen/", cases.propose, name="propose"),
    path("bitte/<uuid:pk>/aendern/", cases.change, name="change"),
    path("bitte/<uuid:pk>/wer/<slug:code>/", cases.would, name="would"),
    path("bitte/<uuid:pk>/veroeffentlichen/", cases.publish, name="publish"),
    path("bitte/<uuid:pk>/zurueckziehen/", cases.withdraw, name="withdraw"),
    path("vermittlung/<uuid:pk>/<str:move>/", cases.move, name="move"),
    path("personen/", people.search, name="people"),
    path("personen/neu/", people.new, name="person_new"),
    path("person/<uuid:pk>/", people.show, name="person"),
    path("person/<uuid:pk>/adresse/", people.address, name="address"),
    path("person/<uuid:pk>/angaben/", people.change, name="contact"),
    path("person/<uuid:pk>/wohnort/", people.place, name="place"),
    path("person/<uuid:pk>/pruefung/", people.record, name="record"),
    path("person/<uuid:pk>/begruessen/", people.welcome, name="welcome"),
    path("person/<uuid:pk>/wie-oft/", people.ask_wish, name="ask_wish"),
    path("person/<uuid:pk>/bitte/", requests.new, name="request_new"),
    path("runde/", rounds.start, name="round_start"),
    path("runde/<uuid:pk>/", rounds.show, name="round"),
    path("runde/<uuid:pk>/stand/", rounds.progress, name="round_progress"),
    path("runde/<uuid:pk>/freigeben/", rounds.release, name="round_release"),
    path("termin/<uuid:pk>/", visits.show, name="visit"),
    path("termin/<uuid:pk>/<slug:move>/", visits.move, name="visit_move"),
    path("erinnern/<uuid:pk>/", visits.remind, name="reminder"),
    path("nachfrage/<uuid:pk>/", visits.check_in, name="check_in"),
    path("nicht-gefragt/", unasked.show, name="unasked"),
    path("nicht-gefragt/tabelle.csv", unasked.table, name="unasked_table"),
    path("runde/<uuid:pk>/verwerfen/", rounds.reject, name="round_reject"),
    path("runde/<uuid:pk>/tauschen/<uuid:match_pk>/", swaps.swap, name="round_swap"),
    path("runde/<uuid:pk>/aendern/<uuid:request_pk>/", rounds.change, name="round_change"),
    path("runde/nachbarn/<uuid:pk>/", rounds.around, name="round_around"),
    path("quartier/<uuid:pk>/", quarters.settings, name="quarter"),
    path("quartier/<uuid:pk>/nachbar/", quarters.border, name="border"),
    path("zahlen/", numbers.city, name="numbers"),
]
