"""The copy of one person's data as JSON on standard output: who it is, by key or by e-mail address."""

import json

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.data_protection.copies import copy_of
from config.management.people import the_person


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser) -> None:
        parser.add_argument("person", help="key or e-mail address")

    def handle(self, *, person: str, **options) -> None:
        self.stdout.write(json.dumps(copy_of(the_person(person), now=timezone.now()), ensure_ascii=False, indent=2))
