from django.urls import path

from matching.api.views import appointments, matches, requests, rounds

urlpatterns = [
    path("requests/", requests.Requests.as_view()),
    path("requests/<str:pk>/", requests.OneRequest.as_view()),
    path("requests/<str:pk>/place/", requests.RequestPlace.as_view()),
    path("requests/<str:pk>/publish/", requests.Publish.as_view()),
    path("requests/<str:pk>/withdraw/", requests.Withdraw.as_view()),
    path("requests/<str:pk>/suggestions/", requests.Suggestions.as_view()),
    path("requests/<str:pk>/why-not/", requests.WhyNot.as_view()),
    path("open-requests/", requests.OpenRequests.as_view()),
    path("open-requests/<str:pk>/offer/", matches.Offer.as_view()),
    path("matches/", matches.Matches.as_view()),
    path("matches/<str:pk>/", matches.OneMatch.as_view()),
    *[path(f"matches/<str:pk>/{move}/", matches.move_view(move, said)) for move, said in matches.MOVES.items()],
    path("matches/<str:pk>/clear/", matches.Clear.as_view()),
    path("matches/<str:pk>/address/", matches.Address.as_view()),
    path("rounds/", rounds.Rounds.as_view()),
    path("rounds/<str:pk>/", rounds.OneRound.as_view()),
    path("appointments/", appointments.Appointments.as_view()),
    path("appointments/<str:pk>/agree/", appointments.Agree.as_view()),
    path("appointments/<str:pk>/cancel/", appointments.Cancel.as_view()),
]
