"""Steps of trust on the desk and at the coordinator's, and the page of the parents."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts import trust, youth
from accounts.actions import parents, vetting
from accounts.actions.gates import change_gates, change_youth_rules, return_to_gates
from accounts.actions.parents import token_of
from accounts.models import GateMatrix, PledgeText, RoleAssignment, Vetting
from core.errors import HouseError
from matching import suggestions
from matching.desk import steps
from tests import people
from tests.people import NOW, TODAY, a_person, a_quarter, a_request, a_skill, a_volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture
def meral():
    person = a_person("Meral", wants_help=False)
    RoleAssignment.objects.create(user=person, role="coordinator")
    return person


def young():
    a_skill("hund", minors_may=True)
    return a_volunteer("Jo", skills=("hund",), born_on=TODAY.replace(year=TODAY.year - 15))


def test_one_tap_notes_a_step_and_one_takes_it_back(ben, cleo, page_as):
    client = page_as(cleo)
    client.post(reverse("desk:step_take", args=[ben.pk]), {"kind": "reference"})
    row = Vetting.objects.get(user=ben, kind="reference")
    assert row.by == cleo
    page = client.get(reverse("desk:steps", args=[ben.pk])).content.decode()
    assert "Empfehlung eingeholt" in page
    assert "Cleo Czerny" in page
    client.post(reverse("desk:step_undo", args=[ben.pk]), {"schritt": row.pk})
    assert not Vetting.objects.filter(pk=row.pk).exists()


def test_a_certificate_older_than_three_months_is_refused_beside_its_field(ben, cleo, page_as):
    said = {"kind": "certificate", "on": "2026-03-03", "dated": "2025-10-01"}
    answer = page_as(cleo).post(reverse("desk:step_take", args=[ben.pk]), said)
    assert answer.status_code == 400
    assert "höchstens drei Monate" in answer.content.decode()


def test_helpers_by_what_is_missing_and_as_a_table(ben, cleo, page_as):
    a_skill("kind", needs="certificate")
    ben.volunteer_profile.offered_skills.create(skill_id="kind")
    client = page_as(cleo)
    assert "Ben Bogen" in client.get(reverse("desk:helpers") + "?fehlt=certificate").content.decode()
    assert "Ben Bogen" not in client.get(reverse("desk:helpers") + "?fehlt=talk").content.decode()
    assert "Ben Bogen;Lindenhof" in client.get(reverse("desk:helpers_table")).content.decode()


def test_what_ends_soon_waits_on_the_desk(ben, cleo, page_as):
    today = NOW.today().date()
    Vetting.objects.create(user=ben, kind="certificate", on=today.replace(year=today.year - 4), valid_until=today)
    page = page_as(cleo).get(reverse("desk:home") + "?liste=schritte").content.decode()
    assert "Ben Bogen" in page
    Vetting.objects.create(user=ben, kind="certificate", on=today)
    assert "Ben Bogen" not in page_as(cleo).get(reverse("desk:home") + "?liste=schritte").content.decode()


def test_the_matrix_is_the_coordinators_and_counts_at_once(ada, ben, meral, page_as):
    client, request = page_as(meral), a_request(ada)
    assert suggestions.suggestions(request, now=NOW)
    group = a_skill("einkaufen").group
    client.post(reverse("desk:gates"), {"needs": [f"{group}:reference"], "note": "Beschluss vom März"})
    assert GateMatrix.objects.get().groups[group] == ["reference"]
    assert not suggestions.suggestions(request, now=NOW)
    client.post(reverse("desk:gates"), {"fassung": "0"})
    assert GateMatrix.objects.count() == 2
    assert suggestions.suggestions(request, now=NOW)


def test_a_change_without_a_reason_is_no_change(meral, page_as):
    assert page_as(meral).post(reverse("desk:gates"), {"needs": ["wege:talk"]}).status_code == 400
    assert not GateMatrix.objects.exists()


def test_the_young_and_the_pledge_get_new_versions(meral, page_as):
    client = page_as(meral)
    page = client.get(reverse("desk:youth"))
    form = page.context["form"]
    said = {name: form[name].value() for name in form.fields} | {"note": "Ferien", "breaks": "22.12.2026 - 06.01.2027"}
    said = {name: value for name, value in said.items() if value is not None}
    assert client.post(reverse("desk:youth"), said).status_code == 302
    assert not youth.current().versions[0].is_school_day(TODAY.replace(month=12, day=23))
    assert client.post(reverse("desk:youth"), said | {"breaks": "Weihnachten"}).status_code == 400
    client.post(reverse("desk:pledge"), {"text_de": "Ich schweige."})
    assert (PledgeText.objects.get().number, trust.pledge_text().text_de) == (2, "Ich schweige.")


def test_parents_agree_by_the_link_without_an_account_and_take_it_back(cleo, page_as):
    jo = young()
    page_as(cleo).post(reverse("desk:parents", args=[jo.pk, "link"]), {"name": "Kim Jung", "phone": "0214 123456"})
    consent = jo.parent_consents.get()
    page = reverse("accounts:parents", args=[token_of(consent)])
    stranger = Client()
    assert stranger.get(page).status_code == 200
    assert stranger.post(page, {"verb": "ja"}).status_code == 400
    stranger.post(page, {"verb": "ja", "sorge": "1"})
    assert "parents" in trust.holding(jo.vettings.all())
    stranger.post(page, {"verb": "zurueck"})
    assert "parents" not in trust.holding(jo.vettings.all())
    assert stranger.get(page + "x").status_code == 404


def test_the_helper_reads_their_own_steps(ben, page_as):
    page = page_as(ben).get(reverse("accounts:steps")).content.decode()
    assert "Gespräch geführt" in page
    assert "Führungszeugnis" not in page  # nothing they offer needs it


def of_another_quarter():
    person = a_person("Willi", a_quarter("Fern", west=7.2))
    RoleAssignment.objects.create(user=person, role="worker", quarter=person.quarter)
    return person


WHO = {
    "worker": people.cleo,
    "other worker": of_another_quarter,
    "coordinator": lambda: RoleAssignment.objects.create(user=a_person("Meral"), role="coordinator").user,
    "helper": people.ben,
    "resident": people.ada,
}
VERBS = {
    "take": lambda by, ben, jo: vetting.record_vetting(person_id=ben.pk, by=by, now=NOW, kind="trial"),
    "undo": lambda by, ben, jo: vetting.undo_vetting(vetting_id=noted(ben).pk, by=by, now=NOW),
    "welcome": lambda by, ben, jo: vetting.welcome_volunteer(person_id=ben.pk, by=by, now=NOW),
    "paper": lambda by, ben, jo: parents.record_paper_consent(
        person_id=jo.pk, by=by, now=NOW, name="Kim", phone="0214 12345"
    ),
    "link": lambda by, ben, jo: parents.ask_parents(person_id=jo.pk, by=by, now=NOW, name="Kim", phone="0214 12345"),
    "gates": lambda by, ben, jo: change_gates(
        by=by, now=NOW, groups={}, kinds={}, months={}, renew_days={}, note="weil"
    ),
    "back": lambda by, ben, jo: return_to_gates(number=0, by=by, now=NOW),
    "youth": lambda by, ben, jo: change_youth_rules(by=by, now=NOW, since=TODAY, bands=[], breaks=[], note="weil"),
}
MAY = {
    "worker": {"take", "undo", "welcome", "paper", "link"},
    "other worker": set(),
    "coordinator": {"gates", "back", "youth"},
    "helper": set(),
    "resident": set(),
}


def noted(ben):
    return Vetting.objects.create(user=ben, kind="treff", on=TODAY, noted_at=NOW)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("who", WHO)
def test_person_and_verb(who, verb, ben):
    by, jo = WHO[who](), young()
    if verb in MAY[who]:
        assert VERBS[verb](by, ben, jo)
        return
    with pytest.raises(HouseError) as refused:
        VERBS[verb](by, ben, jo)
    assert refused.value.status in (403, 404)


@pytest.mark.parametrize("page", ["steps", "helpers", "helpers_table", "gates", "youth", "pledge"])
@pytest.mark.parametrize("who", WHO)
def test_person_and_page(who, page, ben, page_as):
    args = [ben.pk] if page == "steps" else []
    status = page_as(WHO[who]()).get(reverse(f"desk:{page}", args=args)).status_code
    of_the_city = page in ("gates", "youth", "pledge")
    may = who == "coordinator" if of_the_city else who == "worker" or (who == "other worker" and page != "steps")
    assert status == (200 if may else 404)


@pytest.mark.parametrize(
    ("checks", "waits"),  # (days ago, valid for so many days from today, suitable)
    [
        ([(100, 80, True)], True),
        ([(100, 120, True)], False),
        ([(100, -3, True)], True),
        ([(100, 0, True)], True),
        ([(100, -3, True), (2, 900, True)], False),
        ([(100, 900, True), (2, 30, True)], True),
        ([(100, -3, True), (100, -3, False)], False),  # in the same moment "not suitable" counts
        ([(100, -3, True), (2, None, False)], False),
    ],
)
def test_what_waits_is_what_the_steps_say(checks, waits, ben):
    for ago, left, suitable in checks:
        until = None if left is None else TODAY + timedelta(days=left)
        fields = {"on": TODAY - timedelta(days=ago), "valid_until": until, "suitable": suitable, "noted_at": NOW}
        Vetting.objects.create(user=ben, kind="certificate", **fields)
    found = steps.ending_checks([ben.quarter], NOW)
    [row] = steps.helpers([ben.quarter], now=NOW)
    assert bool(found) is bool(row.ending) is waits
