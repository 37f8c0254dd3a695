"""Every sheet the house prints, from invented facts, in the active language."""

from datetime import UTC, date, datetime
from io import BytesIO

from pypdf import PdfReader

from matching.paper import forms, letters, press
from matching.paper.badge import BadgeFacts, badge
from matching.paper.door_card import Door, door_card
from matching.paper.month import MonthVisit, month_sheet
from matching.paper.office import Office
from matching.paper.poster import poster
from matching.paper.press import Sheet

OFFICE = Office(
    "Quartiersbüro Lindenhof", "Beispielträger e. V.", "Lindenstraße 12, 51300 Musterstadt", "0214 000000", "Mo-Fr 9-16"
)
POINTS_PER_MM = 72 / 25.4
TODAY = date(2026, 3, 3)
NEWS = letters.News(
    kinds="Einkaufen",
    other="Büşra",
    when="Mittwoch, 4. März, 10 bis 11 Uhr",
    before="Dienstag, 3. März, 9 bis 10 Uhr",
    place="zu Hause",
    length="1 Stunde",
    word="Schwalbe Regenbogen",
    until="Donnerstag, 5. März",
    since="Montag, 2. März",
    checked=("Gespräch geführt", "Ausweis gesehen"),
)


def a_letter(one: letters.Letter, *, name: str = "Ada Abend", news: letters.News = NEWS) -> Sheet:
    recipient = [name, "Lindenstraße 1", "51300 Musterstadt"]
    return letters.letter(one.says(news), OFFICE, name=name, recipient=recipient, today=TODAY, signed="Cleo Czerny")


def a_month(visits: int = 3, *, helper: str = "Ben Bogen") -> Sheet:
    rows = [
        MonthVisit(
            datetime(2026, 2, 1 + day % 28, 9, tzinfo=UTC),
            datetime(2026, 2, 1 + day % 28, 10, 30, tzinfo=UTC),
            90,
            "Einkaufen",
            helper,
            day % 2,
        )
        for day in range(visits)
    ]
    return month_sheet(rows, OFFICE, quarter="Lindenhof", month=date(2026, 2, 1), today=TODAY)


def a_door(who: str = "Büşra", word: str = "Schwalbe Regenbogen", times: int = 3) -> Sheet:
    said = ["Donnerstag, 31. Dezember, 14:30 bis 15:45 Uhr"] * times
    return door_card(
        Door(who, "Einkaufen und Begleiten zum Arzt", said, "zu Hause", word, "482 913", "Kim Jung"), OFFICE
    )


def every_sheet(name: str = "Büşra") -> dict[str, Sheet]:
    made = {
        "door": a_door(name),
        "badge": badge(BadgeFacts(name, "482 913", "https://hilfe.example/ausweis/ABC/", TODAY), OFFICE),
        "poster": poster(OFFICE, quarter="Lindenhof"),
        "month": a_month(helper=name),
        "pledge": forms.pledge(OFFICE, name=name, lines=["Ich erzähle nichts weiter."] * 8, number=3),
        "consent": forms.parents_consent(OFFICE, name=name, lines=["Höchstens zwei Stunden am Tag."] * 6),
    }
    news = letters.News(**{**NEWS.__dict__, "other": name})
    return made | {f"{one.key}-{one.to}": a_letter(one, name=name, news=news) for one in letters.LETTERS}


def opened(sheet: Sheet) -> PdfReader:
    return PdfReader(BytesIO(press.as_pdf(sheet)))


def text_of(sheet: Sheet) -> str:
    return "\n".join(page.extract_text() for page in opened(sheet).pages)


def pieces(sheet: Sheet) -> list[tuple[float, float, float, str]]:
    """Size in points, distance from left and top in mm, and text of each piece on the first page."""
    found: list[tuple[float, float, float, str]] = []

    def note(text, cm, tm, _font, size):
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            found.append((abs(size * tm[3] * cm[3]), x / POINTS_PER_MM, 297 - y / POINTS_PER_MM, text))

    opened(sheet).pages[0].extract_text(visitor_text=note)
    return found
