"""The operator gives and takes roles by command."""

import pytest
from django.core.management import CommandError, call_command

from accounts import roles

pytestmark = pytest.mark.django_db


def test_role_is_given_once_and_taken_at_once(dora):
    call_command("grant_role", dora.email, "worker", "lindenhof")
    assert roles.works_in(dora, dora.quarter)
    with pytest.raises(CommandError, match="schon"):
        call_command("grant_role", dora.email, "worker", "lindenhof")
    call_command("grant_role", dora.email, "worker", "lindenhof", revoke=True)
    assert not roles.works_in(dora, dora.quarter)


def test_coordinator_has_no_quarter_and_sees_none(dora):
    call_command("grant_role", dora.email, "coordinator")
    assert roles.is_coordinator(dora)
    assert not roles.quarters_of(dora).exists()


@pytest.mark.parametrize("words", [("worker",), ("coordinator", "lindenhof"), ("worker", "nirgends")])
def test_what_does_not_fit_is_said(words, dora):
    with pytest.raises(CommandError):
        call_command("grant_role", dora.email, *words)


def test_unknown_person_is_said(dora):
    with pytest.raises(CommandError, match="lindenhof"):
        call_command("grant_role", "nobody@example.org", "worker", "lindenhof")
