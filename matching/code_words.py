"""
The code word of a match: two plain German words, said at the door by the helper and known to nobody else.

Both lists are our own. No word insults, mourns, threatens or sounds like another of its list, and none of the pairs
reads as one word that would: keep it so when you add one. Each word is easy to say and to hear on the telephone.
"""

import secrets
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from matching.models import Match

LIVING = (
    "Ahorn", "Amsel", "Apfel", "Biene", "Birke", "Dahlie", "Distel", "Falke", "Flieder", "Forelle", "Ginster", "Hafer",
    "Hasel", "Igel", "Jasmin", "Kamille", "Kastanie", "Kirsche", "Klee", "Kranich", "Lachs", "Lavendel", "Linde",
    "Luchs", "Malve", "Minze", "Möwe", "Nelke", "Olive", "Orchidee", "Otter", "Pappel", "Quitte", "Reiher", "Salbei",
    "Schwalbe", "Sperling", "Storch", "Tanne", "Thymian", "Tulpe", "Ulme", "Veilchen", "Wacholder", "Walnuss",
    "Zaunkönig", "Zeder", "Zimt",
)  # fmt: skip
THINGS = (
    "Anker", "Becher", "Brunnen", "Brücke", "Bucht", "Drachen", "Faden", "Fahrrad", "Fenster", "Flöte", "Garten",
    "Geige", "Glocke", "Hafen", "Hügel", "Insel", "Kanne", "Kissen", "Klavier", "Knopf", "Koffer", "Kompass", "Krone",
    "Laterne", "Leuchtturm", "Löffel", "Mantel", "Mühle", "Murmel", "Pinsel", "Regenbogen", "Schal", "Schaukel",
    "Schlitten", "Segel", "Sessel", "Sofa", "Spiegel", "Stiefel", "Tasse", "Teppich", "Tisch", "Trompete", "Wiese",
    "Wolke", "Würfel", "Zelt", "Ziegel",
)  # fmt: skip


def fresh_word(*, resident_id: UUID, volunteer_id: UUID) -> str:
    """Two words that neither of the two had in any pairing before, e.g. "Amsel Brücke"."""
    either = Q(resident__in=[resident_id, volunteer_id]) | Q(volunteer__in=[resident_id, volunteer_id])
    return _draw(set(Match.objects.filter(either).exclude(code_word="").values_list("code_word", flat=True)))


def _draw(used: Collection[str]) -> str:
    every = [word for one in LIVING for other in THINGS if (word := f"{one} {other}") not in used]
    return secrets.choice(every or [f"{LIVING[0]} {THINGS[0]}"])
