"""Who calls and says "my number is a new one" gets nobody's account: for two weeks a code goes by letter or by hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions import claims, trust
from accounts.actions.people import change_person
from accounts.models import AccessCode, User
from config.data_protection.copies import readable
from core.errors import Invalid
from tests import people

pytestmark = pytest.mark.django_db
NOW, DAY = people.NOW, timedelta(days=1)
OLD, NEW = "0214 123456", "0214 654321"


@pytest.fixture
def else_(cleo) -> User:
    return people.a_person("Else", last_name="Pütz", email=None, phone=OLD, channel="phone", created_by=cleo)


def change(person: User, by: User, *, now=NOW, **changes) -> None:
    change_person(person_id=person.pk, by=by, now=now, changes=changes)
    person.refresh_from_db()


def code_by(way: str, person: User, by: User, now=NOW) -> str:
    return claims.issue_access_code(person_id=person.pk, by=by, now=now, way=way)


def test_a_number_changed_by_the_office_is_noted(else_, cleo):
    change(else_, cleo, phone=NEW)
    assert (else_.phone_changed_on, else_.phone_changed_by) == (people.TODAY, cleo)


def test_the_same_number_again_and_other_details_are_no_change(else_, cleo):
    change(else_, cleo, phone="+49 214 123456", last_name="Pütz-Klein")
    assert (str(else_.phone), else_.phone_changed_on) == (OLD, None)


def test_what_people_change_themselves_is_not_noted(else_):
    change(else_, else_, phone=NEW)
    assert (str(else_.phone), else_.phone_changed_on) == (NEW, None)


@pytest.mark.parametrize("changes", [{"phone": NEW}, {"phone": "", "channel": "letter"}])
def test_for_two_weeks_no_code_is_read_out(changes, else_, cleo):
    change(else_, cleo, **changes)
    with pytest.raises(claims.NumberIsNew):
        code_by("phone", else_, cleo, NOW + 13 * DAY)
    assert not AccessCode.objects.exists()


def test_then_it_is(else_, cleo):
    change(else_, cleo, phone=NEW)
    assert code_by("phone", else_, cleo, NOW + 14 * DAY)


def test_without_a_number_nothing_is_read_out(else_, cleo):
    User.objects.filter(pk=else_.pk).update(phone="")
    with pytest.raises(claims.NumberIsNew):
        code_by("phone", else_, cleo)


@pytest.mark.parametrize("way", ["letter", "hand"])
def test_by_letter_and_by_hand_it_goes_and_the_way_is_kept(way, else_, cleo):
    change(else_, cleo, phone=NEW)
    assert code_by(way, else_, cleo)
    assert AccessCode.objects.get(person=else_).way == way


@pytest.mark.parametrize("way", ["", "taube"])
def test_a_code_has_a_way(way, else_, cleo):
    with pytest.raises(Invalid):
        code_by(way, else_, cleo)


def test_no_address_is_noted_either_unless_the_person_is_seen(else_, cleo):
    change(else_, cleo, phone=NEW)
    noted = {"person_id": else_.pk, "by": cleo, "now": NOW + DAY, "email": "else@example.org"}
    with pytest.raises(claims.NotSeen):
        claims.put_email_on_record(**noted)
    else_ = claims.put_email_on_record(**noted, seen=True)
    assert (else_.email_changed_on, else_.email_changed_by) == ((NOW + DAY).date(), cleo)


# --- on the desk ---------
def test_the_form_offers_the_telephone_only_where_the_number_is_an_old_one(else_, cleo, page_as):
    desk, address = page_as(cleo), reverse("desk:person", args=[else_.pk])
    assert 'value="phone"' in desk.get(address).content.decode()
    change(else_, cleo, now=timezone.now(), phone=NEW)
    page = desk.get(address).content.decode()
    assert 'value="phone"' not in page
    assert 'value="letter"' in page
    assert "in den letzten 14 Tagen geändert" in page


@pytest.mark.parametrize("way", ["phone", ""])
def test_the_desk_refuses_with_a_sentence(way, else_, cleo, page_as):
    change(else_, cleo, now=timezone.now(), phone=NEW)
    answer = page_as(cleo).post(reverse("desk:access_code", args=[else_.pk]), {"way": way})
    assert answer.status_code == 400
    said = claims.NumberIsNew.detail if way else "Bitte sagen Sie, wie die Person den Code bekommt."
    assert list(answer.context["code_form"].errors["way"]) == [str(said)]
    assert not AccessCode.objects.exists()


def test_number_and_address_at_once_need_the_person_in_the_room(else_, cleo, page_as):
    desk, address = page_as(cleo), reverse("desk:contact", args=[else_.pk])
    typed = {"first_name": "Else", "last_name": "Pütz", "channel": "phone", "phone": NEW, "email": "else@example.org"}
    answer = desk.post(address, typed)
    else_.refresh_from_db()
    assert (answer.status_code, str(else_.phone), else_.email) == (409, OLD, None)
    assert str(claims.NotSeen.detail) in answer.content.decode()
    desk.post(address, typed | {"seen": "on"})
    else_.refresh_from_db()
    assert (str(else_.phone), else_.email) == (NEW, "else@example.org")


def test_the_desk_and_the_copy_say_who_changed_what_when(else_, cleo, page_as):
    change(else_, cleo, now=timezone.now(), phone=NEW)
    claims.put_email_on_record(person_id=else_.pk, by=cleo, now=timezone.now(), email="else@example.org", seen=True)
    page = page_as(cleo).get(reverse("desk:person", args=[else_.pk])).content.decode()
    assert "Telefonnummer geändert" in page
    assert "E-Mail-Adresse geändert" in page
    assert page.count("durch Cleo Czerny") == 2
    fields = {field for table in readable(else_, now=timezone.now()) for row in table["rows"] for field, _said in row}
    assert {"Telefonnummer im Büro geändert am", "E-Mail-Adresse im Büro geändert von"} <= fields


@pytest.mark.parametrize(
    ("days", "seen", "may"), [(0, False, False), (13, False, False), (13, True, True), (14, False, True)]
)
def test_nobody_is_named_as_trusted_on_a_call_from_a_new_number(days, seen, may, else_, cleo):
    change(else_, cleo, phone=NEW)
    named = {"resident_id": else_.pk, "by": cleo, "now": NOW + days * DAY, "name": "Karl", "email": "karl@example.org"}
    if may:
        assert trust.name_trusted_person(**named, seen=seen).agreed_at is None
    else:
        with pytest.raises(claims.NotSeen):
            trust.name_trusted_person(**named, seen=seen)


def test_the_desk_asks_for_the_tick(else_, cleo, page_as):
    change(else_, cleo, phone=NEW, now=timezone.now())
    client, said = page_as(cleo), {"name": "Karl", "email": "karl@example.org", "agreed": "on"}
    address = reverse("desk:trust", args=[else_.pk])
    refused = client.post(address, said)
    assert refused.status_code == 409
    assert "vor Ihnen steht" in refused.content.decode()
    assert client.post(address, said | {"seen": "on"}).status_code == 302
