"""The clock's jobs do their work and may run twice."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from config import jobs


def test_every_job_runs_twice_without_trouble(db) -> None:
    for job in (jobs.expire_what_waited_too_long, jobs.ask_the_next, jobs.remove_what_is_over, jobs.clear_old_sessions):
        job.call_local()
        job.call_local()


def test_what_is_over_is_removed(ada) -> None:
    ada.joined_at = timezone.now() - timedelta(days=800)
    ada.save(update_fields=["joined_at"])
    jobs.remove_what_is_over.call_local()
    assert not User.objects.filter(pk=ada.pk).exists()
