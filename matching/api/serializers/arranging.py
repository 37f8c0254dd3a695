"""Appointments, series, what became of a visit, and the calendar."""

from rest_framework import serializers

from matching.models import Appointment, CheckIn, Series


class AppointmentOut(serializers.ModelSerializer):
    """`offer`: times proposed together share it; `replaces`: the appointment this one would move."""

    match = serializers.UUIDField(source="match_id")
    replaces = serializers.UUIDField(source="replaces_id", allow_null=True)
    series = serializers.UUIDField(source="series_id", allow_null=True)
    proposed_by_me = serializers.SerializerMethodField()

    class Meta:
        model = Appointment
        fields = [
            "id",
            "match",
            "start",
            "end",
            "state",
            "version",
            "proposed_by_me",
            "created_at",
            "place",
            "offer",
            "replaces",
            "series",
            "arrived_at",
            "finished_at",
            "minutes",
            "corrected_at",
            "cancel_reason",
        ]
        read_only_fields = fields

    def get_proposed_by_me(self, appointment: Appointment) -> bool:
        return appointment.proposed_by_id == self.context["viewer"].pk


class SeriesOut(serializers.ModelSerializer):
    match = serializers.UUIDField(source="match_id")
    start = serializers.SerializerMethodField(help_text="local time HH:MM")
    proposed_by_me = serializers.SerializerMethodField()

    class Meta:
        model = Series
        fields = [
            "id",
            "match",
            "first_on",
            "start",
            "minutes",
            "every_weeks",
            "place",
            "proposed_by_me",
            "agreed_at",
            "ended_at",
            "end_reason",
        ]
        read_only_fields = fields

    def get_start(self, series: Series) -> str:
        return "{:02}:{:02}".format(*divmod(series.start_minute, 60))

    def get_proposed_by_me(self, series: Series) -> bool:
        return series.proposed_by_id == self.context["viewer"].pk


class CheckInOut(serializers.ModelSerializer):
    match = serializers.UUIDField(source="match_id")

    class Meta:
        model = CheckIn
        fields = ["id", "match", "visit", "asked_at", "was_fine", "again", "answered_at"]
        read_only_fields = fields


class FeedOut(serializers.Serializer):
    address = serializers.URLField(help_text="shown this once; an older one stops working")


class VisitOut(serializers.Serializer):
    start = serializers.DateTimeField()
    minutes = serializers.IntegerField()
    kinds = serializers.CharField(help_text="in the reader's language")


class HoursOut(serializers.Serializer):
    name = serializers.CharField(help_text="the month, in the reader's language")
    minutes = serializers.IntegerField()
    visits = VisitOut(many=True)
