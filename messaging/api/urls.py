from django.urls import path

from messaging.api import views

urlpatterns = [
    path("conversations/", views.Conversations.as_view()),
    path("conversations/<str:pk>/", views.OneConversation.as_view()),
    path("conversations/<str:pk>/messages/", views.Messages.as_view()),
    path("conversations/<str:pk>/read/", views.Read.as_view()),
    path("conversations/<str:pk>/appointments/", views.TalkAppointments.as_view()),
    path("socket-tickets/", views.SocketTickets.as_view()),
]
