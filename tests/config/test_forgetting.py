"""People are forgotten two years after anything last happened with them, and not a day earlier."""

from datetime import timedelta

import pytest
from django.apps import apps

from accounts.models import User
from config.forgetting import KEPT_AFTER_LAST_USE, remove_homeless_places, schedule_people
from config.retention import remove_expired
from core.privacy import Privacy
from places.models import ExactAddress, Place
from tests.people import NOW, TODAY, a_match, a_request

OURS = {"core", "places", "accounts", "matching", "messaging", "config"}
END = TODAY + KEPT_AFTER_LAST_USE


@pytest.fixture(autouse=True)
def joined_long_ago(request):
    if "ada" in request.fixturenames:
        request.getfixturevalue("ada")
        request.getfixturevalue("ben")
        User.objects.update(joined_at=NOW - timedelta(days=900), last_login=None)


def test_every_model_of_ours_says_whose_data_it_holds_and_until_when():
    silent = [m._meta.label for m in apps.get_models() if m._meta.app_label in OURS and not _says(m)]
    assert silent == []


def _says(model) -> bool:
    if model._meta.auto_created:
        return True
    privacy = model.__dict__.get("privacy")
    return isinstance(privacy, Privacy) and bool(privacy.owner and privacy.reason and privacy.until)


def test_a_login_a_request_or_a_match_moves_the_day(ada, ben, dora):
    User.objects.filter(pk=dora.pk).update(joined_at=NOW - timedelta(days=900), last_login=NOW)
    a_match(a_request(ada, state="done", created_at=NOW), ben, state="completed")
    schedule_people()
    assert set(User.objects.values_list("delete_on", flat=True)) == {END}


@pytest.mark.parametrize("state", ["open", "filled"])
def test_nobody_goes_while_something_is_under_way(state, ada, ben):
    a_match(a_request(ada, state=state, created_at=NOW - timedelta(days=800)), ben, state="confirmed")
    schedule_people()
    assert not User.objects.exclude(delete_on=None).exists()


def test_a_worker_stays_while_in_office(ada, ben, cleo):
    schedule_people()
    assert User.objects.get(pk=cleo.pk).delete_on is None
    assert User.objects.get(pk=ada.pk).delete_on < TODAY


def test_whoever_was_not_seen_for_two_years_leaves_with_their_address(ada, ben):
    assert schedule_people() == 2
    assert schedule_people() == 0
    removed = remove_expired(today=TODAY)
    assert removed["accounts.User"] == 2
    assert remove_homeless_places() == 2
    assert (User.objects.count(), Place.objects.count(), ExactAddress.objects.count()) == (0, 0, 0)


def test_the_place_of_a_request_stays_as_long_as_the_request(ada, ben):
    a_request(ada)
    ada.place = None
    ada.save(update_fields=["place"])
    assert remove_homeless_places() == 0
