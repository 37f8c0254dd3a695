"""Look for pairs now, as the clock does every night: each quarter where an open request lacks somebody."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from matching import planner
from matching.actions.rounds import quarters_lacking, run_round
from matching.models import Round
from places.models import Quarter


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("--quarter", metavar="SLUG", help="this quarter only")
        parser.add_argument("--dry-run", action="store_true", help="count only, propose nobody")

    def handle(self, *, quarter: str | None, dry_run: bool, **options) -> None:
        if quarter and not Quarter.objects.filter(slug=quarter).exists():
            raise CommandError(f"There is no quarter {quarter}.")
        rows = quarters_lacking()
        total = 0
        for one in rows.filter(slug=quarter) if quarter else rows:
            count = _counted_only(one) if dry_run else _done(one)
            total += count
            self.stdout.write(f"{count:6d}  {one.slug}")
        self.stdout.write(f"{total:6d}  {'would be proposed' if dry_run else 'proposed'}")


def _done(quarter: Quarter) -> int:
    return run_round(quarter=quarter, by=None, now=timezone.now(), kind=Round.Kind.NIGHT).proposed


def _counted_only(quarter: Quarter) -> int:
    """A dry run leaves no trace, not even a round."""
    return planner.plan([quarter], now=timezone.now(), explain=False).filled
