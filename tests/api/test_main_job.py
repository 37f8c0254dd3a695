"""The whole main job over the API alone."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from matching import actions
from matching.models import HelpRequest
from tests import people

pytestmark = pytest.mark.django_db


def a_wish() -> dict:
    start = (timezone.now() + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)
    return {
        "skills": ["einkaufen"],
        "description": "Brot und Milch, bitte bis zur Tür.",
        "windows": [{"start": start.isoformat(), "end": (start + timedelta(hours=4)).isoformat()}],
        "duration_minutes": 60,
    }


def an_open_request(door, ada) -> str:
    people.a_skill()
    mine = door(ada)
    made = mine.post("requests/", a_wish())
    assert mine.status == 201, made
    assert made["state"] == "draft"
    opened = mine.post(f"requests/{made['id']}/publish/")
    assert (mine.status, opened["state"]) == (200, "open")
    return made["id"]


def a_confirmed_match(door, ada, ben, cleo) -> str:
    request = an_open_request(door, ada)
    made = door(cleo).post("matches/", {"request": request, "volunteer": str(ben.pk)})
    assert made["state"] == "proposed", made
    for person, move in ((cleo, "release"), (ben, "accept"), (ada, "confirm")):
        says = door(person)
        says.post(f"matches/{made['id']}/{move}/")
        assert says.status == 200, (move, says.said)
    return made["id"]


def test_a_resident_asks_a_neighbour_is_found_a_worker_releases_both_talk_and_it_is_done(door, ada, ben, cleo):
    request = an_open_request(door, ada)

    desk = door(cleo)
    [best] = desk.get(f"requests/{request}/suggestions/")
    assert best["volunteer"]["first_name"] == "Ben"
    assert best["reasons"]
    match = desk.post("matches/", {"request": request, "volunteer": best["volunteer"]["id"]})
    assert "release" in match["moves"]
    desk.post(f"matches/{match['id']}/release/")

    helper = door(ben)
    [card] = helper.get("matches/")["results"]
    assert card["moves"] == ["accept", "decline"]
    assert card["request"]["description"].startswith("Brot")
    assert helper.post(f"matches/{match['id']}/address/")["code"] == "not_allowed"
    helper.post(f"matches/{match['id']}/accept/")

    mine = door(ada)
    [answer] = mine.get("matches/")["results"]
    assert (answer["volunteer"]["first_name"], answer["moves"]) == ("Ben", ["confirm", "refuse"])
    confirmed = mine.post(f"matches/{match['id']}/confirm/", {"version": answer["version"]})
    assert confirmed["state"] == "confirmed"
    assert confirmed["order"]["number"]
    address = helper.post(f"matches/{match['id']}/address/")
    assert (address["full_name"], address["street"]) == ("Ada Abend", "Lindenstraße")

    from messaging.actions import open_missing_conversations

    open_missing_conversations(now=timezone.now())  # a test's transaction never commits, so nobody has heard of it
    [talk] = helper.get("conversations/")["results"]
    send = {"client_id": "0b6c2a4e-5f3d-4c51-9d39-1f6b2f0c7a11", "body": "Guten Tag, ich komme gern."}
    first = helper.post(f"conversations/{talk['id']}/messages/", send)
    assert (helper.status, first["seq"]) == (201, 1)
    assert (helper.post(f"conversations/{talk['id']}/messages/", send), helper.status) == (first, 200)
    assert mine.get("conversations/")["results"][0]["unread"] == 1
    assert mine.get(f"conversations/{talk['id']}/messages/?after_seq=0")["results"] == [first]
    assert mine.post(f"conversations/{talk['id']}/read/", {"seq": 1})["read_seq"] == 1

    start = (timezone.now() + timedelta(days=2)).replace(minute=0, second=0, microsecond=0)
    when = {"start": start.isoformat(), "end": (start + timedelta(hours=1)).isoformat()}
    meeting = helper.post(f"conversations/{talk['id']}/appointments/", when)
    assert meeting["proposed_by_me"]
    assert mine.post(f"appointments/{meeting['id']}/agree/")["state"] == "agreed"
    assert [row["id"] for row in helper.get("appointments/?state=agreed")["results"]] == [meeting["id"]]

    assert mine.post(f"matches/{match['id']}/complete/")["state"] == "completed"
    assert mine.get(f"requests/{request}/")["state"] == "done"
    assert helper.post(f"matches/{match['id']}/address/")["code"] == "not_allowed"


def test_a_volunteer_offers_and_a_worker_looks_before_the_resident_hears(door, ada, ben, cleo):
    request = an_open_request(door, ada)
    helper = door(ben)
    [card] = helper.get("open-requests/")["results"]
    assert card["id"] == request
    offered = helper.post(f"open-requests/{request}/offer/")
    assert (helper.status, offered["state"]) == (201, "accepted")
    mine = door(ada)
    assert mine.get("matches/")["results"] == []
    assert door(cleo).post(f"matches/{offered['id']}/clear/")["needs_review"] is False
    assert mine.post(f"matches/{offered['id']}/confirm/")["state"] == "confirmed"


def test_a_round_waits_is_watched_and_says_why_nobody_fits(door, ada, ben, cleo):
    an_open_request(door, ada)
    desk = door(cleo)
    trial = desk.post("rounds/", {"quarter": "lindenhof", "dry_run": True})
    assert (desk.status, trial["state"], trial["pairs"]) == (202, "waiting", [])
    assert desk.post("rounds/", {"quarter": "lindenhof", "dry_run": True})["id"] == trial["id"]
    actions.carry_out_round(round_id=trial["id"], now=timezone.now())  # as the queue does
    found = desk.get(f"rounds/{trial['id']}/")
    assert (found["state"], found["places"], found["filled"], found["gap"], len(found["pairs"])) == ("done", 1, 1, 0, 1)
    ben.volunteer_profile.skills.clear()
    second = desk.post("rounds/", {"quarter": "lindenhof"})
    actions.carry_out_round(round_id=second["id"], now=timezone.now())
    nobody = desk.get(f"rounds/{second['id']}/")
    assert (nobody["pairs"], nobody["weighing"]) == ([], None)
    [left] = nobody["unmatched"]
    assert left["why_not"]["gates"][0]["count"] == 1


def test_a_round_in_the_api_costs_the_same_for_three_and_for_twelve(door, ada, cleo):
    desk, counts = door(cleo), []
    for some in (range(3), range(3, 12)):
        for number in some:
            people.a_request(people.a_person(f"R{number}"), now=timezone.now(), skills=("einkaufen", "vorlesen"))
            people.a_volunteer(f"H{number}")
        found = actions.run_round(quarter=ada.quarter, by=cleo, now=timezone.now())
        desk.get(f"rounds/{found.pk}/")
        with CaptureQueriesContext(connection) as asked:
            said = desk.get(f"rounds/{found.pk}/")
        counts.append(len(asked))
    assert len(said["unmatched"]) == 12
    assert said["unmatched"][0]["why_not"]["changes"]
    assert counts[0] == counts[1]


def test_a_worker_enters_a_caller_and_asks_for_them(door, cleo):
    people.a_skill()
    desk = door(cleo)
    quarter = desk.get("me/")["roles"]["works_in"][0]["id"]
    edith = {"first_name": "Edith", "last_name": "Ernst", "quarter": quarter}
    refused = desk.post("people/", edith)
    assert (desk.status, refused["code"], list(refused["fields"])) == (400, "phone_needed", ["phone"])
    caller = desk.post("people/", edith | {"phone": "0214 300188"})
    assert (desk.status, caller["channel"]) == (201, "phone")
    assert (
        desk.put(f"people/{caller['id']}/address/", {"street": "Unbekannte Gasse", "number": "3"})["is_found"] is False
    )
    made = desk.post("requests/", {**a_wish(), "on_behalf_of": caller["id"]})
    assert made["resident"]["first_name"] == "Edith"
    opened = desk.post(f"requests/{made['id']}/publish/", {"consent": "oral"})
    assert opened["consent"] == "oral"
    assert desk.patch(f"people/{caller['id']}/", {"phone": ""})["code"] == "phone_needed"
    assert desk.patch(f"people/{caller['id']}/", {"phone": "", "channel": "letter"})["channel"] == "letter"
    assert desk.post("people/search/", {"text": "ernst"})["results"][0]["id"] == caller["id"]


def test_somebody_begins_to_help_is_met_and_welcomed(door, dora, cleo):
    people.a_skill()
    new = door(dora)
    quarter = new.get("me/")["quarter"]["id"]
    offer = {
        "about": "Ich gehe gern einkaufen.",
        "skills": [{"slug": "einkaufen", "level": 3}],
        "languages": ["de", "pl"],
        "served_quarters": [quarter],
        "radius_m": 2000,
        "hours_per_week": 3,
        "capacity": 2,
        "wishes_other_generation": True,
        "ask_wish": 1,
    }
    profile = new.put("volunteer-profile/", offer)
    assert (new.status, profile["welcomed"], profile["ask_wish"]) == (200, False, 1)
    times = new.put("volunteer-profile/availability/", {"windows": [{"weekday": 1, "start": "09:00", "end": "24:00"}]})
    assert times["windows"] == [{"weekday": 1, "start": "09:00", "end": "24:00", "rule": "", "since": None}]
    day = (timezone.localdate() + timedelta(days=9)).isoformat()
    away = new.post("volunteer-profile/availability/exceptions/", {"first_day": day})
    assert (new.status, away["last_day"]) == (201, day)
    new.send("delete", f"volunteer-profile/availability/exceptions/{away['id']}/")
    assert new.status == 204
    assert new.post("volunteer-profile/pause/", {"until": day})["paused_until"] == day
    assert new.post("volunteer-profile/resume/")["paused"] is False

    desk = door(cleo)
    desk.post(f"people/{dora.pk}/vetting/", {"kind": "talk"})
    assert desk.status == 201
    assert desk.post(f"people/{dora.pk}/welcome/")["volunteer_profile"]["welcomed"] is True


def test_a_trusted_person_asks_for_the_resident_and_a_stranger_finds_nobody(door, ada, dora):
    people.a_skill()
    wish = a_wish() | {"on_behalf_of": str(ada.pk)}
    says = door(dora)
    says.post("requests/", wish)
    assert says.status == 404
    people.trusts(ada, dora)
    assert door(dora).post("requests/", wish)["state"] == "draft"
    assert HelpRequest.objects.get().entered_by == dora
