"""What the volunteers of the demo city offer, how much of it, and when."""

NEEDS = ["none", "talk", "pledge", "identity", "certificate"]
# most wished first: the first is offered about ten times as often as the last
COMMON = (
    "einkaufen", "spazieren", "arzt", "besuch", "handy", "anruf", "botengang", "plaudern", "garten", "tragen",
    "formulare", "apotheke", "vorlesen", "hund", "computer", "fahren", "spielen", "reparieren", "deutsch", "muell",
    "kochen", "haushalt-klein", "post-lesen", "nachhilfe", "paket", "ausflug", "musik", "uebersetzen",
    "kinder-spielen", "haustier",
)  # fmt: skip
HOURS = [(1, 20), (2, 33), (3, 14), (4, 7), (5, 6), (6, 12), (8, 8)]  # a week -> share, after the Freiwilligensurvey
DAYS = {
    "mornings": [(day, 8 * 60, 12 * 60 + 30) for day in range(5)],
    "afternoons": [(day, 13 * 60, 18 * 60) for day in range(5)],
    "evenings": [(day, 17 * 60, 20 * 60 + 30) for day in range(4)] + [(5, 10 * 60, 16 * 60)],
    "weekend": [(5, 9 * 60, 18 * 60), (6, 10 * 60, 17 * 60)],
    "two days": [(1, 9 * 60, 17 * 60), (3, 9 * 60, 17 * 60)],
    "all week": [(day, 9 * 60, 18 * 60) for day in range(6)],
}
