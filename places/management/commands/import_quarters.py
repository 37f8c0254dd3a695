"""`manage.py import_quarters FILE.geojson --name-property NAME [--neighbours] [--dry-run]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from places.actions.quarters import BadFile, Imported, import_quarters, read_outlines
from places.management.progress import progress


class Command(BaseCommand):
    """Quarters from any city's boundary file; safe to run twice."""

    help = "Quartiere aus einer GeoJSON-Datei anlegen oder erneuern (WGS84, Polygon oder MultiPolygon)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--name-property", required=True, help="Eigenschaft mit dem Namen, z. B. name")
        parser.add_argument("--neighbours", action="store_true", help="Nachbarn aus gemeinsamen Grenzen bilden")
        parser.add_argument("--dry-run", action="store_true", help="nur zählen, nichts speichern")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outlines = read_outlines(options["file"], name_property=options["name_property"])
        except BadFile as bad:
            raise CommandError("\n".join(bad.problems)) from bad
        with progress("Quartiere", len(outlines)) as count:
            done = import_quarters(
                outlines,
                with_borders=options["neighbours"],
                dry_run=options["dry_run"],
                advance=lambda: count(1),
            )
        self._report(done, dry_run=options["dry_run"])

    def _report(self, done: Imported, *, dry_run: bool) -> None:
        for sentence in done.mended:
            self.stdout.write(sentence)
        self.stdout.write(
            f"Quartiere: {done.created} neu, {done.updated} geändert, {done.unchanged} unverändert; "
            f"gemeinsame Grenzen: {done.borders}; Häuser neu zugeordnet: {done.houses}"
            + (" (Probelauf, nichts gespeichert)" if dry_run else "")
        )
