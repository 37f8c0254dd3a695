"""`manage.py load_skills`: write the skills of accounts/data/skills.json."""

from django.core.management.base import BaseCommand

from accounts.actions.skills import load_skills


class Command(BaseCommand):
    help = "Loads the everyday skills; safe to run twice (every `migrate` does it, too)."

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{load_skills()} skills")
