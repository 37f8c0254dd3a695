from django.urls import path

from matching.api import views

urlpatterns = [
    path("requests/", views.Requests.as_view()),
    path("requests/<str:pk>/", views.OneRequest.as_view()),
    path("requests/<str:pk>/place/", views.RequestPlace.as_view()),
    path("requests/<str:pk>/publish/", views.Publish.as_view()),
    path("requests/<str:pk>/withdraw/", views.Withdraw.as_view()),
    path("requests/<str:pk>/suggestions/", views.Suggestions.as_view()),
    path("requests/<str:pk>/why-not/", views.WhyNot.as_view()),
    path("open-requests/", views.OpenRequests.as_view()),
    path("open-requests/<str:pk>/offer/", views.Offer.as_view()),
    path("matches/", views.Matches.as_view()),
    path("matches/<str:pk>/", views.OneMatch.as_view()),
    *[path(f"matches/<str:pk>/{move}/", views.move_view(move, said)) for move, said in views.MOVES.items()],
    path("matches/<str:pk>/clear/", views.Clear.as_view()),
    path("matches/<str:pk>/address/", views.Address.as_view()),
    path("rounds/", views.Rounds.as_view()),
    path("rounds/<str:pk>/", views.OneRound.as_view()),
    path("appointments/", views.Appointments.as_view()),
    path("appointments/<str:pk>/agree/", views.Agree.as_view()),
    path("appointments/<str:pk>/cancel/", views.Cancel.as_view()),
]
