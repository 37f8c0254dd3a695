"""`manage.py import_addresses FILE --street COL --number COL (--x COL --y COL | --lat COL --lon COL) ...`."""

import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from places.actions.houses import BadTable, Columns, ImportedHouses, import_houses
from places.management.progress import progress

_SKIPPED = {
    "unknown_street": "ohne bekannte Straße",
    "no_number": "ohne Hausnummer",
    "bad_point": "ohne brauchbare Koordinate",
    "too_long": "mit zu langen Feldern",
}


def _crs(text: str) -> str:
    if text in ("utm32", "wgs84") or re.fullmatch(r"EPSG:\d{4,6}", text):
        return text
    raise ArgumentTypeError("utm32, wgs84 oder EPSG:Nummer")


class Command(BaseCommand):
    """The table of houses for the offline geocoder; safe to run twice."""

    help = "Hauskoordinaten aus einer CSV-Datei (auch .gz) anlegen oder erneuern"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--street", required=True, help="Spalte mit dem Straßennamen")
        parser.add_argument("--number", required=True, help="Spalte mit der Hausnummer")
        parser.add_argument("--suffix", default="", help="Spalte mit dem Zusatz zur Hausnummer")
        parser.add_argument("--x", default="", help="Spalte mit dem Ostwert")
        parser.add_argument("--y", default="", help="Spalte mit dem Nordwert")
        parser.add_argument("--lat", default="", help="Spalte mit der Breite (WGS84)")
        parser.add_argument("--lon", default="", help="Spalte mit der Länge (WGS84)")
        parser.add_argument("--crs", type=_crs, default="utm32", help="zu --x und --y: utm32, wgs84 oder EPSG:Nummer")
        parser.add_argument("--postcode", default="", help="Spalte mit der Postleitzahl")
        parser.add_argument("--city-column", default="", help="Spalte mit dem Ort")
        parser.add_argument("--city", default="", help="Ort für alle Zeilen ohne eigenen")
        parser.add_argument("--delimiter", default="", help="Trennzeichen; ohne Angabe aus der ersten Zeile erkannt")
        parser.add_argument("--dry-run", action="store_true", help="nur zählen, nichts speichern")

    def handle(self, *args: Any, **options: Any) -> None:
        columns, crs = _columns(options)
        try:
            with progress("Häuser", None) as count:
                done = import_houses(
                    options["file"],
                    columns=columns,
                    crs=crs,
                    city=options["city"],
                    delimiter=options["delimiter"].replace("\\t", "\t"),
                    dry_run=options["dry_run"],
                    advance=count,
                )
        except BadTable as bad:
            raise CommandError(bad.problem) from bad
        self._report(done, dry_run=options["dry_run"])

    def _report(self, done: ImportedHouses, *, dry_run: bool) -> None:
        for reason, words in _SKIPPED.items():
            if done.skipped[reason]:
                self.stdout.write(f"übersprungen: {done.skipped[reason]} {words}")
        self.stdout.write(
            f"Häuser: {done.read} Zeilen gelesen, {done.created} neu, {done.updated} geändert, "
            f"{done.unchanged} unverändert; {done.outside} außerhalb aller Quartiere; "
            f"{done.thin_cells} Zellen mit zu wenigen Häusern" + (" (Probelauf, nichts gespeichert)" if dry_run else "")
        )


def _columns(options: dict[str, Any]) -> tuple[Columns, str]:
    metres, degrees = (options["x"], options["y"]), (options["lon"], options["lat"])
    if all(metres) == all(degrees):
        raise CommandError("Bitte entweder --x und --y oder --lat und --lon angeben.")
    x, y = metres if all(metres) else degrees
    names = {name: options[name] for name in ("street", "number", "suffix", "postcode", "city_column")}
    return Columns(x=x, y=y, **names), options["crs"] if all(metres) else "wgs84"
