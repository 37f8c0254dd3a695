"""What does not fit, in one of the five steps: said where it was typed, and nothing is lost; nothing for strangers."""

import pytest
from django.urls import reverse

from matching.models import HelpRequest
from tests.matching.pages.steps import MORE, WEEKLY, in_days, step_url, walk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("step", "form", "said"),
    [
        (1, {}, "Bitte wählen Sie aus, wobei"),
        (1, {"skills": ["gibt-es-nicht"]}, "Diese Hilfe gibt es hier nicht"),
        (1, {"skills": ["\x00"]}, "Diese Hilfe gibt es hier nicht"),
        (2, {}, "Bitte wählen Sie einen Tag aus"),
        (2, {"when": "other", "duration": "60"}, "Bitte geben Sie den Tag an"),
        (2, {"when": "other", "date": "31.02.2027", "duration": "60"}, "Bitte schreiben Sie den Tag so"),
        (2, {"when": "other", "date": "2020-01-01", "duration": "60"}, "schon vorbei"),
        (2, {"when": "other", "date": "9999-12-31", "duration": "60"}, "noch weit weg"),
        (2, {"when": "flexible", "duration": "60"}, "bis zu welchem Tag"),
        (2, {"when": "weekly", "duration": "60"}, "mindestens einen Wochentag"),
        (2, {"when": "weekly", "weekdays": ["9"], "duration": "60"}, "Bitte"),
        (2, WEEKLY | {"ends": "2020-01-01"}, "schon vorbei"),
        (2, WEEKLY | {"rhythm": "second_of_month", "ends": in_days(0).isoformat()}, "endet, bevor es beginnt"),
        (2, WEEKLY | {"rhythm": "FREQ=DAILY"}, "aus der Liste"),
        (2, {"when": "tomorrow", "start": "14:00", "duration": "60"}, "beides an"),
        (2, {"when": "tomorrow", "start": "14:00", "end": "13:00", "duration": "60"}, "vor dem Anfang"),
        (
            2,
            {"when": "tomorrow", "start": "25:00", "end": "26:00", "duration": "60"},
            "Bitte schreiben Sie die Uhrzeit",
        ),
        (2, {"when": "tomorrow", "parts": ["noon"], "duration": "240"}, "zu kurz"),
        (2, {"when": "tomorrow", "duration": "-5"}, "aus der Liste"),
        (2, {"when": "tomorrow", "duration": "9" * 40}, "aus der Liste"),
        (3, {}, "Bitte wählen Sie aus, wo"),
        (3, {"where": "phone"}, "phone"),
        (3, {"where": "other", "street": ""}, "Straße mit Hausnummer"),
        (3, {"where": "other", "street": "1" * 500}, "Das ist zu lang"),
        (3, {"where": "other", "street": "Ulmenweg"}, "Straße mit Hausnummer"),
        (3, {"where": "other", "street": "\x00"}, "Nullzeichen"),
        (4, {"helpers_needed": "99", "urgency": "0"}, "Zahl von 1 bis 8"),
        (4, {"helpers_needed": "viele", "urgency": "0", "description": "bleibt stehen"}, "bleibt stehen"),
        (4, {"helpers_needed": "1", "urgency": "7"}, "aus der Liste"),
        (4, {"helpers_needed": "1", "urgency": "0", "description": "x" * 1001}, "kürzen Sie"),
        (4, {"helpers_needed": "1", "urgency": "0", "description": "a\x00b"}, "Nullzeichen"),
        (4, {"helpers_needed": "1", "urgency": "0", "languages": ["klingonisch"]}, "aus der Liste"),
        (4, {"helpers_needed": "1", "urgency": "0", "gender_wish": "x"}, "aus der Liste"),
    ],
)
def test_bad_input_is_answered_with_a_sentence(ada_asks, draft, step, form, said):
    walk(ada_asks, draft, upto=step)
    before = HelpRequest.objects.get()
    page = ada_asks.post(step_url(draft, step), form)
    assert page.status_code == 400
    assert said in page.content.decode()
    assert HelpRequest.objects.get().step == before.step


@pytest.mark.parametrize("step", [0, 6, 99, 10**30])
def test_there_are_only_five_steps(ada_asks, draft, step):
    assert ada_asks.get(step_url(draft, step)).status_code == 404


def test_a_time_that_is_too_short_says_so_where_it_was_typed(ada_asks, draft):
    typed = {"when": "tomorrow", "start": "14:00", "end": "14:30", "duration": "240"}
    form = ada_asks.post(step_url(draft, 2), typed).context["form"]
    assert set(form.errors) == {"end"}


@pytest.mark.parametrize("resident", ["", "kein-mensch", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_nobody_asks_for_a_stranger(ada, dora, page_as, resident):
    answer = page_as(dora).post(reverse("matching:request_new"), {"resident": resident or str(ada.pk)})
    assert answer.status_code == 404
    assert not HelpRequest.objects.exists()


def test_a_stranger_gets_404_on_every_step(draft, dora, page_as):
    client = page_as(dora)
    assert {client.get(step_url(draft, step)).status_code for step in range(1, 6)} == {404}
    assert client.post(step_url(draft, 4), MORE).status_code == 404
