"""Shapes of conversations, messages and tickets; what is in them is made by `messaging.frames`, as for the socket."""

from rest_framework import serializers

from core.serializers import Input
from messaging.actions.messages import LONGEST


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
