"""Addresses of reports and talks on the desk."""

from django.urls import path

from messaging.desk import views

app_name = "office"
urlpatterns = [
    path("meldung/<uuid:pk>/", views.show, name="report"),
    path("meldung/<uuid:pk>/gespraech/", views.conversation, name="conversation"),
    path("meldung/<uuid:pk>/<slug:move>/", views.move, name="move"),
    path("gespraech/<uuid:pk>/", views.pause, name="pause"),
]
