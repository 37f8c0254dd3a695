"""docs/asyncapi.yaml says what the socket says: every frame type, each with the shape it really has."""

import json
import re
from pathlib import Path
from uuid import uuid4

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.utils import timezone

from core.errors import NotVisible
from core.http import socket_error
from messaging import frames
from messaging.models import Message
from messaging.parsing import KINDS, parse

FILE = Path(settings.BASE_DIR) / "docs" / "asyncapi.yaml"
DOCUMENT = yaml.safe_load(FILE.read_text())
MESSAGES = DOCUMENT["components"]["messages"]


def test_every_frame_a_client_may_send_is_described():
    assert {name.removesuffix("FromClient") for name in MESSAGES if name.endswith("FromClient")} == set(KINDS)


def test_every_frame_the_server_says_is_described():
    source = "".join(path.read_text() for path in (settings.BASE_DIR / "messaging").glob("*.py"))
    within = {"wake", "wakes", "recheck"}  # from process to process, never to a client
    said = set(re.findall(r'\b(?:mark_)?frame\(\s*"(\w+)"|\{"type": "(\w+)"|"type":"(\w+)"', source))
    said = {*map("".join, said), socket_error(NotVisible())["type"]} - within
    assert {name.removesuffix("FromServer") for name in MESSAGES if name.endswith("FromServer")} == said


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_the_example_of_each_client_frame_is_understood_and_fits(kind):
    message = MESSAGES[f"{kind}FromClient"]
    [example] = [example["payload"] for example in message["examples"]]
    assert parse(json.dumps(example))["type"] == kind
    fits(example, f"{kind}FromClient")
    assert set(KINDS[kind]) == set(message["payload"]["properties"]) - {"v", "type"}


def test_frames_of_the_server_fit():
    message = Message(conversation_id=uuid4(), seq=1, sender_id=uuid4(), client_id=uuid4(), body="x")
    fits(json.loads(frames.message_text(message)), "messageFromServer")
    fits(json.loads(frames.ack_text(message)), "ackFromServer")
    fits(frames.mark_frame("read", uuid4(), uuid4(), 3), "readFromServer")
    fits(frames.mark_frame("delivered", uuid4(), uuid4(), 3), "deliveredFromServer")
    fits(socket_error(NotVisible()), "errorFromServer")
    fits(frames.frame("heartbeat", cursors={str(uuid4()): 3}, stands={str(uuid4()): "x"}), "heartbeatFromServer")
    assert frames.moment(timezone.now())


def test_every_reference_leads_somewhere():
    for reference in re.findall(r"\$ref: '#/([^']+)'", FILE.read_text()):
        found = DOCUMENT
        for step in reference.split("/"):
            found = found[step]
        assert found


def test_it_is_asyncapi_3_and_each_operation_speaks_on_its_channel():
    assert DOCUMENT["asyncapi"] == "3.0.0"
    assert DOCUMENT["channels"]["talk"]["address"] == "/ws/v1/"
    spoken = [entry["$ref"] for operation in DOCUMENT["operations"].values() for entry in operation["messages"]]
    assert sorted(spoken) == sorted(f"#/channels/talk/messages/{name}" for name in MESSAGES)
    assert set(DOCUMENT["channels"]["talk"]["messages"]) == set(MESSAGES)


def fits(frame: dict, name: str) -> None:
    schema = {**MESSAGES[name]["payload"], "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(schema).validate(json.loads(json.dumps(frame)))
