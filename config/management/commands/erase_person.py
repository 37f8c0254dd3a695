"""Erase one person on their wish, by key or by e-mail address; without --yes it only says what would go."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.data_protection.declared import personal
from config.data_protection.erasing import erase_person, left_of, what_stays
from config.management.people import the_person


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("person", help="key or e-mail address")
        parser.add_argument("--yes", action="store_true", help="do it; it cannot be taken back")

    def handle(self, *, person: str, yes: bool, **options) -> None:
        found = the_person(person)
        counts = (
            erase_person(person=found, by=None, now=timezone.now()).removed if yes else left_of(found.pk, personal())
        )
        for label, count in sorted(counts.items()):
            self.stdout.write(f"{count:6d}  {label}")
        for label, said in what_stays():
            self.stdout.write(f" stays  {label}: {said}")
        self.stdout.write(f"{sum(counts.values()):6d}  {'erased' if yes else 'would be erased; add --yes'}")
