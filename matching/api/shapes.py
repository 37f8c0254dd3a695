"""What an app may send about requests, matches and appointments."""

from rest_framework import serializers

from accounts.models import User
from core.serializers import BEGINNING, CLOCK, BySlug, Day, Input, Languages, Moment, Repeating
from matching.actions.corrections import MOST_MINUTES
from matching.models import HelpRequest, Meet
from matching.replay import PERIODS, USUAL_DAYS
from matching.scoring import LEAST_WEIGHT, MOST_WEIGHT
from places.models import Quarter


class DatedWindow(Input):
    start = Moment()
    end = Moment()


class WeeklyWindow(Repeating):
    weekday = serializers.IntegerField(min_value=0, max_value=6, help_text="0 is Monday")
    start = serializers.RegexField(CLOCK, help_text="local time HH:MM")
    end = serializers.RegexField(CLOCK)


class RequestIn(Input):
    """
    What the resident wishes. One of `windows`, `weekly` and `flexible_until` says when.

    Everything may come step by step; publishing asks for the whole.
    """

    skills = serializers.ListField(child=serializers.SlugField(max_length=40), max_length=5, required=False)
    description = serializers.CharField(max_length=1000, allow_blank=True, required=False)
    windows = DatedWindow(many=True, max_length=21, required=False)
    weekly = WeeklyWindow(many=True, max_length=21, required=False)
    flexible_until = Day(required=False)
    duration_minutes = serializers.IntegerField(min_value=15, max_value=480, required=False)
    helpers_needed = serializers.IntegerField(min_value=1, max_value=8, required=False)
    languages = Languages(required=False)
    gender_wish = serializers.ChoiceField(User.Gender.choices, allow_blank=True, required=False)
    wishes_other_generation = serializers.BooleanField(required=False)
    skips_holidays = serializers.BooleanField(required=False, help_text="a weekly request leaves public holidays out")
    urgency = serializers.ChoiceField(HelpRequest.Urgency.choices, required=False)


class NewRequestIn(RequestIn):
    """`on_behalf_of`: the resident for whom a worker or a trusted person enters it; left out: oneself."""

    on_behalf_of = serializers.UUIDField(required=False)


class PublishIn(Input):
    """`oral`: a worker heard the resident agree."""

    consent = serializers.ChoiceField(["self", "oral"], default="self")


class ReasonIn(Input):
    reason = serializers.CharField(max_length=200, allow_blank=True, default="")


class WithdrawIn(Input):
    reason = serializers.CharField(max_length=40, allow_blank=True, default="")


class MoveIn(ReasonIn):
    """
    `version`: as the match was shown; an older one is a conflict. `spoken`: the worker heard the person say it.
    """

    version = serializers.IntegerField(min_value=0, max_value=2**31, required=False, allow_null=True)
    spoken = serializers.BooleanField(default=False)


class ProposeIn(Input):
    request = serializers.UUIDField()
    volunteer = serializers.UUIDField()


class RoundIn(Input):
    """`quarter`: its slug."""

    quarter = BySlug("slug", queryset=Quarter.objects.all())
    dry_run = serializers.BooleanField(default=False)


class TimeIn(Input):
    start = Moment()
    end = Moment()


def _weight() -> serializers.FloatField:
    return serializers.FloatField(min_value=LEAST_WEIGHT, max_value=MOST_WEIGHT, help_text="in steps of 0.01")


class WeightsIn(Input):
    """Every part of the fit; at least one above 0."""

    nearness = _weight()
    time_slack = _weight()
    skill_depth = _weight()
    language = _weight()
    continuity = _weight()
    fair_turn = _weight()
    generations = _weight()


class NewWeightsIn(Input):
    weights = WeightsIn()
    note = serializers.CharField(max_length=200, allow_blank=True, default="")


class TrialIn(Input):
    """`days`: how far back."""

    weights = WeightsIn()
    days = serializers.ChoiceField(PERIODS, default=USUAL_DAYS)


class AppointmentIn(TimeIn):
    """`also`: further times to choose from; the other side agrees to one."""

    place = serializers.ChoiceField(Meet.choices, default=Meet.HOME)
    also = TimeIn(many=True, max_length=3, required=False)


class AppointmentMoveIn(TimeIn):
    place = serializers.ChoiceField(Meet.choices, required=False)


class DurationIn(Input):
    minutes = serializers.IntegerField(min_value=1, max_value=MOST_MINUTES)


class SeriesIn(Input):
    """Every week from `first_on` on, or every second; `start`: local time, so that ten stays ten."""

    match = serializers.UUIDField()
    first_on = Day()
    start = serializers.RegexField(BEGINNING, help_text="local time HH:MM")
    minutes = serializers.IntegerField(min_value=15, max_value=720)
    every_weeks = serializers.IntegerField(min_value=1, max_value=4, default=1)
    place = serializers.ChoiceField(Meet.choices, default=Meet.HOME)


class AnswerIn(Input):
    """One or both."""

    was_fine = serializers.BooleanField(required=False)
    again = serializers.BooleanField(required=False)
