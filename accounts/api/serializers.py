"""Shapes of skills, of oneself, and of an address somebody enters."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts import roles, skills
from accounts.models import Skill, User
from core.serializers import Day, Input, Languages
from places.models import Place, Quarter


class SkillOut(serializers.ModelSerializer):
    name = serializers.SerializerMethodField(help_text="in the language of the answer")
    hint = serializers.SerializerMethodField()

    class Meta:
        model = Skill
        fields = [
            "slug", "group", "name", "hint", "needs", "minors_may", "billable_45b", "remote", "never_brokered"
        ]  # fmt: skip
        read_only_fields = fields

    def get_name(self, skill: Skill) -> str:
        return skills.name(skill)

    def get_hint(self, skill: Skill) -> str:
        return skills.hint(skill)


class QuarterRef(serializers.ModelSerializer):
    class Meta:
        model = Quarter
        fields = ["id", "name", "slug"]
        read_only_fields = fields


class RolesOut(serializers.Serializer):
    resident = serializers.BooleanField()
    volunteer = serializers.BooleanField()
    coordinator = serializers.BooleanField()
    works_in = QuarterRef(many=True)


class MeOut(serializers.ModelSerializer):
    quarter = QuarterRef(read_only=True, allow_null=True)
    phone = serializers.CharField(read_only=True)
    place_is_found = serializers.SerializerMethodField(help_text="null: no address given yet")
    roles = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = [
            "id", "email", "first_name", "last_name", "phone", "share_phone", "born_on", "gender", "languages",
            "channel", "text_size", "language", "wants_help", "quarter", "place_is_found", "roles",
        ]  # fmt: skip
        read_only_fields = fields

    def get_place_is_found(self, person: User) -> bool | None:
        return person.place.is_found if person.place else None

    @extend_schema_field(RolesOut)
    def get_roles(self, person: User) -> dict:
        return RolesOut(
            {
                "resident": person.wants_help,
                "volunteer": roles.profile_of(person) is not None,
                "coordinator": roles.is_coordinator(person),
                "works_in": roles.quarters_of(person),
            }
        ).data


class PersonIn(Input):
    """What one may change about oneself, and a worker about people of the quarter."""

    first_name = serializers.CharField(max_length=60)
    last_name = serializers.CharField(max_length=60, allow_blank=True)
    phone = serializers.CharField(max_length=40, allow_blank=True)
    share_phone = serializers.BooleanField()
    born_on = Day(allow_null=True)
    gender = serializers.ChoiceField(User.Gender.choices, allow_blank=True)
    languages = Languages()
    channel = serializers.ChoiceField(User.Channel.choices)
    text_size = serializers.ChoiceField(["normal", "large"])
    language = serializers.ChoiceField(["de", "en"])
    wants_help = serializers.BooleanField()


class SpotIn(Input):
    """An address; `house` is the choice after the answer `several_houses`."""

    street = serializers.CharField(max_length=120)
    number = serializers.CharField(max_length=12, allow_blank=True, required=False)
    postcode = serializers.CharField(max_length=5, allow_blank=True, required=False)
    city = serializers.CharField(max_length=80, allow_blank=True, required=False)
    hint = serializers.CharField(max_length=200, allow_blank=True, required=False)
    house = serializers.IntegerField(source="house_id", min_value=1, max_value=2**53, required=False)


class AddressIn(SpotIn):
    """`quarter`: where the address lies in no known one."""

    quarter = serializers.PrimaryKeyRelatedField(queryset=Quarter.objects.all(), required=False)


class PlaceOut(serializers.ModelSerializer):
    """What the answer says of an address: the quarter it lies in, and whether the house was found."""

    quarter = QuarterRef(read_only=True)
    is_found = serializers.BooleanField(read_only=True)

    class Meta:
        model = Place
        fields = ["id", "quarter", "is_found"]
        read_only_fields = fields
