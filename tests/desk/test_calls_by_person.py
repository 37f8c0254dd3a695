"""Whoever is to be told several things stands on the call list once, and is called once."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import RoleAssignment
from matching.models import Match
from tests import people
from tests.desk.calling import line_of, only, several_for_else

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cleo, page_as):
    return page_as(cleo)


def test_somebody_with_several_things_stands_there_once_with_each_thing_beneath(desk, ben):
    matches = several_for_else(ben)
    page = desk.get(reverse("desk:calls"))
    text = page.content.decode()
    assert sorted(row.why for row in only(page.context["now_blocks"])) == [
        "Bea möchte helfen", "Carl möchte helfen", "es klappt mit Dirk"
    ]  # fmt: skip
    assert (text.count("0214 300101</a>"), text.count("Vormittags")) == (1, 1)
    assert ": 1 Anruf<" in text
    for match, kind in zip(matches, ("gefunden", "gefunden", "bestaetigt"), strict=True):
        assert f'action="{line_of(match, match.resident, kind)}"' in text


def test_each_thing_is_answered_and_noted_on_the_list(desk, ben):
    bea, carl, dirk = several_for_else(ben)
    desk.post(line_of(bea, bea.resident, "gefunden"), {"answer": "yes", "note": "freut sich"})
    desk.post(line_of(carl, carl.resident, "gefunden"), {"enter": "1", "note": "überlegt noch"})  # Enter in the note
    page = desk.get(reverse("desk:calls"))
    rows = {row.why: row.entry.note for row in only(page.context["now_blocks"])}
    assert rows == {"Carl möchte helfen": "überlegt noch", "es klappt mit Dirk": ""}
    assert {Match.objects.get(pk=match.pk).state for match in (bea, dirk)} == {"confirmed"}


def test_nobody_answered_counts_for_everything_there_is_to_tell_them(desk, ben, cleo):
    bea, carl, _dirk = several_for_else(ben)
    karl = people.a_person("Karl", wants_help=False)
    RoleAssignment.objects.create(user=karl, role="worker", quarter=karl.quarter)
    desk.post(line_of(carl, carl.resident, "gefunden"), {"hand": "1", "to": str(karl.pk)})
    desk.post(line_of(bea, bea.resident, "gefunden"), {"missed_all": "1"})
    page = desk.get(reverse("desk:calls"))
    assert page.context["now_blocks"] == []
    assert [row.tries for row in only(page.context["later_blocks"])] == ["einmal nicht erreicht"] * 2
    assert [row.tries for row in only(page.context["other_blocks"])] == [""]  # a colleague's to try
    assert page.content.decode().count("einmal nicht erreicht") == 1


def test_who_is_called_now_hears_of_what_was_put_off_as_well(desk, ben):
    bea, _carl, _dirk = several_for_else(ben)
    desk.post(line_of(bea, bea.resident, "gefunden"), {"missed": "1", "again": "tomorrow"})
    page = desk.get(reverse("desk:calls"))
    assert [bool(row.again) for row in only(page.context["now_blocks"])] == [False, False, True]
    assert page.context["later_blocks"] == []


def test_the_table_and_the_paper_name_each_person_once_too(desk, ben):
    several_for_else(ben)
    paper = desk.get(reverse("desk:calls_print")).content.decode()
    assert [paper.count(words) for words in ("0214 300101", "Vormittags", "☐ Nicht erreicht")] == [1, 1, 1]
    assert (paper.count("☐ Ja, gerne"), paper.count("☐ Weiß Bescheid")) == (2, 1)
    text = desk.get(reverse("desk:calls_table")).content.decode().removeprefix("\ufeff")
    _head, row = csv.reader(io.StringIO(text), delimiter=";")
    assert (row[1], row[4]) == ("0214 300101", "Vormittags")
    assert sorted(row[2].splitlines()) == ["Bea möchte helfen", "Carl möchte helfen", "es klappt mit Dirk"]
    assert len(row[3].splitlines()) == 3


def test_one_person_with_three_things_costs_as_many_queries_as_with_six(desk, ben):
    else_, counts = several_for_else(ben)[0].resident, []
    for names in ("", "XYZ"):
        for name in names:
            people.a_match(people.a_request(else_, now=timezone.now()), people.a_volunteer(name), state="accepted")
        Match.objects.update(accepted_at=timezone.now())
        desk.get(reverse("desk:calls"))
        with CaptureQueriesContext(connection) as asked:
            shown = only(desk.get(reverse("desk:calls")).context["now_blocks"])
        counts.append((len(shown), len(asked)))
    assert [things for things, _queries in counts] == [3, 6]
    assert counts[0][1] == counts[1][1]
