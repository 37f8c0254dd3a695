"""Names nobody bears: everyday first names, surnames put together from things."""

import random

WOMEN = (
    "Anneliese", "Brigitte", "Christa", "Doris", "Edith", "Frieda", "Gerda", "Hannelore", "Ilse", "Jutta", "Käthe",
    "Liesel", "Margot", "Nadja", "Olga", "Petra", "Renate", "Sabine", "Trude", "Ursula", "Waltraud", "Aylin",
    "Fatma", "Zeynep", "Amira", "Oksana", "Ewa", "Chiara", "Leonie", "Mia", "Nele", "Sofia",
)  # fmt: skip
MEN = (
    "Alfred", "Bernd", "Dieter", "Egon", "Friedhelm", "Günther", "Heinz", "Ingo", "Jürgen", "Klaus", "Lothar",
    "Manfred", "Norbert", "Otto", "Paul", "Rolf", "Siegfried", "Theo", "Udo", "Werner", "Emre", "Murat", "Yusuf",
    "Karim", "Andrij", "Piotr", "Luca", "Ben", "Finn", "Leon", "Tim", "Milo",
)  # fmt: skip
_THINGS = (
    "Butter", "Honig", "Kiesel", "Laternen", "Mond", "Nebel", "Pflaumen", "Regen", "Silber", "Wolken", "Zimt",
    "Apfel", "Brunnen", "Faden", "Garten", "Hummel", "Kornblumen", "Lampen", "Mandel", "Puder", "Quitten", "Samt",
    "Tinten",
)  # fmt: skip
_MORE_THINGS = (
    "blatt", "feder", "glanz", "hut", "korb", "krug", "licht", "löffel", "pfad", "schuh", "stein", "tasse", "wiese",
    "zaun", "zweig",
)  # fmt: skip

LANGUAGES = (("tr", 30), ("en", 25), ("ru", 14), ("pl", 12), ("ar", 10), ("uk", 6), ("it", 6), ("fa", 3), ("es", 4))

ABOUT = (
    "Ich wohne seit vielen Jahren hier und kenne jede Abkürzung.",
    "Nach der Arbeit habe ich Zeit und bin gern draußen.",
    "Ich bin frisch in Rente und möchte etwas Sinnvolles tun.",
    "Ich studiere noch und kann am Nachmittag gut helfen.",
    "Ich höre gern zu und habe immer einen Witz dabei.",
    "Mit Technik kenne ich mich aus und erkläre sie in Ruhe.",
    "Ich habe ein Auto und Geduld.",
    "Meine Kinder sind groß, nun habe ich wieder Zeit.",
    "Ich koche gern und probiere gern Neues.",
    "Ich bin neu im Viertel und möchte Leute kennenlernen.",
    "",
)


def surnames(dice: random.Random) -> list[str]:
    """All surnames, each once, in an order of the dice."""
    found = [first + second for first in _THINGS for second in _MORE_THINGS]
    dice.shuffle(found)
    return found
