"""The tables and their fields in words a neighbour reads; what has no word yet is said by its name."""

from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

TABLES: dict[str, Promise] = {
    "User": _("Angaben zu Ihnen"),
    "AccessCode": _("Ihr Code vom Quartiersbüro"),
    "RoleAssignment": _("Ihre Aufgaben im Büro"),
    "TrustedPerson": _("Vertrauenspersonen"),
    "Block": _("Wen Sie nicht treffen möchten"),
    "AddressReading": _("Wer Ihre Adresse gelesen hat"),
    "Look": _("Wer im Büro Ihre Daten angesehen hat"),
    "VolunteerProfile": _("Wie Sie helfen"),
    "OfferedSkill": _("Womit Sie helfen"),
    "Availability": _("Ihre Zeiten in der Woche"),
    "AvailabilityException": _("Ihre einzelnen Tage"),
    "Vetting": _("Was geprüft wurde"),
    "Place": _("Ihre Gegend"),
    "ExactAddress": _("Ihre Adresse"),
    "Match": _("Vermittlungen"),
    "MatchEvent": _("Was bei Vermittlungen geschah"),
    "Order": _("Aufträge für die Versicherung"),
    "HelpRequest": _("Bitten um Hilfe"),
    "RequestWindow": _("Zeiten Ihrer Bitten"),
    "RequestEvent": _("Was bei Bitten geschah"),
    "Series": _("Regelmäßige Termine"),
    "Appointment": _("Termine"),
    "Reminder": _("Erinnerungen"),
    "CheckIn": _("Antworten nach Besuchen"),
    "CalendarFeed": _("Kalender-Adresse"),
    "Call": _("Anrufe mit dem Büro"),
    "Conversation": _("Gespräche"),
    "Message": _("Ihre Nachrichten"),
    "Report": _("Was Sie gemeldet haben"),
    "TalkReading": _("Wer im Büro ein Gespräch von Ihnen gelesen hat"),
    "Mark": _("Gelesen bis"),
    "Notice": _("Benachrichtigungen"),
    "NoticeWish": _("Wie Sie benachrichtigt werden"),
    "EmailAddress": _("E-Mail-Adressen"),
    "Authenticator": _("Zweiter Schlüssel"),
    "UserSession": _("Wo Sie angemeldet sind"),
}
FIELDS: dict[str, Promise] = {
    "first_name": _("Vorname"),
    "last_name": _("Nachname"),
    "email": _("E-Mail-Adresse"),
    "phone": _("Telefonnummer"),
    "born_on": _("Geburtstag"),
    "gender": _("Geschlecht"),
    "languages": _("Sprachen"),
    "quarter": _("Quartier"),
    "street": _("Straße"),
    "number": _("Hausnummer"),
    "postcode": _("Postleitzahl"),
    "city": _("Ort"),
    "hint": _("Hinweis zur Tür"),
    "description": _("Beschreibung"),
    "state": _("Stand"),
    "start": _("Beginn"),
    "end": _("Ende"),
    "body": _("Text"),
    "stored_at": _("Geschrieben am"),
    "at": _("Wann"),
    "by": _("Von"),
    "on": _("Tag"),
    "skill": _("Art der Hilfe"),
    "resident": _("Wer Hilfe bekommt"),
    "volunteer": _("Wer hilft"),
    "person": _("Person"),
    "user": _("Person"),
    "reader": _("Gelesen von"),
    "reason": _("Grund"),
    "joined_at": _("Dabei seit"),
    "last_login": _("Zuletzt angemeldet"),
    "created_at": _("Angelegt am"),
    "about": _("Über Sie"),
    "channel": _("Erreichbar"),
    "note": _("Notiz"),
}
# What the models declare, for the register: English in the code, German on its page.
SAID: dict[str, str] = {
    "the person": "die Person",
    "the resident": "die Bewohnerin, der Bewohner",
    "the volunteer": "die Helferin, der Helfer",
    "resident and volunteer": "beide einer Vermittlung",
    "resident or volunteer": "wer dort wohnt",
    "the worker": "die Mitarbeiterin, der Mitarbeiter",
    "the blocker": "wer jemanden nicht treffen möchte",
    "its writer": "wer schreibt",
    "the reader": "wer liest",
    "who answers": "wer antwortet",
    "the person told": "wer benachrichtigt wird",
    "the person reminded": "wer erinnert wird",
    "the person called": "wer angerufen wird",
    "the person who asked": "wer gefragt hat",
    "the person who lives there": "wer dort wohnt",
    "the person looked at": "wessen Daten angesehen wurden",
    "to reach and to name them": "ansprechen und erreichen",
    "to ask the right neighbour": "die passende Nachbarin, den passenden Nachbarn fragen",
    "to find the help": "Hilfe finden",
    "to find a time": "einen Termin finden",
    "to arrange the help": "Hilfe vereinbaren",
    "when they can help": "wissen, wann jemand helfen kann",
    "when they meet": "wissen, wann man sich trifft",
    "who may enter a flat": "wissen, wer eine Wohnung betreten darf",
    "who may do what": "wissen, wer was darf",
    "what happened when": "nachvollziehen, was wann geschah",
    "how pairs were found": "nachvollziehen, wie Paare gefunden wurden",
    "insurance proof": "Nachweis für die Versicherung",
    "proof of who saw an address": "Nachweis, wer eine Adresse gelesen hat",
    "proof of who saw what": "Nachweis, wer was angesehen hat",
    "to act for them": "für jemanden handeln",
    "safety": "Sicherheit",
    "nearness": "Nähe berechnen",
    "the visit": "der Besuch",
    "to log in": "anmelden",
    "the second factor": "zweiter Schlüssel",
    "where they are logged in": "offene Anmeldungen zeigen und schließen",
    "to look into what is wrong": "ansehen, was nicht in Ordnung ist",
    "to look into a report": "eine Meldung ansehen",
    "proof of who did what with a report": "Nachweis, wer eine Meldung bearbeitet hat",
    "proof of who read a conversation": "Nachweis, wer ein Gespräch gelesen hat",
    "180 days after it was settled": "180 Tage nach dem Abschluss",
    "with the report": "mit der Meldung",
    "the report without the name of who made it; others may be in danger": (
        "die Meldung ohne den Namen derer, die gemeldet haben; andere könnten in Gefahr sein"
    ),
    "the words as they were reported, without an account; others may be in danger": (
        "die gemeldeten Worte, ohne Konto; andere könnten in Gefahr sein"
    ),
    "with the account": "mit dem Konto",
    "with the profile": "mit dem Profil",
    "with the request": "mit der Bitte",
    "with the match": "mit der Vermittlung",
    "with the round": "mit der Runde",
    "with the conversation": "mit dem Gespräch",
    "with the appointment": "mit dem Termin",
    "with the session": "mit der Anmeldung",
    "with its owner": "mit der Person, die dort wohnt",
    "with either account": "mit einem der beiden Konten",
    "with the resident's account": "mit dem Konto der Bewohnerin, des Bewohners",
    "one day": "ein Tag",
    "two days": "zwei Tage",
    "30 days": "30 Tage",
    "30 days after it": "30 Tage danach",
    "30 days after the talk closed": "30 Tage nach dem Ende des Gesprächs",
    "half a year": "ein halbes Jahr",
    "one year": "ein Jahr",
    "one year after it": "ein Jahr danach",
    "one year after its end": "ein Jahr nach dem Ende",
    "three years": "drei Jahre",
    "three years after the end": "drei Jahre nach dem Ende",
    "two years after the last use": "zwei Jahre nach der letzten Nutzung",
    "two years after the last use, or on their wish": "zwei Jahre nach der letzten Nutzung, oder auf Wunsch",
    "90 days after the end, at once if not taken on": "90 Tage nach dem Ende, sofort bei einem Nein",
    "after the day has passed": "wenn der Tag vorbei ist",
    "until revoked": "bis zum Widerruf",
    "that an address was read, by whom and when; no longer whose": (
        "dass eine Adresse gelesen wurde, von wem und wann; nicht mehr, wessen"
    ),
    "the numbered order: kind of help and day, without a name; claims after an accident come late": (
        "der nummerierte Auftrag: Art der Hilfe und Tag, ohne Namen; Ansprüche nach einem Unfall kommen spät"
    ),
}


def said_in_words(text: str) -> str:
    """The declaration itself is English; German where there is a word for it."""
    return text if get_language() == "en" else SAID.get(text, text)


def table_in_words(model: type[Model]) -> str:
    return str(TABLES.get(model.__name__, model._meta.verbose_name))


def field_in_words(name: str) -> Any:
    return str(FIELDS.get(name, name.replace("_", " ")))
