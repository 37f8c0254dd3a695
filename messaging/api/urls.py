from django.urls import path

from messaging.api import notices, order, views

urlpatterns = [
    path("conversations/", views.Conversations.as_view()),
    path("conversations/<str:pk>/", views.OneConversation.as_view()),
    path("conversations/<str:pk>/messages/", views.Messages.as_view()),
    path("conversations/<str:pk>/read/", views.Read.as_view()),
    path("conversations/<str:pk>/appointments/", views.TalkAppointments.as_view()),
    path("conversations/<str:pk>/messages/<str:seq>/", order.OneMessage.as_view()),
    path("conversations/<str:pk>/reports/", order.TalkReports.as_view()),
    path("conversations/<str:pk>/block/", order.TalkBlock.as_view()),
    path("matches/<str:pk>/talk-pause/", order.TalkPause.as_view()),
    path("reports/", order.MyReports.as_view()),
    path("reports/<str:pk>/", order.MyReport.as_view()),
    path("me/notices/", notices.MyNotices.as_view()),
    path("me/notices/seen/", notices.SeenNotices.as_view()),
    path("me/wishes/", notices.MyWishes.as_view()),
    path("me/devices/", notices.MyDevices.as_view()),
    path("me/devices/<str:pk>/", notices.MyDevice.as_view()),
    path("socket-tickets/", views.SocketTickets.as_view()),
]
