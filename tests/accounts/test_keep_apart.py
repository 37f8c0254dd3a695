"""Never this person: what fits an entry, when it is found, and who may say, read and take back what."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.account.signals import email_changed
from django.urls import reverse

from accounts.actions import apart, claims, people, trust
from accounts.models import Block, KeepApart, Look, User
from config.data_protection import copies, erasing
from core.errors import Invalid, NotAllowed, NotVisible
from tests.api.client import Door
from tests.people import NOW, a_person, a_quarter

pytestmark = pytest.mark.django_db
BORN = date(1980, 4, 5)
KARL = {
    "first_name": "Karl-Heinz",
    "last_name": "Müller",
    "born_on": BORN,
    "phone": "+4921412345",
    "email": "karl@example.org",
}
ELSEWHERE = {"born_on": date(1981, 1, 1), "phone": "+4921499999", "email": "wer@example.org"}


def enter(owner: User, by: User | None = None, **said) -> KeepApart:
    said = {"name": "Karl-Heinz Müller"} | said
    return apart.keep_apart(owner_id=owner.pk, by=by or owner, now=NOW, **said)


def tied(owner: User) -> set[User]:
    rows = Block.objects.filter(blocker=owner, entry__isnull=False).select_related("blocked")
    return {row.blocked for row in rows}


def karl(**others) -> User:
    return a_person(**KARL | others)


# --- what fits ----------
FITS = {
    "name and birthday": {"born_on": BORN},
    "birthday, umlaut spelt out": {"name": "karlheinz Mueller Karl Heinz", "born_on": BORN},
    "birthday, one of two first names": {"name": "Karl Müller", "born_on": BORN},
    "birthday, the other way round": {"name": "MÜLLER, Karl-Heinz", "born_on": BORN},
    "birthday, a second first name more": {"name": "Karl Otto Müller", "born_on": BORN},
    "telephone alone": {"name": "Kalle", "phone": "0214 12345"},
    "telephone from abroad": {"name": "Kalle", "phone": "+49 (214) 123-45"},
    "e-mail alone": {"name": "Kalle", "email": "KARL@example.org "},
    "one of two is enough": {"name": "Kalle", "email": "karl@example.org", "phone": "0214 777777"},
}
FITS_NOT = {
    "birthday without the name": {"name": "Peter Schmidt", "born_on": BORN},
    "birthday with half the name": {"name": "Müller", "born_on": BORN},
    "birthday with one word of two": {"name": "Karl Schmidt", "born_on": BORN},
    "name with another birthday": {"born_on": date(1980, 5, 4)},
    "another telephone": {"phone": "0214 12346"},
    "another e-mail": {"email": "karl@example.net"},
}


@pytest.mark.parametrize("said", FITS.values(), ids=FITS)
def test_who_fits_is_tied_whether_they_come_before_or_after(said, ada):
    before = karl()
    enter(ada, **said)
    assert tied(ada) == {before}
    before.delete()
    after = people.sign_up(quarter=a_quarter(), now=NOW, **KARL)
    assert tied(ada) == {after}


@pytest.mark.parametrize("said", FITS_NOT.values(), ids=FITS_NOT)
def test_who_does_not_fit_is_not_tied(said, ada):
    before = karl()
    enter(ada, **said)
    before.delete()
    people.sign_up(quarter=a_quarter(), now=NOW, **KARL)
    assert not Block.objects.exists()


def test_nothing_known_on_either_side_fits_nobody(ada, cleo):
    a_person("Karl", last_name="Müller", email=None)
    enter(ada, name="Karl Müller", email="anders@example.org")
    known = {"first_name": "Karl", "last_name": "Müller", "channel": "letter"}
    people.create_person(by=cleo, now=NOW, quarter=cleo.quarter, **known)
    assert not Block.objects.exists()


def test_nobody_is_tied_to_themselves(ada):
    enter(ada, name="Ada Abend", email=ada.email, born_on=ada.born_on)
    people.change_person(person_id=ada.pk, by=ada, now=NOW, changes={"first_name": "Ada"})
    assert not Block.objects.exists()


# --- when ----------
def test_every_way_to_write_down_who_somebody_is_is_looked_at(ada, cleo):
    enter(ada, name="Karl", email="karl@example.org", phone="0214 12345")
    called = people.create_person(by=cleo, now=NOW, quarter=cleo.quarter, first_name="K", phone="+4921412345")
    other = a_person("Ole", email=None)
    claims.put_email_on_record(person_id=other.pk, by=cleo, now=NOW, email="karl@example.org")
    assert tied(ada) == {called, other}


def test_the_address_of_a_code_and_of_a_trusted_person_and_a_new_one_by_their_own_hand(ada, cleo, dora):
    for address in ("eins@example.org", "zwei@example.org", "drei@example.org"):
        enter(ada, name="Karl", email=address)
    caller = a_person("Ole", email=None)
    claims.issue_access_code(person_id=caller.pk, by=cleo, now=NOW, way="letter")
    claims.claim_person(access_code_id=caller.access_code.pk, email="eins@example.org", now=NOW)
    trust.name_trusted_person(resident_id=dora.pk, by=dora, now=NOW, name="Mia", email="zwei@example.org")
    mia = User.objects.get(email="zwei@example.org")
    User.objects.filter(pk=dora.pk).update(email="drei@example.org")
    dora.refresh_from_db()
    email_changed.send(
        User, request=None, user=dora, from_email_address=None, to_email_address=EmailAddress(email="drei@example.org")
    )
    assert tied(ada) == {caller, mia, dora}


@pytest.mark.parametrize("way", ["born_on", "phone"])
def test_a_change_of_the_profile_is_looked_at_and_never_undoes(way, ada):
    enter(ada, name="Karl-Heinz Müller", born_on=BORN, phone="0214 12345")
    person = karl(**ELSEWHERE)
    people.change_person(person_id=person.pk, by=person, now=NOW, changes={way: KARL[way]})
    assert tied(ada) == {person}
    changes = {"first_name": "Otto", "last_name": "Anders", "born_on": date(1970, 1, 1), "phone": "+4921455555"}
    people.change_person(person_id=person.pk, by=person, now=NOW, changes=changes)
    assert tied(ada) == {person}


def test_who_comes_in_while_the_entry_is_written_is_found_after_the_commit(ada, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        enter(ada, email="karl@example.org", name="Karl")
        late = karl()  # another transaction's row, seen only now
    assert tied(ada) == {late}


# --- what is kept ----------
def test_nothing_readable_is_kept(ada):
    row = enter(ada, born_on=BORN, phone="0214 12345", email="karl@example.org")
    kept = " ".join(str(getattr(row, field.attname)) for field in row._meta.concrete_fields).casefold()
    assert row.label == "Person 1"
    assert not [word for word in ("karl", "heinz", "ller", "1980", "12345", "example") if word in kept]


def test_the_key_is_not_that_of_the_sessions(ada, settings):
    first = enter(ada, email="karl@example.org")
    settings.SECRET_KEY = "another"
    assert enter(ada, email="karl@example.org").email == first.email
    settings.CASE_KEY = "another"
    assert enter(ada, email="karl@example.org").email != first.email


def test_labels_are_numbered_or_chosen(ada):
    assert [enter(ada, email="a@b.de", label=label).label for label in ("", "Person 3", "", "", "K.")] == [
        "Person 1", "Person 3", "Person 2", "Person 4", "K.",
    ]  # fmt: skip


BAD = [
    ({"name": ""}, "name"),
    ({"name": "\x00"}, "name"),
    ({"name": "...", "email": "a@b.de"}, "name"),
    ({}, "born_on"),
    ({"phone": "keine"}, "phone"),
    ({"phone": "9" * 400}, "phone"),
    ({"email": "keine"}, "email"),
    ({"email": 7}, "email"),
    ({"born_on": date(2027, 1, 1)}, "born_on"),
    ({"born_on": "gestern"}, "born_on"),
    ({"email": "a@b.de", "label": "x" * 41}, "label"),
    ({"email": "a@b.de", "label": "\ud800"}, "label"),
]


@pytest.mark.parametrize(("said", "field"), BAD)
def test_what_does_not_fit_becomes_a_sentence(said, field, ada):
    with pytest.raises(Invalid) as wrong:
        enter(ada, **said)
    assert list(wrong.value.fields) == [field]


# --- who may ----------
def test_ten_by_ones_own_hand_and_more_by_the_office(ada, cleo):
    for number in range(apart.MOST_BY_ONESELF):
        enter(ada, email=f"k{number}@example.org")
    with pytest.raises(Invalid):
        enter(ada, email="mehr@example.org")
    assert enter(ada, by=cleo, email="mehr@example.org").entered_by == cleo


def test_only_the_office_takes_back_and_only_for_its_people(ada, ben, cleo, dora):
    person, row = karl(), enter(ada, email="karl@example.org")
    for who, error in ((ada, NotAllowed), (dora, NotVisible), (ben, NotVisible)):
        with pytest.raises(error):
            apart.take_back(entry_id=row.pk, owner_id=ada.pk, by=who)
    with pytest.raises(NotVisible):
        apart.take_back(entry_id=row.pk, owner_id=dora.pk, by=cleo)
    assert tied(ada) == {person}
    apart.take_back(entry_id=row.pk, owner_id=ada.pk, by=cleo)
    assert not Block.objects.exists()


def test_a_stranger_enters_nothing_for_others(ada, dora):
    with pytest.raises(NotVisible):
        enter(ada, by=dora, email="karl@example.org")


def test_a_block_of_ones_own_hand_is_a_row_of_its_own(ada):
    person = karl()
    enter(ada, email="karl@example.org")
    people.block(other=person, by=ada, now=NOW)
    people.unblock(other=person, by=ada, now=NOW)
    assert tied(ada) == {person}
    assert Block.objects.count() == 1


# --- pages and API ----------
def test_the_page_shows_labels_and_says_the_same_of_whoever_is_here_or_not(ada, page_as):
    karl()
    browser, said = page_as(ada), {"name": "Karl Müller", "label": "K."}
    pages = []
    for address in ("karl@example.org", "niemand@example.org"):
        done = browser.post(reverse("accounts:keep_apart"), said | {"email": address}, follow=True)
        pages.append(done.content.decode().count("K.</strong>"))
    shown = browser.get(reverse("accounts:blocked")).content.decode()
    assert pages == [1, 2]
    assert not [word for word in ("Karl", "Müller", "example.org") if word in shown.replace(ada.email, "")]
    assert Block.objects.count() == 1


def test_a_wrong_form_says_where(ada, page_as):
    answer = page_as(ada).post(reverse("accounts:keep_apart"), {"name": "Karl"})
    assert answer.status_code == 400
    assert "Bitte geben Sie noch etwas an" in answer.content.decode()


def test_the_office_enters_and_takes_back_on_their_word_and_that_is_a_look(ada, cleo, page_as):
    browser, url = page_as(cleo), reverse("desk:keep_apart", args=[ada.pk])
    assert browser.post(url, {"name": "Karl", "born_on": "05.04.1980"}).status_code == 302
    assert "Person 1" in browser.get(url).content.decode()
    assert Look.objects.filter(person=ada, by=cleo).exists()
    row = KeepApart.objects.get(entered_by=cleo)
    assert browser.post(reverse("desk:keep_apart_take_back", args=[ada.pk, row.pk])).status_code == 302
    assert not KeepApart.objects.exists()


def test_the_api(ada, page_as):
    karl()
    door = Door(page_as(ada))
    made = door.post("keep-apart/", {"name": "Karl Müller", "phone": "0214 12345"})
    assert (door.status, set(made)) == (201, {"id", "label", "since"})
    assert [row["label"] for row in door.get("keep-apart/")["results"]] == ["Person 1"]
    assert door.get("blocks/")["results"] == []
    door.post("keep-apart/", {"name": "Karl"})
    assert door.status == 400


# --- the copy, and the end ----------
def test_the_copy_says_label_and_day_and_not_who_it_turned_out_to_be(ada):
    person = karl()
    enter(ada, email="karl@example.org")
    tables = {table["table"]: table["rows"] for table in copies.copy_of(ada, now=NOW)["tables"]}
    assert [set(row) for row in tables["accounts.KeepApart"]] == [{"label", "entered_by", "since"}]
    assert "accounts.Block" not in tables
    assert "accounts.KeepApart" not in str(copies.copy_of(person, now=NOW))
    office = {table["table"] for table in copies.copy_of(ada, now=NOW, for_office=True)["tables"]}
    assert "accounts.KeepApart" in office  # it reads the labels on the person's page, too


def test_erased_the_entry_goes_with_its_owner_and_waits_for_the_other(ada):
    person = karl()
    enter(ada, email="karl@example.org")
    erasing.erase_person(person=person, by=None, now=NOW)
    assert not Block.objects.exists()
    again = people.sign_up(quarter=a_quarter(), now=NOW, **KARL)
    assert tied(ada) == {again}
    erasing.erase_person(person=ada, by=None, now=NOW)
    assert not Block.objects.exists()
    assert not KeepApart.objects.exists()
