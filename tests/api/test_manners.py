"""Manners that hold everywhere: paging, filters, languages, created once, throttled, silent about what is not yours."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import Skill
from core import http
from core.models import StoredAnswer
from matching.models import HelpRequest
from tests import people
from tests.api.test_main_job import a_wish
from tests.people import a_match, a_request

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "4f3c1b2a-bitte"}


# --- created once ----------
def test_the_same_key_and_body_do_it_once_and_say_the_same(door, ada):
    people.a_skill()
    says, wish = door(ada), a_wish()
    first = says.post("requests/", wish, **KEY)
    assert says.status == 201
    HelpRequest.objects.update(state="withdrawn")  # a second start would now make another draft
    assert says.post("requests/", wish, **KEY) == first
    assert (says.status, says.answer["Idempotency-Replayed"]) == (201, "true")
    assert HelpRequest.objects.count() == 1


def test_the_same_key_with_another_body_or_address_is_a_conflict(door, ada):
    people.a_skill()
    says = door(ada)
    says.post("requests/", a_wish(), **KEY)
    says.post("requests/", {"description": "etwas anderes"}, **KEY)
    assert (says.status, says.said["code"]) == (409, "idempotency_key_used")
    says.post("volunteer-profile/availability/exceptions/", {"first_day": "2026-12-24"}, **KEY)
    assert says.said["code"] == "idempotency_key_used"


def test_a_key_belongs_to_one_person_and_to_one_day(door, ada, dora):
    people.a_skill()
    door(ada).post("requests/", a_wish(), **KEY)
    hers = door(dora)
    hers.post("requests/", {"description": "von Dora"}, **KEY)
    assert hers.status == 201
    StoredAnswer.objects.update(made_at=timezone.now() - timedelta(hours=25))
    mine = door(ada)
    mine.post("requests/", {"description": "am nächsten Tag"}, **KEY)
    assert mine.status == 201


def test_what_did_not_fit_is_not_remembered(door, ada):
    says = door(ada)
    says.post("requests/", {"duration_minutes": 3}, **KEY)
    assert says.status == 400
    assert not StoredAnswer.objects.exists()
    says.post("requests/", {"duration_minutes": 30}, **KEY)
    assert says.status == 201


@pytest.mark.django_db(transaction=True)
def test_two_threads_with_one_key_do_it_once(door, ada, ben, cleo):
    start = timezone.now() + timedelta(days=1)
    request = a_request(ada, windows=[(start, start + timedelta(days=3))])
    desks = [door(cleo), door(cleo)]
    together = threading.Barrier(2)

    def propose(desk):
        together.wait()
        try:
            desk.post("matches/", {"request": str(request.pk), "volunteer": str(ben.pk)}, **KEY)
        finally:
            connection.close()

    threads = [threading.Thread(target=propose, args=[desk]) for desk in desks]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert [desk.status for desk in desks] == [201, 201]
    assert desks[0].said == desks[1].said
    assert request.matches.count() == 1


# --- lists ----------
def test_pages_follow_each_other_without_gap_and_without_repetition(door, ada):
    for number in range(7):
        a_request(ada, created_at=timezone.now() - timedelta(minutes=number // 2))
    says, seen, path = door(ada), [], "requests/?limit=2"
    while path:
        page = says.get(path)
        seen += [row["id"] for row in page["results"]]
        path = page["next"] and page["next"].split("/api/v1/")[1]
    assert len(seen) == len(set(seen)) == 7


def test_filters_filter_and_unknown_ones_are_refused(door, ada):
    a_request(ada)
    a_request(ada, state="withdrawn")
    says = door(ada)
    assert len(says.get("requests/?state=open")["results"]) == 1
    assert len(says.get("requests/?state=open&state=withdrawn")["results"]) == 2
    assert says.get("requests/?resident=1")["code"] == "unknown_filter"
    assert says.get("requests/?state=nonsense")["code"] == "invalid"


@pytest.mark.parametrize("who", ["ada", "ben", "cleo"])
@pytest.mark.parametrize(
    "path", ["requests/", "open-requests/", "matches/", "conversations/", "appointments/", "people/search/"]
)
def test_twenty_rows_need_as_many_queries_as_two(path, who, door, ada, ben, cleo, django_assert_max_num_queries):
    from accounts.models import Look
    from messaging.models import Conversation

    def row(number):
        helper = people.a_volunteer(f"Helfer{number}") if number else ben
        reasons = [{"code": "skill", "skills": ["einkaufen"]}, {"code": "near", "band": "same"}]
        match = a_match(a_request(ada), helper, state="confirmed")
        type(match).objects.filter(pk=match.pk).update(reasons=reasons)
        if who == "ben" and number:
            type(match).objects.filter(pk=match.pk).update(volunteer=ben)
        Conversation.objects.create(match=match)
        match.appointments.create(start=timezone.now(), end=timezone.now() + timedelta(hours=1))
        a_request(ada)

    def count() -> int:
        says = door({"ada": ada, "ben": ben, "cleo": cleo}[who])
        Look.objects.all().delete()  # or the second look within a quarter of an hour saves its insert
        with django_assert_max_num_queries(60) as seen:
            says.post(path, {"text": ""}) if "search" in path else says.get(f"{path}?limit=100")
        assert who != "cleo" or "conversations" in path or "open" in path or says.said["results"]
        return len(seen)

    row(0), row(1)
    few = count()
    for number in range(2, 20):
        row(number)
    assert count() == few


# --- sentences ----------
@pytest.mark.parametrize(
    ("change", "field"), [({"rule": "FREQ=DAILY", "since": "2026-03-03"}, "rule"), ({"rule": "FREQ=WEEKLY"}, "since")]
)
def test_a_bad_rule_is_400_beside_its_field(change, field, door, ada, ben):
    window = {"weekday": 1, "start": "10:00", "end": "12:00"}
    helper, resident = door(ben), door(ada)
    said = helper.put("volunteer-profile/availability/", {"windows": [window | change]})
    assert (helper.status, list(said["fields"])) == (400, [f"windows.0.{field}"])
    said = resident.post("requests/", {"skills": ["einkaufen"], "weekly": [window | change]})
    assert (resident.status, list(said["fields"])) == (400, [f"weekly.0.{field}"])


def test_a_series_is_kept_and_said_the_same_way(door, ada, ben):
    series = {"weekday": 1, "start": "10:00", "end": "12:00", "rule": "FREQ=WEEKLY;INTERVAL=2", "since": "2026-03-03"}
    assert door(ben).put("volunteer-profile/availability/", {"windows": [series]})["windows"] == [series]
    people.a_skill("einkaufen")
    made = door(ada).post("requests/", {"skills": ["einkaufen"], "weekly": [series], "skips_holidays": False})
    assert (made["when"]["weekly"], made["skips_holidays"]) == ([series], False)


def test_detail_follows_the_language_and_the_code_stays(door, ada):
    says = door(ada)
    german = says.get("requests/0f8fad5b-d9cb-469f-a165-70867728950e/", **{"Accept-Language": "de"})
    english = says.get("requests/0f8fad5b-d9cb-469f-a165-70867728950e/", **{"Accept-Language": "en"})
    assert german["code"] == english["code"] == "not_found"
    assert german["detail"] == "Hier ist nichts für Sie."
    assert says.answer["Content-Language"] == "en"


def test_skills_are_named_in_the_language_asked_for(door):
    Skill.objects.filter(slug="einkaufen").delete()
    people.a_skill("einkaufen", name_de="Einkaufen", name_en="Shopping", order=0)
    name = {row["slug"]: row["name"] for row in door().get("skills/?limit=100", **{"Accept-Language": "en"})["results"]}
    assert name["einkaufen"] == "Shopping"


def test_what_is_not_visible_answers_byte_for_byte_like_what_does_not_exist(door, ada, dora):
    request = a_request(ada)
    stranger, answers = door(dora), []
    for path in (f"requests/{request.pk}/", "requests/0f8fad5b-d9cb-469f-a165-70867728950e/", "requests/x/"):
        stranger.get(path)
        headers = {name: value for name, value in stranger.answer.headers.items() if "Policy" not in name}
        answers.append((stranger.status, stranger.answer.content, headers))
    assert answers[0] == answers[1] == answers[2]
    for nowhere in ("nowhere/at/all/", "x"):
        stranger.get(nowhere)
        assert (stranger.status, stranger.answer.content) == answers[0][:2]


def test_too_often_is_429_with_the_time_to_wait(door, ada, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "get_rate", lambda self: "2/min")
    says = door(ada)
    for _ in range(3):
        says.get("me/")
    assert (says.status, says.said["code"]) == (429, "too_many")
    assert 0 < int(says.answer["Retry-After"]) <= 61


def test_a_locked_database_is_503_with_a_sentence(door, ada, monkeypatch):
    from matching import actions

    def locked(**_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(actions, "publish_request", locked)
    says = door(ada)
    says.post("requests/x/publish/")
    assert (says.status, says.said["code"], says.answer["Retry-After"]) == (503, "busy", "2")


def test_a_named_constraint_is_a_conflict_and_another_integrity_error_is_a_bug(db):
    from django.db import IntegrityError

    assert http.answer_to(IntegrityError("UNIQUE constraint failed: matching_match.request_id")).status == 409
    assert http.answer_to(IntegrityError("CHECK constraint failed: nobody_helps_themselves")).status == 409
    assert http.answer_to(IntegrityError("NOT NULL constraint failed: accounts_user.first_name")) is None
    assert http.answer_to(ValueError("something")) is None


def test_the_schema_kept_in_docs_is_the_one_we_serve(settings):
    import io

    from django.core.management import call_command

    said = io.StringIO()
    call_command("spectacular", "--fail-on-warn", "--lang", "en", stdout=said)
    assert said.getvalue().strip() == (settings.BASE_DIR / "docs" / "openapi.yaml").read_text().strip()


def test_pages_say_the_same_kinds_of_error_as_the_api(client, db):
    page = client.get("/gibt/es/nicht/")
    assert (page.status_code, "Hier ist nichts" in page.content.decode()) == (404, True)
    assert json.loads(client.get("/api/v1/gibt/es/nicht/").content)["code"] == "not_found"
