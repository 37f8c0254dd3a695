"""Who was not asked for six weeks, why, and the smallest thing that would help: each cause with a case of its own."""

import csv
from datetime import date, timedelta
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Availability, Block, OfferedSkill, User, Vetting, VolunteerProfile
from matching.desk import unasked, unasked_words, waiting
from matching.models import Match, Round, RoundResult
from places.models import Border, Place
from tests import people
from tests.people import NOW

pytestmark = pytest.mark.django_db
LONG_AGO = NOW - timedelta(weeks=9)
FAR_CELL = "881fa18861fffff"  # about 5 km away


@pytest.fixture
def emil() -> User:
    """Welcomed nine weeks ago, never asked, not in the way of anybody."""
    return a_waiting("Emil")


def a_waiting(name: str, **fields) -> User:
    profile = {"welcomed_at": LONG_AGO, **fields.pop("profile", {})}
    return people.a_volunteer(name, profile=profile, joined_at=LONG_AGO, **fields)


def said(person: User) -> tuple[str, str]:
    look = looked(person)
    return unasked_words.why(look), unasked_words.helps(look)


def looked(person: User) -> unasked.Look:
    profile = VolunteerProfile.objects.select_related("user__quarter").get(user=person)
    return unasked.look([profile], within=[person.quarter], now=NOW)[person.pk]


def listed() -> list[str]:
    return [row.user.first_name for row in waiting.long_unasked([people.a_quarter()], NOW)]


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        ({}, True),
        ({"last_asked_at": NOW - timedelta(weeks=7)}, True),
        ({"last_asked_at": NOW - timedelta(weeks=5)}, False),
        ({"welcomed_at": None}, False),
        ({"welcomed_at": NOW - timedelta(weeks=2)}, False),
        ({"paused": True}, False),
        ({"paused": True, "paused_until": date(2026, 3, 3)}, False),
        ({"paused": True, "paused_until": date(2026, 3, 2)}, True),
        ({"live_matches": 1}, True),
        ({"live_matches": 3}, False),
    ],
)
def test_the_list_holds_who_is_able_and_was_not_asked_for_six_weeks(fields, is_listed):
    a_waiting("Emil", profile=fields)
    assert listed() == (["Emil"] if is_listed else [])


@pytest.mark.parametrize("fields", [{"is_active": False}, {"suspended_at": NOW}])
def test_who_is_gone_or_suspended_is_not_listed(fields, emil):
    User.objects.filter(pk=emil.pk).update(**fields)
    assert listed() == []


def test_nobody_asked_for_anything(emil):
    assert said(emil) == ("In der Nähe bat niemand um Hilfe", "")


def test_a_request_that_ended_before_these_weeks_does_not_count(ada, emil):
    people.a_request(ada, state="done", open_since=NOW - timedelta(weeks=20))
    assert looked(emil).cause == "quiet"


def test_no_times_are_entered(ada, emil):
    people.a_request(ada)
    Availability.objects.all().delete()
    assert said(emil) == ("Noch keine Zeiten eingetragen", "bitte am Telefon erfragen")


def test_nothing_is_offered(ada, emil):
    people.a_request(ada)
    OfferedSkill.objects.all().delete()
    assert said(emil) == ("Noch nichts eingetragen, womit geholfen wird", "gewünscht waren: Einkaufen (1)")


def test_nobody_asked_for_what_is_offered_and_the_wished_kinds_are_named(ada):
    emil = a_waiting("Emil", skills=("hund",))
    for skill in ("einkaufen", "einkaufen", "vorlesen"):
        people.a_request(ada, skills=(skill,))
    why, helps = said(emil)
    assert why == "Niemand bat um das, was angeboten wird"
    assert helps.startswith("gewünscht waren: Einkaufen (2) und ")


def test_too_far_away_and_how_much_further_would_do(ada, emil):
    Place.objects.filter(pk=ada.place_id).update(cell=FAR_CELL)
    VolunteerProfile.objects.filter(user=emil).update(radius_m=1000)
    people.a_request(ada)
    why, helps = said(emil)
    assert why == "Eine Bitte lag außerhalb von Quartier oder Umkreis"
    assert helps.endswith("Kilometern Weg: 1")
    km = looked(emil).helps["km"]
    VolunteerProfile.objects.filter(user=emil).update(radius_m=km * 1000)
    assert looked(emil).cause == "others"


@pytest.mark.parametrize(
    ("admits", "helps"), [(True, "wenn auch in Rosenau: 2"), (False, "wenn Rosenau Nachbarn zulässt: 2")]
)
def test_help_was_wanted_next_door(admits, helps, emil):
    rosenau = people.a_quarter("Rosenau", west=7.02)
    Border.objects.create(quarter=rosenau, neighbour=emil.quarter, admitted=admits)
    frieda = people.a_person("Frieda", rosenau)
    for _number in range(2):
        people.a_request(frieda)
    assert said(emil) == ("2 Bitten lagen außerhalb von Quartier oder Umkreis", helps)


@pytest.mark.parametrize(
    ("until", "helps"),
    [(None, "es fehlt: Führungszeugnis eingesehen"), (date(2026, 1, 1), "abgelaufen: Führungszeugnis eingesehen")],
)
def test_a_check_is_missing_or_over(until, helps, ada, emil):
    people.a_skill(needs="certificate")
    people.a_request(ada)
    if until:
        Vetting.objects.create(user=emil, kind="certificate", on=date(2023, 1, 1), valid_until=until)
    assert said(emil) == ("Für eine Bitte fehlt eine Prüfung", helps)


def test_still_too_young(ada):
    people.a_skill(minors_may=False)
    emil = a_waiting("Emil", born_on=date(2010, 1, 1))
    people.a_request(ada)
    assert said(emil) == ("Für eine Bitte noch zu jung", "")


@pytest.mark.parametrize("wish", [{"languages": ["tr"]}, {"gender_wish": "female"}])
def test_somebody_else_was_wished_for(wish, ada, emil):
    people.a_request(ada, **wish)
    assert looked(emil).cause == "wishes"


def test_no_common_time_and_when_help_is_wanted_most(ada, emil):
    Availability.objects.exclude(weekday=0).delete()
    for _number in range(2):
        people.a_request(ada)  # a Wednesday, 10 to 14 h
    why, helps = said(emil)
    assert why == "Keine gemeinsame Zeit bei 2 Bitten"
    assert helps in ("am häufigsten: Mittwoch mittags", "am häufigsten: Mittwoch vormittags")


def test_others_were_chosen_and_rounds_say_how_often(ada, emil, ben):
    for days in (1, 2):
        request = people.a_request(ada, state="filled")
        for hour in (1, 2):  # the last round of each request counts
            done = Round.objects.create(quarter=ada.quarter, started_at=NOW - timedelta(days=days, hours=hour))
            candidates = [{"v": str(person.pk), "parts": {}, "slot": ""} for person in (ben, emil)]
            RoundResult.objects.create(round=done, request=request, volunteer=ben, candidates=candidates)
    people.a_request(ada, state="filled")
    look = looked(emil)
    assert (look.cause, look.count) == ("others", 2)
    assert said(emil)[0] == "Kam 2 Mal in Frage, andere passten besser"


def test_who_wants_to_be_asked_less_is_said_so(ada):
    emil = a_waiting("Emil", profile={"ask_wish": -1})
    people.a_request(ada, state="filled")
    assert said(emil) == ("Kam einmal in Frage, jemand passte besser", "möchte seltener gefragt werden")


def test_an_open_request_they_fit_now_can_be_asked_for_at_once(ada, emil):
    request = people.a_request(ada)
    assert looked(emil).now == request


@pytest.mark.parametrize("why", ["declined", "somebody else", "blocked", "elsewhere"])
def test_what_cannot_be_asked_is_not_offered(why, ada, emil, ben):
    request = people.a_request(ada)
    if why == "declined":
        people.a_match(request, emil, state="declined")
    elif why == "somebody else":
        people.a_match(request, ben, state="asked")
    elif why == "blocked":
        Block.objects.create(blocker=ada, blocked=emil)
    profile = VolunteerProfile.objects.select_related("user__quarter").get(user=emil)
    within = [people.a_quarter("Rosenau", west=7.2)] if why == "elsewhere" else [ada.quarter]
    assert unasked.look([profile], within=within, now=NOW)[emil.pk].now is None


def fill(count: int) -> None:
    now = timezone.now()
    for _number in range(count):
        name = str(User.objects.count())
        asks, quarter = people.a_person(f"R{name}"), people.a_quarter()
        request = people.a_request(asks, now=now, open_since=now - timedelta(days=1))
        a_waiting(f"H{name}", profile={"last_asked_at": now - timedelta(weeks=9)})
        people.a_match(request, people.a_volunteer(f"A{name}"), state="declined")
        done = Round.objects.create(quarter=quarter, started_at=now)
        RoundResult.objects.create(round=done, request=request, candidates=[])


@pytest.mark.parametrize("page", ["desk:unasked", "desk:unasked_table"])
def test_twenty_people_cost_as_many_queries_as_two(page, cleo, page_as):
    client, counts = page_as(cleo), []
    client.get(reverse(page))  # once, so that caches are warm
    for some in (2, 10):
        fill(some)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(page))
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_page_names_the_reason_the_pause_and_asks_with_one_click(ada, cleo, page_as):
    now = timezone.now()
    old = {"welcomed_at": now - timedelta(weeks=9)}
    emil = a_waiting("Emil", profile=old)
    a_waiting("Fina", profile=old | {"paused": True})
    request = people.a_request(ada, now=now)
    client = page_as(cleo)
    page = client.get(reverse("desk:unasked")).content.decode()
    assert "Eine weitere Person macht Pause" in page
    assert "Kam einmal in Frage" in page
    assert "Jetzt fragen: Einkaufen" in page
    client.post(reverse("desk:propose", args=[request.pk]), {"volunteer": str(emil.pk), "ask": "1"})
    assert Match.objects.get(request=request).volunteer == emil
    assert "Emil" not in client.get(reverse("desk:unasked")).content.decode()


def test_the_queue_leads_to_the_list_and_says_why(ada, cleo, page_as):
    a_waiting("Emil", profile={"welcomed_at": timezone.now() - timedelta(weeks=9)}, skills=("hund",))
    people.a_request(ada, now=timezone.now())
    page = page_as(cleo).get(reverse("desk:home") + "?liste=nicht-gefragt").content.decode()
    assert "Niemand bat um das, was angeboten wird · gewünscht waren: Einkaufen (1)" in page
    assert reverse("desk:unasked") in page


def test_the_table_has_no_address_and_nothing_a_table_program_would_compute(cleo, page_as):
    a_waiting("=Emil", profile={"welcomed_at": timezone.now() - timedelta(weeks=9)})
    answer = page_as(cleo).get(reverse("desk:unasked_table"))
    text = answer.content.decode("utf-8-sig")
    [head, row] = csv.reader(StringIO(text), delimiter=";")
    assert head == ["Name", "Quartier", "Nicht gefragt", "Warum", "Was hilft"]
    assert row[:2] == ["'=Emil Beispiel", "Lindenhof"]
    assert row[3] == "In der Nähe bat niemand um Hilfe"
    assert "Lindenstraße" not in text
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("page", ["desk:unasked", "desk:unasked_table"])
def test_only_workers_find_the_list_and_only_their_own_people(page, ada, cleo, page_as):
    old = {"welcomed_at": timezone.now() - timedelta(weeks=9)}
    a_waiting("Frieda", quarter=people.a_quarter("Rosenau", west=7.2), profile=old)
    assert page_as(ada).get(reverse(page)).status_code == 404
    assert "Frieda" not in page_as(cleo).get(reverse(page)).content.decode()
