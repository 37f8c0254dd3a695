"""A round as the worker meets it: before, on its way, what it found, released, and what helps the others."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import OfferedSkill, VolunteerProfile
from matching import actions, states
from matching.models import HelpRequest, Match, Round
from places.models import Border
from tests import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


def a_wish(**fields) -> HelpRequest:
    return people.a_request(people.ada(), now=timezone.now(), **fields)


def started(desk, **said) -> Round:
    """The round of this click, not yet carried out."""
    answer = desk.post(reverse("desk:round_start"), {"quarter": str(people.ada().quarter_id)} | said)
    return Round.objects.get(pk=answer.url.rstrip("/").rsplit("/", 1)[1])


def done(desk, **said) -> Round:
    found = started(desk, **said)
    actions.carry_out_round(round_id=found.pk, now=timezone.now())  # as the queue does
    return found


def page_of(desk, found: Round, **query):
    return desk.get(reverse("desk:round", args=[found.pk]), query)


def test_a_round_says_before_what_it_looks_at(desk, ada, ben):
    a_wish()
    [row] = desk.get(reverse("desk:round_start")).context["rows"]
    assert (row.requests, row.volunteers, row.underway) == (1, 1, False)


def test_a_round_that_waits_says_so_and_a_second_click_leads_to_the_same(desk, ada, ben):
    a_wish()
    found = started(desk)
    assert started(desk) == found
    page = page_of(desk, found)
    assert "Die Runde beginnt gleich." in page.content.decode()
    assert '<meta http-equiv="refresh"' in page.content.decode()
    assert not Match.objects.exists()


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"step": "solve", "step_done": 34, "step_of": 120}, "Wir rechnen: 34 von 120"),
        ({"step": "load", "step_done": 0, "step_of": 1}, "Wir lesen, wer Hilfe braucht und wer hilft"),
        ({"step": "anything"}, "Wir rechnen"),
    ],
)
def test_a_round_on_its_way_says_what_it_does(step, words, desk, cleo):
    found = Round.objects.create(quarter=cleo.quarter, state="running", **step)
    assert words in page_of(desk, found).content.decode()
    assert desk.get(reverse("desk:round_progress", args=[found.pk])).json()["words"] == words


def test_a_round_that_broke_off_says_so_and_starts_again(desk, cleo):
    found = Round.objects.create(quarter=cleo.quarter, state="failed")
    assert "Noch einmal" in page_of(desk, found).content.decode()
    assert started(desk) != found


def test_a_trial_round_proposes_nobody(desk, ada, ben):
    a_wish()
    page = page_of(desk, done(desk, dry="1"))
    assert len(page.context["pairs"]) == 1
    assert not Match.objects.exists()


def test_the_result_says_how_much_is_filled_and_that_nothing_better_exists(desk, ada, ben):
    a_wish(helpers_needed=2)
    said = page_of(desk, done(desk)).content.decode()
    assert "1 von 2 Plätzen" in said
    assert "Besser geht es nicht." in said


def test_a_gap_is_said_as_at_most_so_much_better(desk, ada, ben):
    a_wish()
    found = done(desk)
    Round.objects.filter(pk=found.pk).update(gap=0.0042)
    assert page_of(desk, found).context["gap"] == "Höchstens 0,4 Prozent besser möglich."


def test_a_round_is_released_one_by_one_some_and_all_at_once(desk, ada, ben):
    people.a_volunteer("Emil")
    for _number in range(5):
        a_wish()
    found = done(desk)
    release = reverse("desk:round_release", args=[found.pk])
    one, two, three, *_rest = Match.objects.filter(round=found)
    desk.post(release, {"match": f"{one.pk}:{one.version}"})
    assert Match.objects.filter(state="asked").count() == 1
    desk.post(release, {"some": "1", "match": [str(two.pk), f"{three.pk}:{three.version}"]})
    assert Match.objects.filter(state="asked").count() == 3
    desk.post(release, {"some": "1"})  # nothing chosen: nothing happens
    assert Match.objects.filter(state="asked").count() == 3
    desk.post(release)
    assert Match.objects.filter(state="asked").count() == 5


def test_a_pair_that_changed_since_the_page_was_drawn_is_not_released(desk, ada, ben):
    a_wish()
    found = done(desk)
    match = Match.objects.get()
    Match.objects.update(version=7)
    answer = desk.post(reverse("desk:round_release", args=[found.pk]), {"match": f"{match.pk}:0"}, follow=True)
    assert "hat sich inzwischen geändert" in answer.content.decode()
    assert Match.objects.get().state == states.PROPOSED


def test_rejecting_on_the_rounds_page_needs_a_reason_and_comes_back_there(desk, ada, ben):
    a_wish()
    found = done(desk)
    match = Match.objects.get()
    address = reverse("desk:round_reject", args=[found.pk])
    assert desk.post(address, {"match": str(match.pk), "version": "0"}).status_code == 400
    answer = desk.post(address, {"match": str(match.pk), "version": "0", "reason": "wohnt zu weit"})
    assert answer.url == reverse("desk:round", args=[found.pk])
    assert Match.objects.get().state == states.REJECTED
    assert desk.post(address, {"match": str(match.pk), "version": "0", "reason": "x"}).status_code == 409


def test_what_is_shown_can_be_narrowed(desk, ada, ben):
    for _number in range(4):  # Ben has room for three
        a_wish()
    found = done(desk)
    first = Match.objects.filter(round=found).first()
    actions.release_match(match_id=first.pk, by=people.cleo(), now=timezone.now())
    for shown, pairs, left in (("", 3, 1), ("freizugeben", 2, 0), ("weiter", 1, 0), ("ohne", 0, 1), ("x", 3, 1)):
        context = page_of(desk, found, zeige=shown).context
        assert (len(context["pairs"]), len(context["unmatched"])) == (pairs, left), shown
    assert [tab.count for tab in context["tabs"]] == [4, 2, 1, 1]


def test_the_unmatched_stand_with_every_gate_and_every_change(desk, ada):
    a_wish(gender_wish="woman")
    people.a_volunteer("Carl", skills=("vorlesen",))
    people.a_volunteer("Dirk", gender="man")
    people.a_volunteer("Egon", gender="woman", profile={"welcomed_at": None})
    [row] = page_of(desk, done(desk)).context["unmatched"]
    assert row.candidates == 3
    assert sum(obstacle.count for obstacle in row.obstacles) == 3
    assert {(change.key, change.people) for change in row.changes} == {("gender", ""), ("", "ready")}


def test_a_change_from_the_rounds_page_says_what_came_of_it(desk, ada):
    wish = a_wish(gender_wish="woman")
    people.a_volunteer("Dirk", gender="man")
    found = done(desk)
    answer = desk.post(reverse("desk:round_change", args=[found.pk, wish.pk]), {"change": "gender"}, follow=True)
    assert "Vorgeschlagen ist jetzt: Dirk Beispiel." in answer.content.decode()
    [row] = answer.context["unmatched"]  # the round says what it found, and who is proposed since
    assert [match.volunteer.first_name for match in row.since] == ["Dirk"]


def test_a_change_nobody_offered_is_refused_on_the_rounds_page(desk, ada):
    wish = a_wish()
    found = done(desk)
    late = desk.post(reverse("desk:round_change", args=[found.pk, wish.pk]), {"change": "x"})
    assert (late.status_code, "hilft beim jetzigen Stand nicht mehr" in late.content.decode()) == (400, True)


@pytest.fixture
def next_door(ada):
    """Birkenau beside Lindenhof, closed, with Nora who would come over."""
    there = people.a_quarter("Birkenau", west=7.02)
    Border.objects.create(quarter=ada.quarter, neighbour=there, admitted=False, barrier="A 1")
    nora = people.a_volunteer("Nora", there)
    nora.volunteer_profile.served_quarters.add(ada.quarter)
    return nora


def test_a_border_is_opened_by_one_click_on_what_would_help(desk, ada, next_door):
    wish = a_wish()
    found = done(desk)
    [row] = page_of(desk, found).context["unmatched"]
    [change] = [change for change in row.changes if change.opens]
    desk.post(reverse("desk:round_change", args=[found.pk, wish.pk]), {"change": change.key})
    assert Border.objects.get().admitted is True
    assert Match.objects.get().volunteer == next_door


def test_before_a_round_the_worker_sees_what_a_neighbour_would_bring(desk, ada, next_door):
    for _number in range(2):
        a_wish()
    page = desk.get(reverse("desk:round_around", args=[ada.quarter_id]))
    assert [(one.quarter.name, one.more) for one in page.context["neighbours"]] == [("Birkenau", 2)]
    assert "2 Vorschläge mehr" in page.content.decode()
    assert Border.objects.get().admitted is False  # only looked at
    said = {"nachbar": str(next_door.quarter_id), "lassen": "ja", "runde": "1"}
    assert desk.post(reverse("desk:border", args=[ada.quarter_id]), said).url == reverse("desk:round_start")
    assert desk.get(reverse("desk:round_around", args=[ada.quarter_id])).context["neighbours"] == []


def test_who_would_fit_is_listed_with_telephone_and_neighbours_by_their_office(desk, ada, next_door):
    wish = a_wish()
    Border.objects.update(admitted=True)
    VolunteerProfile.objects.filter(user=next_door).update(welcomed_at=None)
    people.a_volunteer("Egon", phone="+49221 4710123", profile={"welcomed_at": None})
    page = desk.get(reverse("desk:would", args=[wish.pk, "ready"]))
    assert {person.first_name for person in page.context["people"]} == {"Egon", "Nora"}
    said = page.content.decode()
    assert "4710123" in said
    assert "erreichbar über das Büro dort" in said


@pytest.mark.parametrize("code", ["stretch", "self", "x"])
def test_there_is_no_list_of_people_for_what_is_not_theirs(code, desk, ada):
    assert desk.get(reverse("desk:would", args=[a_wish().pk, code])).status_code == 404


@pytest.mark.parametrize("quarter", ["", "x", "\x00", "00000000-0000-4000-8000-000000000000"])
def test_a_round_over_nothing_is_404(quarter, desk):
    assert desk.post(reverse("desk:round_start"), {"quarter": quarter}).status_code == 404


def test_releasing_what_is_not_of_the_round_is_404(desk, ada, ben):
    found = Round.objects.create(quarter=ada.quarter)
    other = people.a_match(people.a_request(ada), ben)
    release = reverse("desk:round_release", args=[found.pk])
    assert desk.post(release, {"match": str(other.pk)}).status_code == 404


def test_a_worker_elsewhere_finds_no_page_of_this_round(ada, ben, page_as):
    from tests.api.test_who_sees_what import egon

    a_wish()
    found = actions.run_round(quarter=ada.quarter, by=None, now=timezone.now())
    match, there = Match.objects.get(), page_as(egon())
    for name, args in (
        ("round", [found.pk]),
        ("round_progress", [found.pk]),
        ("round_swap", [found.pk, match.pk]),
        ("round_around", [ada.quarter_id]),
        ("would", [match.request_id, "ready"]),
    ):
        assert there.get(reverse(f"desk:{name}", args=args)).status_code == 404, name
    for name in ("round_release", "round_reject"):
        assert there.post(reverse(f"desk:{name}", args=[found.pk]), {"match": str(match.pk)}).status_code == 404
    change = reverse("desk:round_change", args=[found.pk, match.request_id])
    assert there.post(change, {"change": "gender"}).status_code == 404


def test_twelve_pairs_and_twelve_unmatched_cost_as_much_as_three(desk, ada):
    counts = []
    for some in (range(3), range(3, 12)):
        for number in some:
            resident = people.a_person(f"R{number}")
            people.a_request(resident, now=timezone.now())
            people.a_request(resident, now=timezone.now(), skills=("einkaufen", "vorlesen"))
            people.a_volunteer(f"H{number}", profile={"capacity": 1})
        OfferedSkill.objects.update(level=3)  # at home in it: a reason that names the skill
        Match.objects.all().delete()
        VolunteerProfile.objects.update(live_matches=0)
        found = done(desk)
        page_of(desk, found)  # once, so that caches are warm
        with CaptureQueriesContext(connection) as asked:
            page = page_of(desk, found)
        counts.append(len(asked))
    assert (len(page.context["pairs"]), len(page.context["unmatched"])) == (12, 12)
    assert counts[0] == counts[1]


def test_a_round_of_four_hundred_requests_opens_as_one_of_forty(desk, ada):
    counts = []
    for size in (40, 400):
        found = Round.objects.create(quarter=ada.quarter, started_at=timezone.now() - timedelta(minutes=1))
        for number in range(size // 10):
            pair = people.a_match(a_wish(), people.a_volunteer(f"H{size}-{number}"))
            Match.objects.filter(pk=pair.pk).update(round=found)
            slot = {"slot_start": timezone.now(), "score": 0.5}
            found.results.create(
                request=pair.request, volunteer=pair.volunteer, reasons=[{"code": "known", "times": 1}], **slot
            )
        wishes = [a_wish() for _ in range(size - size // 10)]
        lacking = {"gates": {"time": 3, "skill": 1}, "candidates": 4}
        found.results.bulk_create(found.results.model(round=found, request=one, why_not=lacking) for one in wishes)
        Round.objects.filter(pk=found.pk).update(state="done", finished_at=timezone.now(), requests=size)
        page_of(desk, found)
        with CaptureQueriesContext(connection) as asked:
            page = page_of(desk, found)
        counts.append(len(asked))
    assert "400" in page.content.decode()
    assert counts[0] == counts[1]


def test_fifty_stand_on_one_page(desk, ada, ben):
    found = Round.objects.create(quarter=ada.quarter, started_at=timezone.now() - timedelta(minutes=1))
    request = a_wish()
    for _number in range(51):
        found.results.create(request=request, why_not={"gates": {"time": 1}, "candidates": 1})
    first, second = page_of(desk, found), page_of(desk, found, seite=2, zeige="ohne")
    assert (len(first.context["unmatched"]), len(second.context["unmatched"])) == (50, 1)
    assert "zeige=ohne&amp;seite=1" in second.content.decode()
