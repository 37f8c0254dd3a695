"""The first text of the pledge; a city writes its own by a new version."""

BUILT_IN = {
    "text_de": (
        "Was ich bei meiner Hilfe höre und sehe, erzähle ich niemandem weiter.\n"
        "Das gilt auch, wenn ich nicht mehr helfe.\n"
        "Ich nehme kein Geld und keine Geschenke von Wert an.\n"
        "Bankkarten, Geheimzahlen und Vollmachten fasse ich nicht an.\n"
        "Adresse und Telefonnummer benutze ich nur für die Hilfe. Danach lösche ich sie.\n"
        "Wenn mir etwas Sorgen macht, sage ich es dem Quartiersbüro."
    ),
    "text_en": (
        "What I hear and see while I help stays with me. This still holds when I no longer help.\n"
        "I accept no money and no presents of value. I do not touch bank cards, PINs or powers of attorney.\n"
        "I use address and phone number for the help only, and delete them afterwards.\n"
        "If something worries me, I tell the quarter office."
    ),
}
