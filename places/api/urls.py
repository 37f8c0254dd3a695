from django.urls import path

from places.api import views

urlpatterns = [path("quarters/", views.QuarterList.as_view())]
