"""Entering, changing, trusting and blocking people."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import search
from accounts.actions import people as verbs
from accounts.actions import trust
from accounts.models import Block, TrustedPerson, User
from core.errors import Invalid, NotVisible
from tests import people
from tests.people import NOW

pytestmark = pytest.mark.django_db
NUMBER = "0214 777123"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def test_a_worker_enters_a_caller_without_e_mail_and_finds_them(cleo):
    person = verbs.create_person(
        by=cleo, now=NOW, quarter=cleo.quarter, first_name="Gerda", last_name="Groß", phone=NUMBER
    )
    assert (person.email, person.channel, person.created_by) == (None, "phone", cleo)
    assert not person.has_usable_password()
    assert list(search.find_people(cleo, "gross")) == [person]


def test_two_people_without_e_mail_can_live_side_by_side(cleo):
    for name in ("Gerda", "Hanna"):
        verbs.create_person(by=cleo, now=NOW, quarter=cleo.quarter, first_name=name, channel="letter")
    assert User.objects.filter(email__isnull=True).count() == 2


def test_a_worker_cannot_enter_people_of_another_quarter(cleo):
    with pytest.raises(NotVisible):
        verbs.create_person(by=cleo, now=NOW, quarter=people.a_quarter("Fern", west=7.2), first_name="Gerda")


def test_a_resident_cannot_enter_people(ada):
    with pytest.raises(NotVisible):
        verbs.create_person(by=ada, now=NOW, quarter=ada.quarter, first_name="Gerda")


def test_a_taken_address_is_a_conflict(cleo, ada):
    with pytest.raises(verbs.EmailTaken):
        verbs.create_person(
            by=cleo, now=NOW, quarter=cleo.quarter, first_name="Gerda", phone=NUMBER, email="ADA@example.org"
        )


@pytest.mark.parametrize("said", [{}, {"phone": ""}, {"channel": "phone"}, {"email": "gerda@example.org"}])
def test_nobody_is_entered_to_be_called_without_a_number(said, cleo):
    with pytest.raises(verbs.NumberNeeded) as wrong:
        verbs.create_person(by=cleo, now=NOW, quarter=cleo.quarter, first_name="Gerda", **said)
    assert (list(wrong.value.fields), User.objects.filter(first_name="Gerda").count()) == (["phone"], 0)


def test_nobody_joins_to_be_called_without_a_number(cleo):
    about = {"email": "gerda@example.org", "first_name": "Gerda", "channel": "phone"}
    with pytest.raises(verbs.NumberNeeded):
        verbs.sign_up(quarter=cleo.quarter, now=NOW, **about)
    assert verbs.sign_up(quarter=cleo.quarter, now=NOW, phone=NUMBER, **about).channel == "phone"


@pytest.mark.parametrize(
    ("had", "changes"),
    [
        ({"channel": "phone", "phone": "+49214777123"}, {"phone": ""}),
        ({"channel": "online", "phone": ""}, {"channel": "phone"}),
        ({"channel": "letter", "phone": "+49214777123"}, {"channel": "phone", "phone": ""}),
    ],
)
def test_whoever_is_called_keeps_a_number(had, changes, ada):
    User.objects.filter(pk=ada.pk).update(**had)
    with pytest.raises(verbs.NumberNeeded):
        verbs.change_person(person_id=ada.pk, by=ada, now=NOW, changes=changes)


def test_whoever_was_entered_without_a_number_may_still_change_the_rest(ada):
    User.objects.filter(pk=ada.pk).update(channel="phone", phone="")
    same = {"channel": "phone", "phone": "", "last_name": "Abendrot"}
    assert verbs.change_person(person_id=ada.pk, by=ada, now=NOW, changes=same).last_name == "Abendrot"


def test_a_stranger_cannot_change_somebody(ada, dora):
    with pytest.raises(NotVisible):
        verbs.change_person(person_id=ada.pk, by=dora, now=NOW, changes={"first_name": "Eva"})


def test_changing_the_name_changes_what_the_person_is_found_by(ada, cleo):
    verbs.change_person(person_id=ada.pk, by=ada, now=NOW, changes={"last_name": "Öztürk"})
    assert list(search.find_people(cleo, "oeztuerk")) == [ada]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("first_name", "x" * 61),
        ("first_name", "a\x00b"),
        ("first_name", "\ud800"),
        ("first_name", 7),
        ("first_name", None),
        ("first_name", ["Ada"]),
        ("phone", "keine"),
        ("phone", "9" * 400),
        ("phone", 12),
        ("born_on", "gestern"),
        ("born_on", "9999-99-99"),
        ("born_on", "2999-01-01"),
        ("born_on", "0001-01-01"),
        ("gender", "x"),
        ("languages", "de"),
        ("languages", ["xx"]),
        ("languages", [1]),
        ("languages", {"de": 1}),
        ("channel", "pigeon"),
        ("share_phone", "maybe"),
        ("is_staff", True),
        ("auth_epoch", 0),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field(ada, field, value):
    with pytest.raises(Invalid) as wrong:
        verbs.change_person(person_id=ada.pk, by=ada, now=NOW, changes={field: value})
    assert list(wrong.value.fields) == [field]


def test_naming_a_known_and_an_unknown_address_looks_the_same(ada, ben, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for address in (ben.email, "neu@example.org"):
            row = trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Tochter", email=address)
            assert (row.name, row.person.email) == ("Tochter", address)
    assert [message.to for message in mail.outbox] == [[ben.email], ["neu@example.org"]]
    assert len({message.subject for message in mail.outbox}) == 1
    newcomer = User.objects.get(email="neu@example.org")
    assert not newcomer.has_usable_password()
    assert not newcomer.wants_help


def test_trust_is_given_once_and_taken_back(ada, ben):
    row = trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Ben", email=ben.email)
    with pytest.raises(trust.AlreadyTrusted):
        trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Ben", email=ben.email)
    trust.revoke_trusted_person(trust_id=row.pk, by=ada, now=NOW)
    trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Ben", email=ben.email)
    assert TrustedPerson.objects.filter(resident=ada, revoked_at__isnull=True).count() == 1


def test_a_trusted_person_may_step_back_but_not_name_others(ada, ben):
    row = trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Ben", email=ben.email)
    with pytest.raises(NotVisible):
        trust.name_trusted_person(resident_id=ada.pk, by=ben, now=NOW, name="X", email="x@example.org")
    assert trust.revoke_trusted_person(trust_id=row.pk, by=ben, now=NOW).revoked_at == NOW


def test_a_stranger_cannot_take_trust_away(ada, ben, dora):
    row = trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Ben", email=ben.email)
    with pytest.raises(NotVisible):
        trust.revoke_trusted_person(trust_id=row.pk, by=dora, now=NOW)


@pytest.mark.parametrize(
    ("name", "email"), [("", "a@example.org"), ("X", ""), ("X", "kein"), ("X\x00", "a@example.org")]
)
def test_trust_needs_a_name_and_an_address(ada, name, email):
    with pytest.raises(Invalid):
        trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name=name, email=email)


def test_nobody_is_their_own_trusted_person(ada):
    with pytest.raises(Invalid):
        trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Ich", email=ada.email)


def test_blocking_twice_is_once_and_can_be_undone(ada, ben):
    verbs.block(other=ben, by=ada, now=NOW)
    verbs.block(other=ben, by=ada, now=NOW)
    assert Block.objects.count() == 1
    verbs.unblock(other=ben, by=ada, now=NOW)
    assert not Block.objects.exists()


def test_who_was_entered_by_others_logs_in_with_a_single_code(cleo):
    about = {"first_name": "Gerda", "email": "gerda@example.org", "phone": NUMBER}
    person = verbs.create_person(by=cleo, now=NOW, quarter=cleo.quarter, **about)
    client = Client()
    answer = client.post("/konto/login/code/", {"email": "gerda@example.org"})
    client.post(answer.url, {"code": re.search(r"^[A-Z0-9]{3,}(-[A-Z0-9]+)*$", mail.outbox[-1].body, re.M)[0]})
    assert (client.session.get("_auth_user_id"), len(mail.outbox)) == (str(person.pk), 1)


def test_naming_and_revoking_in_turn_does_not_mail_the_whole_town(ada):
    def name(number: int) -> TrustedPerson:
        address = f"x{number}@example.org"
        return trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="X", email=address)

    for number in range(10):
        trust.revoke_trusted_person(trust_id=name(number).pk, by=ada, now=NOW)
    with pytest.raises(trust.TooManyNamed):
        name(10)


@pytest.mark.parametrize(
    "name", ["Gewinn https://a.example", "Los auf a.de", "Ada\nKlicken Sie", "x@example.org", "Ruf an 0900 123"]
)
def test_no_address_and_no_second_line_travels_in_a_name_to_strangers(ada, name):
    with pytest.raises(Invalid):
        verbs.change_person(person_id=ada.pk, by=ada, now=NOW, changes={"first_name": name})
    with pytest.raises(Invalid):
        trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name=name, email="stranger@example.org")
    verbs.change_person(
        person_id=ada.pk, by=ada, now=NOW, changes={"first_name": "Dr. Karl-Heinz", "last_name": "d'Or"}
    )
    assert mail.outbox == []
