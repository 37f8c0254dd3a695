"""Who was named as a trusted person says yes themselves; before that the row gives no right and tells nothing."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from accounts import roles
from accounts.actions import trust
from accounts.models import TrustedPerson, User
from core.errors import NotVisible
from matching import arranging, asking
from matching.models import Appointment, CheckIn, HelpRequest, Match
from matching.trust import Acting
from tests import people

pytestmark = pytest.mark.django_db
NOW = people.NOW


@pytest.fixture
def named(ada, dora) -> TrustedPerson:
    """Ada named Dora, who has not answered."""
    return trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Dora", email=dora.email)


def rights(person: User, ada: User, match: Match) -> dict[str, bool]:
    """Every door that a trust opens, and whether this person passes."""
    visits, checks = Appointment.objects.of(person), CheckIn.objects.answered_by(person)
    return {
        "acts for": roles.acts_for(person, ada),
        "asks for": ada in roles.residents_of(person),
        "chooses for whom": ada in asking.trusting(person),
        "sees the request": HelpRequest.objects.visible_to(person).exists(),
        "sees the match": Match.objects.visible_to(person).exists(),
        "sees the visit": visits.exists(),
        "answers after it": checks.exists(),
        "speaks for her side": ada.pk in arranging._side(match, person),
        "is said to have acted": Acting(ada).was_trusted(person, timezone.now()),
    }


@pytest.fixture
def match(ada, ben) -> Match:
    match = people.a_match(people.a_request(ada), ben, state="confirmed")
    start = timezone.now() + timedelta(days=1)
    Appointment.objects.create(match=match, start=start, end=start + timedelta(hours=1), proposed_by=ben)
    CheckIn.objects.create(match=match, person=ada, visit=1)
    return match


def test_before_the_yes_nothing_opens_and_after_it_all(named, ada, dora, match):
    assert not any(rights(dora, ada, match).values())
    trust.agree_to_act(trust_id=named.pk, by=dora, now=NOW)
    assert all(rights(dora, ada, match).values())


def test_who_has_not_answered_is_not_on_her_side(named, ada, dora, match):
    assert dora.pk not in arranging._side(match, ada)


def test_a_draft_of_a_worker_who_was_named_stays_the_offices(ada, cleo):
    trust.name_trusted_person(resident_id=ada.pk, by=ada, now=NOW, name="Cleo", email=cleo.email)
    draft = people.a_request(ada, state="draft", open_since=None, entered_by=cleo)
    assert list(HelpRequest.objects.visible_to(cleo)) == [draft]


def test_twice_yes_is_once(named, dora):
    trust.agree_to_act(trust_id=named.pk, by=dora, now=NOW)
    assert trust.agree_to_act(trust_id=named.pk, by=dora, now=NOW + timedelta(days=1)).agreed_at == NOW


@pytest.mark.parametrize("who", ["ada", "ben", "cleo"])
def test_nobody_else_says_yes_for_them(who, named, request):
    with pytest.raises(NotVisible):
        trust.agree_to_act(trust_id=named.pk, by=request.getfixturevalue(who), now=NOW)


def test_after_the_end_there_is_nothing_to_agree_to(named, ada, dora):
    trust.revoke_trusted_person(trust_id=named.pk, by=ada, now=NOW)
    with pytest.raises(NotVisible):
        trust.agree_to_act(trust_id=named.pk, by=dora, now=NOW)


# --- the pages ----------
@pytest.mark.parametrize("page", ["home", "accounts:profile"])
def test_the_question_stands_on_ones_own_page(page, named, dora, page_as):
    said = page_as(dora).get(reverse(page)).content.decode()
    assert "Ada Abend möchte, dass Sie für sie oder ihn handeln dürfen" in said
    assert "Ich handle für" not in said


def test_yes_with_one_tap(named, ada, dora, page_as):
    client = page_as(dora)
    client.post(reverse("accounts:agree", args=[named.pk]))
    assert roles.acts_for(dora, ada)
    assert "möchte, dass Sie" not in client.get(reverse("home")).content.decode()
    assert "Ich handle für" in client.get(reverse("accounts:profile")).content.decode()


def test_no_with_one_tap(named, ada, dora, page_as):
    client = page_as(dora)
    client.post(reverse("accounts:untrust", args=[named.pk]))
    assert not roles.acts_for(dora, ada)
    assert "möchte, dass Sie" not in client.get(reverse("home")).content.decode()


def test_the_resident_sees_that_the_yes_is_missing(named, ada, dora, page_as):
    client = page_as(ada)
    assert "hat noch nicht Ja gesagt" in client.get(reverse("accounts:profile")).content.decode()
    trust.agree_to_act(trust_id=named.pk, by=dora, now=NOW)
    assert "hat noch nicht Ja gesagt" not in client.get(reverse("accounts:profile")).content.decode()


def test_the_desk_shows_no_number_and_no_role_before_the_yes(named, ada, dora, cleo, page_as):
    User.objects.filter(pk=dora.pk).update(phone="+491715550188")
    desk = page_as(cleo)
    hers, own = (reverse("desk:person", args=[one.pk]) for one in (ada, dora))
    page = desk.get(hers).content.decode()
    assert "hat noch nicht Ja gesagt" in page
    assert "5550188" not in page
    assert "Vertrauensperson" not in desk.get(own).context["roles"]
    trust.agree_to_act(trust_id=named.pk, by=dora, now=NOW)
    assert "5550188" in desk.get(hers).content.decode()
    assert "Vertrauensperson" in desk.get(own).context["roles"]


def test_who_was_named_before_counts_as_agreed(ada, dora):
    row = TrustedPerson.objects.create(resident=ada, person=dora, since=NOW)
    import_module("accounts.migrations.0016_who_acts_has_agreed").agree(apps, None)
    row.refresh_from_db()
    assert row.agreed_at == NOW
