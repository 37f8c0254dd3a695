"""The worker's case: follow-ups, sealed notes, consent for each hand-over, a deputy for the holidays."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.actions import casework as verbs
from accounts.models import CaseNote, Deputy, FollowUp, RoleAssignment, User
from core.errors import HouseError
from matching import rules
from matching.models import Appointment, CheckIn, Match, Round
from tests import people
from tests.people import a_match, a_person, a_quarter, a_request

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def now():
    return timezone.now()


def today():
    return timezone.localdate()


def worker(name: str, quarter=None) -> User:
    person = User.objects.filter(first_name=name).first()
    if person is None:
        person = a_person(name, quarter, wants_help=False)
        RoleAssignment.objects.create(user=person, role="worker", quarter=person.quarter)
    return person


def of_far() -> User:
    return worker("Willi", a_quarter("Fern", west=7.2))


def coordinator() -> User:
    person = a_person("Meral", wants_help=False)
    RoleAssignment.objects.create(user=person, role="coordinator")
    return person


def deputy() -> User:
    person = of_far()
    Deputy.objects.create(worker=people.cleo(), deputy=person, first_day=today(), last_day=today())
    return person


WHO = {
    "worker": people.cleo,
    "colleague": lambda: worker("Uta"),
    "deputy": deputy,
    "of another quarter": of_far,
    "coordinator": coordinator,
    "helper": people.ben,
    "the person": people.ada,
}
CALL = {
    "add": lambda by, ada: verbs.add_follow_up(person_id=ada.pk, by=by, now=now(), text="Anrufen", due_on=today()),
    "done": lambda by, ada: verbs.finish_follow_up(follow_up_id=a_follow_up(ada).pk, by=by, now=now()),
    "note": lambda by, ada: verbs.write_note(person_id=ada.pk, by=by, now=now(), text="Geheim"),
    "hand over": lambda by, ada: verbs.hand_over(
        person_id=ada.pk, taker_id=worker("Rita").pk, by=by, now=now(), purpose="Urlaub", way="oral"
    ),
    "deputy": lambda by, ada: verbs.name_deputy(
        deputy_id=worker("Rita").pk, by=by, now=now(), first_day=today(), last_day=today()
    ),
}
CASE = {"add", "done", "note", "hand over"}
MAY = {
    "worker": {*CASE, "deputy"},
    "colleague": {*CASE, "deputy"},
    "deputy": {*CASE, "deputy"},
    "of another quarter": {"deputy"},
    "coordinator": set(),
    "helper": set(),
    "the person": set(),
}


def a_follow_up(ada) -> FollowUp:
    return FollowUp.objects.create(person=ada, text="Anrufen", due_on=today())


@pytest.mark.parametrize("verb", CALL)
@pytest.mark.parametrize("who", WHO)
def test_person_and_verb(who, verb, ada):
    by = WHO[who]()
    if verb in MAY[who]:
        assert CALL[verb](by, ada)
        return
    with pytest.raises(HouseError) as refused:
        CALL[verb](by, ada)
    assert refused.value.status in (403, 404)


@pytest.mark.parametrize("who", WHO)
def test_a_note_is_read_by_who_wrote_it_and_by_nobody_else(who, ada, cleo):
    verbs.write_note(person_id=ada.pk, by=cleo, now=now(), text="Geheim")
    assert CaseNote.objects.visible_to(WHO[who](), today=today()).exists() == (who == "worker")


@pytest.mark.parametrize(
    ("who", "until", "revoked", "reads"),
    [
        ("colleague", None, False, True),
        ("colleague", 0, False, True),
        ("colleague", None, True, False),
        ("deputy", 0, False, True),
        ("of another quarter", None, False, False),  # agreed, and does not work here
    ],
)
def test_with_the_persons_consent_a_colleague_reads_them(who, until, revoked, reads, ada, cleo):
    verbs.write_note(person_id=ada.pk, by=cleo, now=now(), text="Geheim")
    taker = WHO[who]()
    day = None if until is None else today() + until * DAY
    row = verbs.hand_over(
        person_id=ada.pk, taker_id=taker.pk, by=cleo, now=now(), purpose="Urlaub", way="oral", until=day
    )
    if revoked:
        verbs.take_hand_over_back(hand_over_id=row.pk, by=cleo, now=now())
    notes = CaseNote.objects.visible_to(taker, today=today())
    assert notes.exists() == reads
    assert not CaseNote.objects.visible_to(taker, today=today() + DAY).exists() or until is None
    with pytest.raises(HouseError):
        verbs.delete_note(note_id=CaseNote.objects.get().pk, by=taker, now=now())


def test_the_database_does_not_hold_the_words_of_a_note(ada, cleo, page_as):
    page_as(cleo).post(reverse("desk:notes", args=[ada.pk]), {"text": "Sehr geheim"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM accounts_casenote")
        assert "geheim" not in cursor.fetchone()[0].lower()
    assert "Sehr geheim" in page_as(cleo).get(reverse("desk:notes", args=[ada.pk])).content.decode()
    assert "Sehr geheim" not in page_as(worker("Uta")).get(reverse("desk:notes", args=[ada.pk])).content.decode()


@pytest.mark.parametrize(
    ("first", "last", "ended", "sees"),
    [(0, 0, False, True), (-3, 3, False, True), (1, 3, False, False), (-3, -1, False, False), (0, 3, True, False)],
)
def test_a_deputy_sees_the_quarter_on_these_days_only(first, last, ended, sees, ada, cleo, page_as):
    person = of_far()
    Deputy.objects.create(
        worker=cleo, deputy=person, first_day=today() + first * DAY, last_day=today() + last * DAY,
        ended_at=now() if ended else None,
    )  # fmt: skip
    assert roles.works_in(person, ada.quarter) == sees
    assert page_as(person).get(reverse("desk:person", args=[ada.pk])).status_code == (200 if sees else 404)


def test_a_deputys_deputy_gets_only_the_deputys_own_quarter(ada, cleo):
    first, second = deputy(), worker("Rita", a_quarter("Au", west=7.3))
    Deputy.objects.create(worker=first, deputy=second, first_day=today(), last_day=today())
    assert not roles.works_in(second, ada.quarter)
    assert roles.works_in(second, first.quarter)


def test_without_a_role_of_ones_own_nobody_stands_in(ada, cleo, dora):
    Deputy.objects.create(worker=cleo, deputy=dora, first_day=today(), last_day=today())
    assert not roles.works_in(dora, ada.quarter)


def test_what_is_due_today_waits_and_goes_with_one_tap(ada, cleo, page_as):
    client, person = page_as(cleo), reverse("desk:person", args=[ada.pk])
    said = {"text": "Nach dem Sohn fragen", "due_on": today().isoformat()}
    client.post(reverse("desk:follow_up", args=[ada.pk]), said)
    assert "Nach dem Sohn fragen" in client.get(reverse("desk:home") + "?liste=faellig").content.decode()
    assert "Als Nächstes: Nach dem Sohn fragen" in client.get(person).content.decode()
    done = reverse("desk:follow_up_done", args=[FollowUp.objects.get().pk])
    client.post(done)
    assert "Nach dem Sohn fragen" not in client.get(reverse("desk:home") + "?liste=faellig").content.decode()
    client.post(done, {"wieder": "1"})
    assert FollowUp.objects.get().done_at is None
    assert client.post(reverse("desk:follow_up", args=[ada.pk]), {"text": "", "due_on": "gestern"}).status_code == 400


@pytest.mark.parametrize("page", ["notes", "deputies"])
@pytest.mark.parametrize("who", WHO)
def test_person_and_page(who, page, ada, page_as):
    by = WHO[who]()
    args = [ada.pk] if page == "notes" else []
    may = bool(MAY[who]) and (page == "deputies" or "note" in MAY[who])
    assert page_as(by).get(reverse(f"desk:{page}", args=args)).status_code == (200 if may else 404)


@pytest.mark.parametrize(("visits", "bad", "singly"), [(0, 0, True), (1, 0, True), (2, 0, False), (2, 1, True)])
def test_first_visits_of_a_new_helper_are_released_one_by_one(visits, bad, singly, ada, ben, cleo, page_as):
    quarter = ada.quarter
    quarter.first_visits_single = 2
    quarter.save()
    for number in range(visits):
        match = a_match(a_request(ada), ben, state="completed")
        start = now() - DAY
        moments = {"arrived_at": start, "finished_at": start + DAY / 24}
        Appointment.objects.create(match=match, start=start, end=start + DAY / 24, state="done", **moments)
        CheckIn.objects.create(match=match, person=ada, visit=1, was_fine=number >= bad)
    found = Round.objects.create(quarter=quarter)
    both = [a_match(a_request(ada), ben), a_match(a_request(a_person("Greta")), people.a_volunteer("Emil"))]
    Match.objects.filter(pk__in=[one.pk for one in both]).update(round=found)
    assert rules.is_released_singly(both[0]) == singly
    client = page_as(cleo)
    client.post(reverse("desk:round_release", args=[found.pk]))
    both[0].refresh_from_db()
    assert both[0].state == ("proposed" if singly else "asked")
    if singly:
        client.post(reverse("desk:round_release", args=[found.pk]), {"match": str(both[0].pk)})
        both[0].refresh_from_db()
        assert both[0].state == "asked"
