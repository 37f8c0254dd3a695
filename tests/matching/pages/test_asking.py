"""Asking for help in five small steps, as a browser without scripts walks them."""

import re

import pytest
from django.urls import reverse

from matching import states
from matching.models import HelpRequest
from places.models import House
from tests import people
from tests.matching.pages.steps import MORE, WHEN, in_days, step_url, walk

pytestmark = pytest.mark.django_db


def test_five_steps_send_a_request(ada, ada_asks):
    page = ada_asks.get(reverse("matching:request_new"))
    assert "Schritt 1 von 5" in page.content.decode()
    answer = ada_asks.post(reverse("matching:request_new"), {"skills": ["einkaufen", "vorlesen"]})
    wish = HelpRequest.objects.get()
    assert answer.url == step_url(wish, 2)
    for step, form in {2: WHEN, 3: {"where": "home"}, 4: MORE}.items():
        page = ada_asks.get(step_url(wish, step)).content.decode()
        assert f"Schritt {step} von 5" in page
        assert ada_asks.post(step_url(wish, step), form).url == step_url(wish, step + 1)
    check = ada_asks.get(step_url(wish, 5)).content.decode()
    assert "morgen, 8 bis 14 Uhr" in check
    assert "Zwei Taschen, dritter Stock" in check
    assert "Bei Ihnen zu Hause" in check
    assert ada_asks.post(step_url(wish, 5)).url == reverse("matching:request", kwargs={"pk": wish.pk})
    wish.refresh_from_db()
    assert (wish.state, wish.consent, wish.place) == (states.OPEN, "self", ada.place)
    assert {skill.slug for skill in wish.skills.all()} == {"einkaufen", "vorlesen"}


def test_coming_back_leads_to_where_one_was(ada_asks, draft):
    walk(ada_asks, draft, upto=4)
    page = ada_asks.get(reverse("matching:request_new")).content.decode()
    assert "Es geht um: Einkaufen" in page
    assert f'href="{step_url(draft, 4)}"' in page
    page = ada_asks.get(step_url(draft, 2)).content.decode()
    assert 'value="tomorrow"' in page
    assert page.count("checked") == 6  # tomorrow, two parts of the day, one hour, every week and no holidays


def test_whoever_began_something_may_begin_again_with_what_was_answered(ada_asks, draft):
    walk(ada_asks, draft, upto=4)
    assert f'href="{step_url(draft, 1)}"' in ada_asks.get(reverse("matching:request_new")).content.decode()
    assert "checked" in ada_asks.get(step_url(draft, 1)).content.decode()


def test_a_step_not_reached_leads_back(ada_asks, draft):
    assert ada_asks.get(step_url(draft, 5)).url == step_url(draft, 2)


def test_changing_from_the_last_page_returns_to_it(ada_asks, draft):
    walk(ada_asks, draft)
    assert ada_asks.post(step_url(draft, 1), {"skills": ["vorlesen"]}).url == step_url(draft, 5)


def test_going_back_from_the_last_question_does_not_count_it_as_answered(ada_asks, draft):
    HelpRequest.objects.filter(pk=draft.pk).update(step=4)
    ada_asks.post(step_url(draft, 4), MORE | {"back": "1"})
    assert ada_asks.post(step_url(draft, 2), WHEN).url == step_url(draft, 3)
    assert ada_asks.get(step_url(draft, 5)).url == step_url(draft, 4)


def test_going_back_keeps_what_was_typed(ada_asks, draft):
    walk(ada_asks, draft, upto=4)
    assert ada_asks.post(step_url(draft, 4), MORE | {"back": "1"}).url == step_url(draft, 3)
    assert "Zwei Taschen, dritter Stock" in ada_asks.get(step_url(draft, 4)).content.decode()
    assert ada_asks.post(step_url(draft, 4), {"helpers_needed": "x", "back": "1"}).url == step_url(draft, 3)


def test_sending_twice_is_sending_once(ada_asks, draft):
    walk(ada_asks, draft)
    first, second = ada_asks.post(step_url(draft, 5)), ada_asks.post(step_url(draft, 5))
    assert first.url == second.url == reverse("matching:request", kwargs={"pk": draft.pk})
    assert HelpRequest.objects.count() == 1


def test_beginning_twice_makes_one_draft(ada_asks, draft):
    ada_asks.post(reverse("matching:request_new"), {"skills": ["vorlesen"]})
    assert HelpRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"when": "weekly", "weekdays": ["1", "3"], "parts": ["afternoon"]}, ("weekly", 2)),
        ({"when": "flexible", "until": in_days(10).isoformat()}, ("flexible", 0)),
        ({"when": "other", "date": in_days(9).strftime("%d.%m.%Y"), "start": "9.15", "end": "11:00"}, ("dated", 1)),
        ({"when": "tomorrow"}, ("dated", 1)),
    ],
)
def test_every_kind_of_time_is_kept_and_shown_again(ada_asks, draft, form, kept):
    ada_asks.post(step_url(draft, 2), form | {"duration": "60"})
    draft.refresh_from_db()
    assert (draft.timing, draft.windows.count()) == kept
    assert f'value="{form["when"]}" required id' in ada_asks.get(step_url(draft, 2)).content.decode().replace(
        " checked", ""
    )


def test_every_second_week_until_a_day_and_also_on_holidays(ada_asks, draft):
    form = {"when": "weekly", "weekdays": ["1"], "parts": ["afternoon"], "duration": "60"}
    last = in_days(100)
    series = {"rhythm": "second", "begins": in_days(1).isoformat(), "ends": last.isoformat()}
    walk(ada_asks, draft, upto=2)
    ada_asks.post(step_url(draft, 2), form | series)
    window = draft.windows.get()
    draft.refresh_from_db()
    assert window.rule == f"FREQ=WEEKLY;INTERVAL=2;UNTIL={last:%Y%m%d}"
    assert (window.since.weekday(), draft.skips_holidays) == (1, False)
    page = ada_asks.get(step_url(draft, 2)).content.decode()
    assert f'value="{last.isoformat()}"' in page
    assert re.search(r'value="second"[^>]* checked', page)


def test_the_own_address_is_already_there(ada_asks, draft):
    walk(ada_asks, draft, upto=3)
    assert "Lindenstraße 1" in ada_asks.get(step_url(draft, 3)).content.decode()


def a_house(**fields) -> House:
    from places.normalise import number_key, street_key

    keys = {"street_key": street_key("Ulmenweg"), "number_key": number_key("4")}
    defaults = {"street": "Ulmenweg 4", "city": "Musterstadt", "lat": 51.051, "lon": 7.001}
    return House.objects.create(**keys, **defaults | fields)


OTHER = {"where": "other", "street": "Ulmenweg 4"}


def test_another_address_is_kept_for_this_request_alone(ada, ada_asks, draft):
    a_house(postcode="51301")
    walk(ada_asks, draft, upto=3)
    ada_asks.post(step_url(draft, 3), OTHER)
    draft.refresh_from_db()
    assert draft.place != ada.place
    assert draft.place.is_found
    ada_asks.post(step_url(draft, 3), {"where": "other"})  # nothing typed: what was given stays
    assert HelpRequest.objects.get().place == draft.place
    ada_asks.post(step_url(draft, 3), {"where": "home"})
    assert HelpRequest.objects.get().place == ada.place


def test_an_address_that_exists_twice_is_asked_about(ada_asks, draft):
    first, second = a_house(postcode="51301"), a_house(postcode="51399", lat=51.055)
    walk(ada_asks, draft, upto=3)
    page = ada_asks.post(step_url(draft, 3), OTHER)
    assert "gibt es mehrmals" in page.content.decode()
    assert ada_asks.post(step_url(draft, 3), OTHER | {"house_id": second.pk}).status_code == 302
    assert ada_asks.post(step_url(draft, 3), OTHER | {"house_id": "kein-haus"}).status_code in (400, 404)
    assert first.pk != second.pk


def test_an_address_nobody_knows_is_accepted(ada_asks, draft):
    walk(ada_asks, draft, upto=3)
    ada_asks.post(step_url(draft, 3), {"where": "other", "street": "Nirgendweg 3"})
    assert HelpRequest.objects.get().place.is_found is False


def test_help_by_phone_needs_no_place(ada_asks):
    ada_asks.post(reverse("matching:request_new"), {"skills": ["vorlesen"]})
    wish = HelpRequest.objects.get()
    walk(ada_asks, wish, where="phone")
    assert HelpRequest.objects.get().place is None
    assert "Am Telefon" in ada_asks.get(step_url(wish, 5)).content.decode()


def test_a_hint_about_the_text_does_not_stop_anybody(ada_asks, draft):
    walk(ada_asks, draft)
    ada_asks.post(step_url(draft, 4), MORE | {"description": "Lindenstr. 12, Tel. 0214 55 66 77"})
    page = ada_asks.get(step_url(draft, 5)).content.decode()
    assert "Straße mit Hausnummer" in page
    assert "Telefonnummer" in page
    ada_asks.post(step_url(draft, 5))
    assert HelpRequest.objects.get().state == states.OPEN


def test_what_we_never_broker_is_named_kindly(ada_asks):
    people.a_skill(
        "pflege", never_brokered=True, name_de="Waschen und Pflegen", hint_de="Rufen Sie den Pflegedienst an"
    )
    page = ada_asks.get(reverse("matching:request_new")).content.decode()
    assert "Rufen Sie den Pflegedienst an" in page
    assert 'value="pflege"' not in page


def test_a_trusted_person_first_says_for_whom(ada, dora, page_as):
    people.a_skill("einkaufen")
    people.trusts(ada, dora)
    client = page_as(dora)
    assert "Für Ada" in client.get(reverse("matching:request_new")).content.decode()
    client.post(reverse("matching:request_new"), {"resident": str(ada.pk)})
    wish = HelpRequest.objects.get()
    assert (wish.resident, wish.entered_by) == (ada, dora)
    client.post(step_url(wish, 1), {"skills": ["einkaufen"]})
    walk(client, wish)
    client.post(step_url(wish, 5))
    wish.refresh_from_db()
    assert (wish.state, wish.consent, wish.consent_by) == (states.OPEN, "oral", dora)


def test_without_a_quarter_the_address_comes_first(page_as):
    person = people.a_person("Emil", email="emil@example.org", place=None)
    type(person).objects.filter(pk=person.pk).update(quarter=None)
    page = page_as(person).get(reverse("matching:request_new")).content.decode()
    assert "zuerst Ihre Adresse" in page
