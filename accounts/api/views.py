"""Oneself, skills, the volunteer profile, and people for the workers of their quarter."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import roles, search
from accounts.actions import addresses, availability, people, profiles, vetting
from accounts.actions.looks import note_look
from accounts.api import people as person_shapes
from accounts.api import profiles as shapes
from accounts.api.serializers import (
    AddressIn,
    MeOut,
    PersonIn,
    PlaceOut,
    SkillOut,
)
from accounts.models import Look, Skill, User
from core.api import once
from core.database import find
from core.errors import NotAllowed
from core.serializers import checked, some


@extend_schema(summary="Kinds of help, and what each one asks of a helper", tags=["public"])
class SkillList(generics.ListAPIView):
    permission_classes = [AllowAny]
    serializer_class = SkillOut
    queryset = Skill.objects.all()
    filterset_fields = ["group"]
    ordering = ("order", "slug")


@extend_schema(tags=["me"])
class Me(APIView):
    @extend_schema(summary="Myself", responses=MeOut)
    def get(self, request: Request) -> Response:
        return Response(MeOut(_myself(request)).data)

    @extend_schema(summary="Change some of what is known of me", request=PersonIn(partial=True), responses=MeOut)
    def patch(self, request: Request) -> Response:
        changes = some(PersonIn, request)
        people.change_person(person_id=request.user.pk, by=request.user, now=timezone.now(), changes=changes)
        return Response(MeOut(_myself(request)).data)


@extend_schema(tags=["me"])
class MyAddress(APIView):
    @extend_schema(
        summary="Where I live; where several houses fit, the answer names them in `choices`",
        request=AddressIn,
        responses=PlaceOut,
    )
    def put(self, request: Request) -> Response:
        return set_address(request, request.user)


@extend_schema(tags=["volunteer profile"])
class MyProfile(APIView):
    @extend_schema(summary="What I offer", responses=shapes.ProfileOut)
    def get(self, request: Request) -> Response:
        return _profile(request)

    @extend_schema(
        summary="Begin to help, or say again what I offer", request=shapes.ProfileIn, responses=shapes.ProfileOut
    )
    def put(self, request: Request) -> Response:
        changes, me = checked(shapes.ProfileIn, request), request.user
        with transaction.atomic():
            profiles.become_volunteer(person_id=me.pk, by=me, now=timezone.now())
            profiles.save_profile(person_id=me.pk, by=me, now=timezone.now(), changes=changes)
        return _profile(request)

    @extend_schema(
        summary="Change some of what I offer", request=shapes.ProfileIn(partial=True), responses=shapes.ProfileOut
    )
    def patch(self, request: Request) -> Response:
        changes = some(shapes.ProfileIn, request)
        profiles.save_profile(person_id=request.user.pk, by=request.user, now=timezone.now(), changes=changes)
        return _profile(request)


@extend_schema(tags=["volunteer profile"])
class Pause(APIView):
    @extend_schema(summary="Ask me nothing for a while", request=shapes.PauseIn, responses=shapes.ProfileOut)
    def post(self, request: Request) -> Response:
        until = checked(shapes.PauseIn, request).get("until")
        profiles.pause(person_id=request.user.pk, by=request.user, now=timezone.now(), until=until)
        return _profile(request)


@extend_schema(tags=["volunteer profile"])
class Resume(APIView):
    @extend_schema(summary="I am back", request=None, responses=shapes.ProfileOut)
    def post(self, request: Request) -> Response:
        profiles.resume(person_id=request.user.pk, by=request.user, now=timezone.now())
        return _profile(request)


@extend_schema(tags=["volunteer profile"])
class MyAvailability(APIView):
    @extend_schema(summary="When I can", responses=shapes.AvailabilityOut)
    def get(self, request: Request) -> Response:
        return _availability(request)

    @extend_schema(
        summary="My weekly windows, all of them", request=shapes.AvailabilityIn, responses=shapes.AvailabilityOut
    )
    def put(self, request: Request) -> Response:
        windows = checked(shapes.AvailabilityIn, request)["windows"]
        availability.set_availability(person_id=request.user.pk, by=request.user, now=timezone.now(), windows=windows)
        return _availability(request)


@extend_schema(tags=["volunteer profile"])
class MyExceptions(APIView):
    @extend_schema(
        summary="Away on some days, or there besides", request=shapes.ExceptionIn, responses={201: shapes.ExceptionOut}
    )
    @once
    def post(self, request: Request) -> Response:
        days = checked(shapes.ExceptionIn, request)
        made = availability.add_exception(person_id=request.user.pk, by=request.user, now=timezone.now(), **days)
        return Response(shapes.ExceptionOut(made).data, status=201)


@extend_schema(tags=["volunteer profile"])
class MyException(APIView):
    @extend_schema(summary="These days hold no longer", responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        me = request.user
        availability.remove_exception(exception_id=pk, person_id=me.pk, by=me, now=timezone.now())
        return Response(status=204)


class WorkersOnly(APIView):
    """People are found and added by workers; whom they see is decided per person by the queryset and the verbs."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        if not roles.is_worker(request.user):
            raise NotAllowed


@extend_schema(tags=["people"])
class People(WorkersOnly):
    @extend_schema(
        summary="Add somebody, with or without an e-mail address",
        request=person_shapes.NewPersonIn,
        responses={201: person_shapes.PersonDetail},
    )
    @once
    def post(self, request: Request) -> Response:
        about = checked(person_shapes.NewPersonIn, request)
        person = people.create_person(by=request.user, now=timezone.now(), **about)
        return _person(request, person.pk, status=201)


@extend_schema(tags=["people"])
class PeopleSearch(WorkersOnly):
    ordering = ("last_name", "first_name", "id")

    @extend_schema(
        summary="Find people of my quarters by name or number",
        request=person_shapes.SearchIn,
        responses=person_shapes.FoundOut,
    )
    def post(self, request: Request) -> Response:
        found = search.find_people(request.user, checked(person_shapes.SearchIn, request)["text"])
        rows = found.select_related("quarter", "place", "volunteer_profile").order_by(*self.ordering)
        return Response(person_shapes.FoundOut(person_shapes.first_of(rows)).data)


@extend_schema(tags=["people"])
class Person(WorkersOnly):
    @extend_schema(summary="One person of my quarters", responses=person_shapes.PersonDetail)
    def get(self, request: Request, pk: str) -> Response:
        return _person(request, pk)

    @extend_schema(
        summary="Change some of what is known of them",
        request=PersonIn(partial=True),
        responses=person_shapes.PersonDetail,
    )
    def patch(self, request: Request, pk: str) -> Response:
        changes = some(PersonIn, request)
        people.change_person(person_id=pk, by=request.user, now=timezone.now(), changes=changes)
        return _person(request, pk)


@extend_schema(tags=["people"])
class PersonAddress(WorkersOnly):
    @extend_schema(summary="Where they live", request=AddressIn, responses=PlaceOut)
    def put(self, request: Request, pk: str) -> Response:
        return set_address(request, find(_people_of(request), pk))


@extend_schema(tags=["people"])
class PersonVetting(WorkersOnly):
    @extend_schema(
        summary="Note that something was checked: the day and yes or no",
        request=person_shapes.VettingIn,
        responses={201: person_shapes.VettingOut},
    )
    @once
    def post(self, request: Request, pk: str) -> Response:
        said = checked(person_shapes.VettingIn, request)
        row = vetting.record_vetting(person_id=pk, by=request.user, now=timezone.now(), **said)
        return Response(person_shapes.VettingOut(row).data, status=201)


@extend_schema(tags=["people"])
class PersonWelcome(WorkersOnly):
    @extend_schema(summary="From now on this volunteer is asked", request=None, responses=person_shapes.PersonDetail)
    def post(self, request: Request, pk: str) -> Response:
        vetting.welcome_volunteer(person_id=pk, by=request.user, now=timezone.now())
        return _person(request, pk)


def set_address(request: Request, person: User) -> Response:
    place = addresses.set_place(person=person, by=request.user, now=timezone.now(), **checked(AddressIn, request))
    return Response(PlaceOut(place).data)


def _myself(request: Request) -> User:
    return User.objects.select_related("quarter", "place").get(pk=request.user.pk)


def _profile(request: Request) -> Response:
    mine = find(shapes.shown_profiles(), _profile_key(request))
    return Response(shapes.ProfileOut(mine).data)


def _availability(request: Request) -> Response:
    mine = find(shapes.shown_profiles(), _profile_key(request))
    return Response(shapes.AvailabilityOut(mine).data)


def _profile_key(request: Request) -> object:
    profile = roles.profile_of(request.user)
    return profile and profile.pk


def _people_of(request: Request) -> QuerySet[User]:
    return User.objects.filter(quarter__in=roles.quarters_of(request.user))


def _person(request: Request, pk: object, status: int = 200) -> Response:
    """All that is known of them, after whichever verb: each time it is shown counts as a look."""
    rows = (
        _people_of(request)
        .select_related("quarter", "place", "volunteer_profile__user")
        .prefetch_related("vettings", "volunteer_profile__offered_skills", "volunteer_profile__served_quarters")
    )
    person = find(rows, pk)
    note_look(person=person, by=request.user, what=Look.What.PERSON, now=timezone.now(), api=True)
    return Response(person_shapes.PersonDetail(person).data, status=status)
