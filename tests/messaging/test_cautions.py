"""What looks like a fraud gets a kind sentence beside it; what two neighbours say every day does not."""

import time

import pytest

from messaging.cautions import TABLE, WORDS, card_is_right, cautions_in, iban_is_right

HITS = [
    ("bank", "Meine IBAN ist DE89 3704 0044 0532 0130 00"),
    ("bank", "Bitte hierhin: DE89370400440532013000"),
    ("bank", "de89 3704 0044 0532 0130 00 danke schön"),
    ("bank", "GB82 WEST 1234 5698 7654 32"),
    ("bank", "Geben Sie mir doch Ihre Kontonummer"),
    ("bank", "Ich brauche nur Ihre Bankverbindung"),
    ("bank", "Die Kartennummer steht vorne drauf"),
    ("bank", "4111 1111 1111 1111"),
    ("bank", "Could you give me your account number?"),
    ("bank", "Please send your bank details"),
    ("pin", "Wie ist denn Ihre PIN?"),
    ("pin", "Sie bekommen gleich eine TAN auf das Handy"),
    ("pin", "Die Geheimzahl brauche ich auch"),
    ("pin", "Sagen Sie mir Ihr Passwort"),
    ("pin", "Ich richte Ihnen das Online-Banking ein"),
    ("pin", "Just tell me your pin"),
    ("pin", "What is the password of your tablet?"),
    ("gift", "Kaufen Sie bitte drei Guthabenkarten"),
    ("gift", "Haben Sie eine Paysafecard?"),
    ("gift", "Eine Google Play Karte genügt"),
    ("gift", "Lesen Sie mir den Gutscheincode vor"),
    ("gift", "Please buy two gift cards"),
    ("gift", "I only need the voucher code"),
    ("loan", "Können Sie mir Geld leihen?"),
    ("loan", "Könnten Sie mir 200 Euro leihen"),
    ("loan", "Leihen Sie mir bitte etwas Geld"),
    ("loan", "Ich habe ihm schon Geld geliehen"),
    ("loan", "Überweisen Sie mir einfach 50 €"),
    ("loan", "Ich muss einen Kredit abbezahlen"),
    ("loan", "Could you lend me some money"),
    ("loan", "Please send me 300 pounds"),
    ("loan", "May I borrow 50 dollars until Friday"),
    ("messenger", "Schreiben Sie mir lieber auf WhatsApp"),
    ("messenger", "Haben Sie Telegram?"),
    ("messenger", "Wir können über Signal schreiben"),
    ("messenger", "Melden Sie sich bei Instagram"),
    ("messenger", "Let's switch to Signal"),
    ("messenger", "Find me on Facebook"),
    ("secret", "Bitte erzählen Sie das niemandem"),
    ("secret", "Das bleibt unter uns"),
    ("secret", "Please don't tell anyone"),
    ("secret", "Tell nobody about this"),
]
HARMLESS = [
    "Guten Tag, passt Ihnen Dienstag um zehn?",
    "Ich lege das Geld für den Einkauf aus, Sie geben es mir dann wieder.",
    "Der Einkauf hat 23,40 Euro gekostet.",
    "Das Wechselgeld lege ich auf den Küchentisch.",
    "Ich war gerade bei der Bank im Park und habe Enten gefüttert.",
    "Kann ich mir Ihr Buch leihen?",
    "Die Leiter leihe ich mir vom Nachbarn.",
    "Ich bringe Ihnen das geliehene Buch zurück.",
    "Meine Telefonnummer ist 0214 123456.",
    "Sie erreichen mich unter +49 171 2345678.",
    "Am 03.03.2026 um 14:30 Uhr",
    "Hausnummer 12, dritter Stock, bei Schmidt",
    "Die Pinnwand hängt im Treff.",
    "Ich pinne den Zettel an die Tür.",
    "Im Treff tanzen wir am Samstag Tango.",
    "Die Tante kommt auch mit.",
    "Das ist ein gutes Signal für den Frühling.",
    "Die Karten für das Konzert habe ich geholt.",
    "Wir spielen heute Karten.",
    "Bringen Sie bitte die Gesundheitskarte mit.",
    "Ich habe einen Gutschein für den Blumenladen bekommen.",
    "Das Rezept liegt in der Apotheke.",
    "Niemand hat heute angerufen.",
    "Ich sage Ihnen morgen Bescheid.",
    "Mein Enkel studiert Kryptologie in Aachen, sagt er. Nein, Biologie.".replace("Kryptologie", "Geologie"),
    "Der Schlüssel liegt bei Frau Weber.",
    "Können Sie mir die Zeitung mitbringen?",
    "Die Sparkasse hat heute geschlossen.",
    "Auf dem Konto der Kirchengemeinde war ein Fest angekündigt.",
    "Bestellnummer 1234567890123",
    "Ihre Sendung 00340434161094042557 kommt morgen.",
    "See you on Tuesday at ten.",
    "The shopping was 23 euros, I left the change on the table.",
    "May I borrow your ladder?",
    "I will pin the note to your door.",
    "She got a nice tan in Spain.",
    "Please ring twice, the bell is weak.",
    "I will lend you the book tomorrow.",
    "Could you send me the address of the doctor?",
    "The traffic signal was broken.",
    "Nobody answered the phone.",
    "My grandson moved to Bonn.",
]


@pytest.mark.parametrize(("kind", "text"), HITS)
def test_this_gets_a_warning(kind, text):
    assert kind in cautions_in(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_this_is_what_neighbours_say(text):
    assert cautions_in(text) == []


def test_a_wrong_digit_is_no_account():
    assert iban_is_right("DE89 3704 0044 0532 0130 00")
    assert not iban_is_right("DE89 3704 0044 0532 0130 01")
    assert card_is_right("4111111111111111")
    assert not card_is_right("4111111111111112")


def test_one_message_may_hold_several_dangers():
    assert cautions_in("Überweisen Sie 50 Euro, IBAN DE89370400440532013000, und sagen Sie es niemandem") == [
        "bank",
        "loan",
        "secret",
    ]


def test_every_kind_has_its_sentence():
    assert all(str(WORDS[caution.kind]) for caution in TABLE)


@pytest.mark.parametrize("text", ["1 " * 2000, "geld " * 800, "aa11 " * 800, "sag " * 1000, "leihen " * 570])
def test_the_longest_message_takes_no_time(text):
    began = time.perf_counter()
    cautions_in(text[:4000])
    assert time.perf_counter() - began < 0.5
