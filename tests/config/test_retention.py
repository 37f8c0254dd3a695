"""What was promised to go on a day is gone after that day, and nothing else is."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import AvailabilityException, User
from config.retention import kept_models, remove_expired
from core.models import Removed
from places.models import Place

TODAY = date(2026, 3, 10)


def due(person: User, day: date | None) -> User:
    person.delete_on = day
    person.save(update_fields=["delete_on"])
    return person


def test_every_model_with_personal_data_is_looked_through() -> None:
    labels = [model._meta.label for model in kept_models()]
    assert {"accounts.User", "matching.Match", "messaging.Message"} <= set(labels)


def test_yesterday_goes_today_and_never_stay(ada, ben, dora) -> None:
    due(ada, TODAY - timedelta(days=1))
    due(ben, TODAY)
    due(dora, None)
    assert remove_expired(today=TODAY)["accounts.User"] == 1
    assert set(User.objects.values_list("pk", flat=True)) == {ben.pk, dora.pk}


def test_a_second_run_finds_nothing(ada) -> None:
    due(ada, TODAY - timedelta(days=1))
    remove_expired(today=TODAY)
    assert sum(remove_expired(today=TODAY).values()) == 0


@pytest.mark.django_db
def test_a_dry_run_counts_and_removes_nothing(ada, capsys) -> None:
    User.objects.filter(pk=ada.pk).update(joined_at=timezone.now() - timedelta(days=800))
    call_command("retention", "--dry-run")
    assert "1  accounts.User" in capsys.readouterr().out
    assert User.objects.get(pk=ada.pk).delete_on is None  # not even the day is written


@pytest.mark.django_db
def test_a_dry_run_prints_what_the_run_after_it_removes(ada, ben, capsys) -> None:
    """Also what has no day of its own: a past absence, a place nobody lives at any more, checks of who stopped."""
    User.objects.filter(pk=ada.pk).update(joined_at=timezone.now() - timedelta(days=800))
    yesterday = timezone.localdate() - timedelta(days=1)
    AvailabilityException.objects.create(profile=ben.volunteer_profile, first_day=yesterday, last_day=yesterday)
    call_command("retention", "--dry-run")
    said = capsys.readouterr().out
    assert Place.objects.filter(pk=ada.place_id).exists()
    assert not Removed.objects.exists()
    call_command("retention")
    done = capsys.readouterr().out
    assert said.replace("would be removed", "removed") == done
    for table in ("accounts.User", "accounts.AvailabilityException", "places.Place"):
        assert f"1  {table}" in done
        assert Removed.objects.get(table=table).count == 1
