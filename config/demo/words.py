"""What the people of the demo city ask for and write to each other."""

# skill -> (description, minutes)
WISHES: dict[str, tuple[tuple[str, int], ...]] = {
    "einkaufen": (
        ("Ein kleiner Wocheneinkauf, zwei Taschen. Den Zettel schreibe ich vorher.", 60),
        ("Bitte zusammen in den Laden gehen, allein ist es mir zu weit.", 90),
    ),
    "spazieren": (
        ("Eine Runde um den Block mit dem Rollator, gern mit Bank am Weg.", 60),
        ("Ich möchte wieder öfter vor die Tür. Zu zweit macht es mehr Freude.", 60),
    ),
    "arzt": (("Mit dem Bus zum Termin und wieder zurück, im Wartezimmer sitzen wir zusammen.", 150),),
    "besuch": (
        ("Kaffee trinken und erzählen. Kuchen habe ich.", 90),
        ("Seit mein Mann nicht mehr da ist, sind die Nachmittage lang.", 90),
    ),
    "handy": (("Bilder von den Enkeln ansehen und selbst eines verschicken.", 60), ("Das neue Handy einrichten.", 90)),
    "anruf": (("Ein kurzer Anruf am Vormittag, ob alles in Ordnung ist.", 15),),
    "botengang": (("Ein Päckchen zur Post bringen.", 30), ("Einen Brief im Bürgerbüro abgeben.", 45)),
    "plaudern": (("Am Telefon ein wenig erzählen, gern über Gärten.", 45),),
    "garten": (("Den Balkon für den Winter richten: Töpfe herein, Kästen leeren.", 90), ("Laub harken.", 60)),
    "tragen": (("Zwei Kisten Wasser in den dritten Stock.", 30), ("Einen Sessel in das andere Zimmer stellen.", 45)),
    "formulare": (("Einen Antrag zusammen lesen und ausfüllen.", 60),),
    "apotheke": (("Rezept abgeben und die Tüte mitbringen.", 45),),
    "vorlesen": (("Die Zeitung vorlesen, meine Augen wollen nicht mehr.", 60),),
    "hund": (("Mit Waldi eine Stunde hinaus, er ist brav.", 60),),
    "computer": (("Der Drucker druckt nicht, und ich weiß nicht warum.", 60),),
    "fahren": (("Zum Augenarzt und zurück, ich kann selbst einsteigen.", 120),),
    "spielen": (("Skat oder Rommé, gern jede Woche.", 120),),
    "reparieren": (("Ein Regal an die Wand, die Schrauben sind da.", 60),),
    "deutsch": (("Ich lerne Deutsch und möchte sprechen üben.", 60),),
    "muell": (("Die Tonnen am Abend an die Straße stellen.", 15),),
    "kochen": (("Zusammen einen Eintopf kochen und essen.", 120),),
    "haushalt-klein": (("Vorhänge abnehmen und wieder aufhängen.", 90),),
    "post-lesen": (("Den Stapel Post einmal durchsehen.", 60),),
    "nachhilfe": (("Mathe, 7. Klasse, Bruchrechnen.", 60),),
    "paket": (("Ein Paket aus dem Laden an der Ecke holen.", 30),),
    "ausflug": (("Zum Konzert im Gemeindesaal und danach nach Hause.", 150),),
    "musik": (("Zusammen singen, ein Klavier ist da.", 60),),
    "uebersetzen": (("Ein Gespräch in der Schule übersetzen.", 60),),
    "kinder-spielen": (("Zwei Stunden mit den Kindern auf den Spielplatz.", 120),),
    "haustier": (("Die Katze füttern, während ich in der Klinik bin.", 30),),
}

# who writes (r: resident, v: volunteer), what; {slot} and {weekday}: the next time, in words
TALKS = (
    (
        ("v", "Guten Tag, ich bin Ihre Hilfe aus der Nachbarschaft. Passt Ihnen {slot}?"),
        ("r", "Ja, das passt gut. Bitte klingeln Sie zweimal."),
        ("v", "Mache ich. Soll ich etwas mitbringen?"),
        ("r", "Nein, danke. Ich freue mich."),
    ),
    (
        ("r", "Schön, dass Sie Zeit haben."),
        ("v", "Gern. Ich komme {slot}. Ist das in Ordnung?"),
        ("r", "Ja, sehr gern."),
        ("v", "Dann bis dahin."),
        ("r", "Vielen Dank noch einmal, das hat mir sehr geholfen."),
    ),
    (
        ("v", "Hallo, ich wohne nicht weit und könnte {slot} da sein."),
        ("r", "Das ist etwas früh für mich. Geht es eine halbe Stunde später?"),
        ("v", "Ja, kein Problem."),
        ("r", "Danke, dann bis bald."),
    ),
    (
        ("v", "Guten Morgen, das Büro hat uns zusammengebracht. Haben Sie {slot} Zeit?"),
        ("r", "Da bin ich zu Hause."),
        ("v", "Gut. Das Erkennungswort habe ich."),
        ("r", "Ich auch. Bis dann."),
        ("v", "Bis dann."),
    ),
)
BEFORE_THE_VISIT = (TALKS[0], TALKS[2], TALKS[3])  # nobody gives thanks yet
REGULAR = (
    ("v", "Guten Morgen, bleibt es diese Woche dabei?"),
    ("r", "Ja, gern wie immer."),
    ("v", "Ich verspäte mich um zehn Minuten, der Bus."),
    ("r", "Das macht nichts, der Kaffee bleibt warm."),
    ("v", "Danke für den schönen Nachmittag."),
    ("r", "Ich danke Ihnen. Bis nächste Woche."),
)
ERNA_AND_JONAS = (
    ("v", "Guten Tag, Frau Beispiel. Ich bin Jonas und gehe gern für Sie einkaufen."),
    ("r", "Guten Tag. Das ist sehr nett. {weekday} wäre mir recht."),
    ("v", "{weekday} passt gut. Den Zettel hole ich vorher ab?"),
    ("r", "Ja, bitte. Ich wohne im zweiten Stock links."),
    ("v", "Heute gab es Ihre Birnen nicht, ich habe Äpfel genommen. War das recht?"),
    ("r", "Äpfel sind wunderbar. Der Beleg und das Geld stimmen genau."),
    ("v", "Schön. Dann bis nächste Woche."),
    ("r", "Kommen Sie am {weekday} ein wenig später? Am Vormittag kommt die Fußpflege."),
    ("v", "Gern. Ist Ihnen 11 Uhr recht?"),
    ("r", "Ja. Und könnten Sie diesmal zwei Liter Milch mitbringen?"),
)
DECLINED = ("Diese Woche schaffe ich es nicht.", "Das ist mir leider zu weit.", "")
ENDED = ("umgezogen", "keine Zeit mehr", "Krankenhaus", "es passte nicht")
REJECTED = ("kennen sich und möchten nicht", "braucht jemanden mit mehr Erfahrung")

FOLLOW_UPS = (
    ("Fragen, ob das neue Hausnotrufgerät da ist", 0),
    ("Nach dem ersten Besuch anrufen", 0),
    ("Zum Frühstück im Treff einladen", 4),
)
