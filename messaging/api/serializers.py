"""Shapes of conversations, messages and tickets; what is in them is made by `messaging.frames`, as for the socket."""

from rest_framework import serializers

from core.serializers import Input
from messaging.actions import reports
from messaging.actions.messages import LONGEST
from messaging.cautions import WORDS
from messaging.models import Report


class TalkerOut(serializers.Serializer):
    id = serializers.UUIDField()
    first_name = serializers.CharField()


class ConversationOut(serializers.Serializer):
    id = serializers.UUIDField()
    match = serializers.UUIDField()
    people = TalkerOut(many=True)
    last_seq = serializers.IntegerField()
    read_seq = serializers.IntegerField(help_text="how far I have read")
    unread = serializers.IntegerField()
    last_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField(allow_null=True, help_text="from then on nobody writes")


class MessageOut(serializers.Serializer):
    conversation = serializers.UUIDField()
    seq = serializers.IntegerField()
    id = serializers.UUIDField()
    sender = serializers.UUIDField(allow_null=True)
    body = serializers.CharField()
    stored_at = serializers.DateTimeField()
    client_id = serializers.UUIDField()
    cautions = serializers.ListField(
        child=serializers.ChoiceField(choices=sorted(WORDS)), help_text="what this looks like; it stops nothing"
    )
    deleted = serializers.BooleanField(help_text="its writer took it back; the text is gone")
    deletes = serializers.IntegerField(allow_null=True, help_text="this row only says that that message was taken back")


class MessagesOut(serializers.Serializer):
    results = MessageOut(many=True)
    last_seq = serializers.IntegerField(help_text="the newest number there is; ask again while you are below it")


class MessageIn(Input):
    """`client_id`: made once when the person presses send; the same again is the same message."""

    client_id = serializers.UUIDField()
    body = serializers.CharField(max_length=LONGEST, trim_whitespace=False)


class ReadIn(Input):
    seq = serializers.IntegerField(min_value=0, max_value=2**53)


class MarkOut(serializers.Serializer):
    conversation = serializers.UUIDField(source="conversation_id")
    delivered_seq = serializers.IntegerField()
    read_seq = serializers.IntegerField()


class TicketOut(serializers.Serializer):
    ticket = serializers.CharField()
    seconds = serializers.IntegerField(help_text="how long it is good, for one socket")


class ReportIn(Input):
    """With `seq` about that message of the other, else about the other person. Nothing has to be said."""

    seq = serializers.IntegerField(min_value=1, max_value=2**53, required=False)
    reason = serializers.ChoiceField(choices=Report.Reason.choices, required=False, allow_blank=True)
    text = serializers.CharField(max_length=reports.LONGEST, required=False, allow_blank=True)
    with_messages = serializers.BooleanField(
        required=False, help_text="about the person: the office sees the last ten messages"
    )


class ReportOut(serializers.ModelSerializer):
    """As whoever made it sees it."""

    about = serializers.CharField(source="about.first_name", allow_null=True, default=None)

    class Meta:
        model = Report
        fields = (
            "id",
            "number",
            "kind",
            "about",
            "conversation",
            "message_seq",
            "reason",
            "text",
            "state",
            "answer",
            "made_at",
            "closed_at",
        )
        read_only_fields = fields
