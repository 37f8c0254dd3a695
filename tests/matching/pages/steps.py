"""The five steps of asking for help: their addresses, and answers that fit."""

from datetime import date, timedelta

from django.urls import reverse

from matching.models import HelpRequest
from tests import people


def in_days(days: int) -> date:
    return people.TODAY + timedelta(days=days)


def step_url(wish: HelpRequest, step: int) -> str:
    return reverse("matching:request_step", kwargs={"pk": wish.pk, "step": step})


WEEKLY = {"when": "weekly", "weekdays": ["1"], "duration": "60"}
WHEN = {"when": "tomorrow", "parts": ["morning", "noon"], "duration": "60"}
MORE = {"description": "Zwei Taschen, dritter Stock", "urgency": "1", "helpers_needed": "1"}


def walk(client, wish: HelpRequest, upto: int = 5, *, where: str = "home") -> None:
    for step, answer in {2: WHEN, 3: {"where": where}, 4: MORE}.items():
        if step < upto:
            client.post(step_url(wish, step), answer)
