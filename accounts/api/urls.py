from django.urls import path

from accounts.api import blocks, views

urlpatterns = [
    path("skills/", views.SkillList.as_view()),
    path("me/", views.Me.as_view()),
    path("blocks/", blocks.MyBlocks.as_view()),
    path("blocks/<str:pk>/", blocks.MyBlock.as_view()),
    path("keep-apart/", blocks.MyKeepApart.as_view()),
    path("me/address/", views.MyAddress.as_view()),
    path("volunteer-profile/", views.MyProfile.as_view()),
    path("volunteer-profile/pause/", views.Pause.as_view()),
    path("volunteer-profile/resume/", views.Resume.as_view()),
    path("volunteer-profile/availability/", views.MyAvailability.as_view()),
    path("volunteer-profile/availability/exceptions/", views.MyExceptions.as_view()),
    path("volunteer-profile/availability/exceptions/<str:pk>/", views.MyException.as_view()),
    path("people/", views.People.as_view()),
    path("people/search/", views.PeopleSearch.as_view()),
    path("people/<str:pk>/", views.Person.as_view()),
    path("people/<str:pk>/address/", views.PersonAddress.as_view()),
    path("people/<str:pk>/vetting/", views.PersonVetting.as_view()),
    path("people/<str:pk>/welcome/", views.PersonWelcome.as_view()),
]
