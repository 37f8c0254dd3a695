"""Who gets which sheet, as a table: 200 theirs, 403 they see the thing but not its paper, 404 it does not exist."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.actions.badges import issue_badge
from accounts.models import AddressReading, PledgeText, RoleAssignment, User
from matching import actions, states
from matching.models import Appointment
from tests import people
from tests.people import a_match, a_person, a_quarter, a_request, a_volunteer

PEOPLE = ("ada", "ben", "cleo", "dora", "trusted", "far_worker", "coordinator", "nobody")
LOGIN = 302
TABLE = {
    #              ada  ben  cleo dora trusted far  coord. nobody
    "door card":  (200, 403, 200, 404, 200,    404, 404,   LOGIN),
    "own badge":  (404, 200, 404, 404, 404,    404, 404,   LOGIN),
    "badge":      (404, 404, 200, 404, 404,    404, 404,   LOGIN),
    "poster":     (404, 404, 200, 404, 404,    404, 404,   LOGIN),
    "month":      (404, 404, 200, 404, 404,    404, 404,   LOGIN),
    "letter":     (404, 404, 200, 404, 404,    404, 404,   LOGIN),
    "own pledge": (404, 200, 404, 404, 404,    404, 404,   LOGIN),
    "pledge":     (404, 404, 200, 404, 404,    404, 404,   LOGIN),
    "consent":    (404, 404, 200, 404, 404,    404, 404,   LOGIN),
    "letters":    (404, 404, 200, 404, 404,    200, 404,   LOGIN),
    "check":      (404, 404, 200, 404, 404,    200, 404,   LOGIN),
}  # fmt: skip


@pytest.fixture
def pair(ada, ben, cleo):
    """Ada and Ben, confirmed by the verb, with a visit tomorrow and a badge for Ben."""
    match = a_match(a_request(now=timezone.now()), ben, state="accepted")
    match = actions.confirm_match(match_id=match.pk, by=ada, now=timezone.now())
    start = timezone.now() + timedelta(days=1)
    Appointment.objects.create(match=match, start=start, end=start + timedelta(hours=1), state=states.AGREED)
    issue_badge(person_id=ben.pk, by=cleo, now=timezone.now())
    return match


def young():
    """A helper of fifteen, of the same quarter."""
    known = User.objects.filter(first_name="Nele").first()
    return known or a_volunteer("Nele", born_on=timezone.localdate() - timedelta(days=15 * 366))


def addresses_of(match) -> dict[str, list[str]]:
    quarter, visit = match.request.quarter_id, match.appointments.get()
    return {
        "door card": [f"/papier/tuerkarte/{match.pk}/", f"/papier/tuerkarte/{match.pk}.pdf"],
        "own badge": ["/papier/ausweis/", "/papier/ausweis.pdf"],
        "badge": [f"/buero/person/{match.volunteer_id}/ausweis/", f"/buero/person/{match.volunteer_id}/ausweis.pdf"],
        "poster": [f"/buero/quartier/{quarter}/aushang/", f"/buero/quartier/{quarter}/aushang.pdf"],
        "month": [f"/buero/quartier/{quarter}/monat/", f"/buero/quartier/{quarter}/monat.pdf"],
        "letter": [f"/buero/brief/kommt/bewohner/{visit.pk}/"],
        "own pledge": ["/papier/versprechen/", "/papier/versprechen.pdf"],
        "pledge": [f"/buero/person/{match.volunteer_id}/versprechen{end}" for end in ("/", ".pdf")],
        "consent": [f"/buero/person/{young().pk}/einverstaendnis{end}" for end in ("/", ".pdf")],
        "letters": ["/buero/briefe/"],
        "check": ["/buero/ausweis/"],
    }


def person_called(name: str):
    if name == "trusted":
        son = a_person("Tom", a_quarter("Nebenan", west=7.1))
        people.trusts(people.ada(), son)
        return son
    if name == "far_worker":
        worker = a_person("Fritz", a_quarter("Fernau", west=7.3))
        RoleAssignment.objects.create(user=worker, role="worker", quarter=worker.quarter)
        return worker
    if name == "coordinator":
        person = a_person("Karla")
        RoleAssignment.objects.create(user=person, role="coordinator")
        return person
    return getattr(people, name)()


@pytest.mark.parametrize("who", PEOPLE)
def test_who_gets_which_sheet(who, pair, page_as, client):
    door = client if who == "nobody" else page_as(person_called(who))
    column = PEOPLE.index(who)
    got = {name: [door.get(there).status_code for there in addresses_of(pair)[name]] for name in TABLE}
    assert got == {name: [row[column]] * len(addresses_of(pair)[name]) for name, row in TABLE.items()}


def test_pdfs_are_not_kept_and_their_names_say_nothing(pair, page_as, ada):
    answer = page_as(ada).get(f"/papier/tuerkarte/{pair.pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Disposition"] == 'inline; filename="tuerkarte.pdf"'


@pytest.mark.parametrize("state", ["accepted", "ended", "completed"])
def test_no_door_card_before_and_after(state, page_as, ada, cleo):
    match = a_match(state=state)
    assert page_as(ada).get(f"/papier/tuerkarte/{match.pk}/").status_code == 403
    assert page_as(cleo).get(f"/papier/tuerkarte/{match.pk}/").status_code == 403


def test_the_worker_of_the_own_pair_is_no_worker_there(pair, page_as, ben):
    RoleAssignment.objects.create(user=ben, role="worker", quarter=ben.quarter)
    visit = pair.appointments.get()
    assert page_as(ben).get(f"/buero/brief/kommt/bewohner/{visit.pk}/").status_code == 404
    assert page_as(ben).get(f"/papier/tuerkarte/{pair.pk}/").status_code == 403


def test_the_address_opens_with_the_printing_and_that_is_kept(pair, page_as, cleo):
    there = f"/buero/brief/kommt/bewohner/{pair.appointments.get().pk}/"
    door = page_as(cleo)
    assert "Lindenstraße 1" not in door.get(there).content.decode()
    assert not AddressReading.objects.filter(reader=cleo).exists()
    assert "Lindenstraße 1" in door.post(there, {"seite": "1"}).content.decode()
    assert AddressReading.objects.get(reader=cleo).reason == "letter"
    assert door.post(there)["Content-Type"] == "application/pdf"


def test_a_letter_that_no_longer_holds_does_not_exist(pair, page_as, cleo):
    visit = pair.appointments.get()
    actions.cancel_appointment(appointment_id=visit.pk, by=pair.volunteer, now=timezone.now())
    assert page_as(cleo).get(f"/buero/brief/kommt/bewohner/{visit.pk}/").status_code == 404


@pytest.mark.parametrize("there", ["gibtsnicht/bewohner", "kommt/niemand", "gefragt/bewohner"])
def test_an_unknown_letter_does_not_exist(there, pair, page_as, cleo):
    assert page_as(cleo).get(f"/buero/brief/{there}/{pair.appointments.get().pk}/").status_code == 404


def test_paper_speaks_the_language_of_whoever_reads_it(pair, page_as, ada, cleo):
    ada.language = "en"
    ada.save()
    page = page_as(cleo).get(f"/papier/tuerkarte/{pair.pk}/").content.decode()
    assert 'lang="en"' in page
    assert "Who is coming to you?" in page
    assert "Als PDF öffnen" in page


def test_grown_ups_need_no_parents(pair, page_as, cleo):
    assert page_as(cleo).get(f"/buero/person/{pair.volunteer_id}/einverstaendnis.pdf").status_code == 404


def test_the_pledge_says_its_version_and_each_line(pair, page_as, ben):
    PledgeText.objects.create(number=7, text_de="Erste Zeile.\nZweite Zeile.")
    page = page_as(ben).get("/papier/versprechen/").content.decode()
    assert "Fassung 7" in page
    assert "<li>Erste Zeile.</li><li>Zweite Zeile.</li>" in page


@pytest.mark.parametrize("month", ["2026-02", "9999-12", "0001-01", "2026-13", "x", "\x00"])
def test_any_month_is_answered(month, page_as, cleo):
    answer = page_as(cleo).get(f"/buero/quartier/{cleo.quarter_id}/monat/", {"monat": month})
    assert answer.status_code == 200
    assert ("Februar 2026" in answer.content.decode()) == (month == "2026-02")
