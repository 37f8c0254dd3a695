"""Shapes of people as workers of their quarter see them."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.actions.vetting import KINDS
from accounts.api.profiles import ProfileOut
from accounts.api.serializers import PersonIn, QuarterRef
from accounts.models import User, Vetting, VolunteerProfile
from core.serializers import Day, Input
from places.models import Quarter

MOST_FOUND = 100


class VettingOut(serializers.ModelSerializer):
    class Meta:
        model = Vetting
        fields = ["id", "kind", "on", "valid_until", "suitable"]
        read_only_fields = fields


class PersonOut(serializers.ModelSerializer):
    """One line of a list."""

    quarter = QuarterRef(read_only=True, allow_null=True)
    phone = serializers.CharField(read_only=True)
    helps = serializers.SerializerMethodField()
    welcomed = serializers.SerializerMethodField()
    place_is_found = serializers.SerializerMethodField(help_text="null: no address given yet")

    class Meta:
        model = User
        fields = [
            "id", "first_name", "last_name", "phone", "quarter", "channel", "wants_help", "helps", "welcomed",
            "place_is_found",
        ]  # fmt: skip
        read_only_fields = fields

    def get_helps(self, person: User) -> bool:
        return _profile(person) is not None

    def get_welcomed(self, person: User) -> bool:
        profile = _profile(person)
        return profile is not None and profile.welcomed_at is not None

    def get_place_is_found(self, person: User) -> bool | None:
        return person.place.is_found if person.place else None


def _profile(person: User) -> VolunteerProfile | None:
    """`roles.profile_of`, of what was fetched with the person."""
    profile = getattr(person, "volunteer_profile", None)
    return None if profile and profile.has_stopped else profile


class FoundOut(serializers.Serializer):
    """No cursor here: it would carry a name in an address. Whoever finds too many types another letter."""

    results = PersonOut(many=True)
    more = serializers.BooleanField(help_text="there are others; narrow the search")


def first_of(people: QuerySet[User]) -> dict:
    rows = list(people[: MOST_FOUND + 1])
    return {"results": rows[:MOST_FOUND], "more": len(rows) > MOST_FOUND}


class PersonDetail(PersonOut):
    """The whole person for the worker's desk; never the address, which is read by its own audited verb."""

    suspended = serializers.SerializerMethodField()
    volunteer_profile = serializers.SerializerMethodField()
    vettings = VettingOut(many=True, read_only=True)

    class Meta:
        model = User
        fields = [
            *PersonOut.Meta.fields, "email", "share_phone", "born_on", "gender", "languages", "language", "joined_at",
            "suspended", "volunteer_profile", "vettings",
        ]  # fmt: skip
        read_only_fields = fields

    def get_suspended(self, person: User) -> bool:
        return person.suspended_at is not None

    @extend_schema_field(ProfileOut(allow_null=True))
    def get_volunteer_profile(self, person: User) -> dict | None:
        profile = _profile(person)
        return ProfileOut(profile, context={"for_office": True}).data if profile else None


class NewPersonIn(PersonIn):
    """Somebody on the phone: first name, quarter and number are enough; for `channel` "letter" no number."""

    first_name = serializers.CharField(max_length=60)
    email = serializers.EmailField(max_length=254, required=False, allow_null=True)
    quarter = serializers.PrimaryKeyRelatedField(queryset=Quarter.objects.all())

    def get_fields(self) -> dict:
        fields = super().get_fields()
        for name in set(fields) - {"first_name", "quarter"}:
            fields[name].required = False
        return fields


class SearchIn(Input):
    """By POST, so that no name ends up in an address or a log."""

    text = serializers.CharField(max_length=100, allow_blank=True)


class VettingIn(Input):
    kind = serializers.ChoiceField(KINDS)
    on = Day(required=False)
    valid_until = Day(required=False, allow_null=True)
    suitable = serializers.BooleanField(default=True)
