"""The register of processing as a table in Markdown, read from what the models declare (the desk prints the same)."""

from django.core.management.base import BaseCommand
from django.utils.translation import override

from config.data_protection.register import rows


class Command(BaseCommand):
    help = __doc__

    def handle(self, **options) -> None:
        with override("de"):
            self.stdout.write("| Daten | Wessen | Klasse | Wozu | Wie lange |\n| --- | --- | --- | --- | --- |")
            for row in rows():
                cells = (row[name] for name in ("table", "owner", "class", "reason", "until"))
                self.stdout.write(f"| {' | '.join(cells)} |")
