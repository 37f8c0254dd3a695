"""The fields of one's own data, and what stands in them, in German; English readers see the names of the code."""

import re
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, Field, JSONField
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.languages import in_words

_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")

FIELDS: dict[str, str] = {
    "about": "Über Sie",
    "accepted_at": "Zugesagt am",
    "accepted_helpers": "Zusagen",
    "after": "Danach",
    "again": "Gern wieder",
    "agreed_at": "Vereinbart am",
    "agreed_by": "Vereinbart von",
    "answer": "Antwort",
    "answer_by": "Antwort erbeten bis",
    "answered_at": "Beantwortet am",
    "api": "Über eine Schnittstelle",
    "appeal": "Widerspruch",
    "appealed_at": "Widersprochen am",
    "arrived_at": "Besuch begonnen",
    "ask_wish": "Wie oft wir fragen",
    "asked_at": "Gefragt am",
    "at": "Wann",
    "available": "Verfügbar",
    "before": "Davor",
    "blocked": "Wen Sie nicht treffen",
    "blocker": "Wer nicht treffen möchte",
    "body": "Text",
    "born_on": "Geburtstag",
    "by": "Von",
    "by_phone": "Am Telefon",
    "call_time": "Wann wir anrufen",
    "cancelled_at": "Abgesagt am",
    "cancelled_by": "Abgesagt von",
    "capacity": "Wie viele Menschen zugleich",
    "carrier": "Träger",
    "arrival_assumed": "Ankunft nicht gemeldet",
    "cause": "Worum es geht",
    "cautions": "Hinweise zur Vorsicht",
    "cell": "Gegend",
    "channel": "Erreichbar",
    "city": "Ort",
    "closed_at": "Abgeschlossen am",
    "closes_at": "Offen bis",
    "code_word": "Kennwort",
    "confirmed_at": "Bestätigt am",
    "confirmed_helpers": "Bestätigte Helferinnen und Helfer",
    "confirmed_pairs": "Bestätigte Vermittlungen",
    "consent": "Einverständnis",
    "consent_at": "Einverstanden am",
    "consent_by": "Einverständnis aufgenommen von",
    "consented_at": "Zugestimmt am",
    "contact": "So erreichen wir Sie dazu",
    "created_at": "Angelegt am",
    "created_by": "Angelegt von",
    "dated": "Datum",
    "deadline": "Frist",
    "decided_at": "Entschieden am",
    "decided_by": "Entschieden von",
    "deleted_at": "Gelöscht am",
    "deletes": "Nimmt zurück, Nachricht Nummer",
    "delivered_seq": "Angekommen bis Nachricht Nummer",
    "corrected_at": "Dauer geändert am",
    "deputy": "Vertretung",
    "description": "Beschreibung",
    "digest": "Gesammelt am Tag",
    "done_at": "Erledigt am",
    "done_by": "Erledigt von",
    "due_at": "Fällig am",
    "due_on": "Fällig am",
    "duration_minutes": "Dauer in Minuten",
    "email": "E-Mail-Adresse",
    "email_changed_by": "E-Mail-Adresse im Büro geändert von",
    "email_changed_on": "E-Mail-Adresse im Büro geändert am",
    "end": "Ende",
    "end_minute": "Bis",
    "end_reason": "Grund des Endes",
    "ended_at": "Beendet am",
    "ended_by": "Beendet von",
    "entered_by": "Aufgenommen von",
    "every_weeks": "Alle so viele Wochen",
    "expires_at": "Gültig bis",
    "finished_at": "Besuch beendet",
    "finished_by": "Beendet gemeldet von",
    "first_day": "Erster Tag",
    "first_name": "Vorname",
    "first_on": "Zum ersten Mal am",
    "flexible_until": "Irgendwann bis",
    "gender": "Geschlecht",
    "gender_wish": "Wer helfen soll",
    "given_at": "Gegeben am",
    "giver": "Gegeben von",
    "heard_at": "Angehört am",
    "heard_by": "Angehört von",
    "helpers_needed": "Wie viele helfen sollen",
    "helps_on_holidays": "Hilft an Feiertagen",
    "hint": "Hinweis zur Tür",
    "hours_per_week": "Stunden in der Woche",
    "incoming": "Sie haben angerufen",
    "ip": "Adresse des Geräts im Netz",
    "issued_by": "Ausgestellt von",
    "issued_on": "Ausgestellt am",
    "joined_at": "Dabei seit",
    "kind": "Art",
    "language": "Sprache",
    "languages": "Sprachen",
    "last_asked_at": "Zuletzt gefragt am",
    "last_day": "Letzter Tag",
    "last_login": "Zuletzt angemeldet",
    "last_name": "Nachname",
    "label": "Bezeichnung",
    "last_seen_at": "Zuletzt gesehen",
    "reached_at": "Angekommen am",
    "last_success_at": "Letzter Hinweis",
    "last_seq": "Anzahl der Nachrichten",
    "last_used_at": "Zuletzt benutzt",
    "lat": "Breitengrad",
    "level": "Wie sicher",
    "live_matches": "Laufende Vermittlungen",
    "lon": "Längengrad",
    "made_at": "Angelegt am",
    "made_by": "Angelegt von",
    "made_until": "Termine angelegt bis",
    "match_id": "Vermittlung",
    "minutes": "Dauer in Minuten",
    "move": "Was geschah",
    "moved_on": "Adresse geändert am",
    "name": "Name",
    "needs_review": "Das Büro sieht noch hin",
    "next_at": "Nächster Versuch",
    "note": "Notiz",
    "noted_at": "Eingetragen am",
    "number": "Hausnummer oder Nummer",
    "occurs_on": "Tag der Reihe",
    "on": "Tag",
    "open_since": "Offen seit",
    "opened_at": "Geöffnet am",
    "origin": "Wie gefunden",
    "outcome": "Ergebnis",
    "paused": "Pause",
    "paused_at": "Angehalten am",
    "paused_by": "Angehalten von",
    "paused_until": "Pause bis",
    "person": "Person",
    "phone": "Telefonnummer",
    "phone_changed_by": "Telefonnummer im Büro geändert von",
    "phone_changed_on": "Telefonnummer im Büro geändert am",
    "place": "Ort",
    "postcode": "Postleitzahl",
    "primary": "Wichtigste Adresse",
    "proposed_at": "Vorgeschlagen am",
    "proposed_by": "Vorgeschlagen von",
    "purpose": "Wozu",
    "quarter": "Quartier",
    "quiet_from": "Ruhe ab",
    "quiet_until": "Ruhe bis",
    "radius_m": "Umkreis in Metern",
    "read_seq": "Gelesen bis Nachricht Nummer",
    "reader": "Gelesen von",
    "reason": "Grund",
    "reporter": "Gemeldet von",
    "resident": "Wer Hilfe bekommt",
    "revoked_at": "Widerrufen am",
    "role": "Aufgabe",
    "rule": "Wiederholung",
    "seen_at": "Gesehen am",
    "sender": "Geschrieben von",
    "seq": "Nummer der Nachricht",
    "settled_at": "Geklärt am",
    "settled_by": "Geklärt von",
    "share_phone": "Telefonnummer zeigen",
    "since": "Seit",
    "skill": "Art der Hilfe",
    "skips_holidays": "Nicht an Feiertagen",
    "sms_if_urgent": "SMS, wenn es eilt",
    "spoken": "Am Telefon gesagt",
    "start": "Beginn",
    "start_minute": "Von",
    "state": "Stand",
    "stored_at": "Geschrieben am",
    "stopped_at": "Hilft nicht mehr seit",
    "street": "Straße",
    "street_key": "Straße, wie wir danach suchen",
    "suitable": "Geeignet",
    "suspended_at": "Zugang angehalten am",
    "taker": "Übernommen von",
    "text": "Text",
    "text_size": "Schriftgröße",
    "timing": "Wann",
    "to": "Übergeben an",
    "told_at": "Bescheid gegeben am",
    "told_by": "Bescheid gegeben von",
    "type": "Art",
    "until": "Bis",
    "urgency": "Wie eilig",
    "urgent": "Eilig",
    "used_at": "Benutzt am",
    "user": "Person",
    "user_agent": "Programm",
    "valid_until": "Gültig bis",
    "verified": "Bestätigt",
    "visit": "Nummer des Besuchs",
    "volunteer": "Wer hilft",
    "wants_help": "Möchte Hilfe",
    "was_fine": "War alles gut",
    "way": "Weg",
    "ways": "Wege",
    "weekday": "Wochentag",
    "welcomed_at": "Begrüßt am",
    "what": "Was",
    "wishes_other_generation": "Gern mit einer anderen Generation",
    "withdrawn_at": "Zurückgenommen am",
    "worker": "Mitarbeiterin oder Mitarbeiter",
    "written_at": "Geschrieben am",
}
# States, moves and other words of the code that have no label of their own.
VALUES: dict[str, str] = {
    "": "noch nichts",
    "accept": "zugesagt",
    "accepted": "zugesagt",
    "agreed": "vereinbart",
    "answered": "erreicht",
    "appeal": "widersprochen",
    "appealed": "Widerspruch wird angehört",
    "asked": "gefragt",
    "cancelled": "abgesagt",
    "change": "geändert",
    "clear": "vom Büro durchgelassen",
    "close": "geschlossen",
    "closed": "geschlossen",
    "complete": "abgeschlossen",
    "completed": "abgeschlossen",
    "confirm": "bestätigt",
    "confirmed": "bestätigt",
    "day": "am Tag davor",
    "decline": "abgelehnt",
    "declined": "abgelehnt",
    "dismiss": "ohne Folgen abgeschlossen",
    "done": "erledigt",
    "draft": "Entwurf",
    "end": "beendet",
    "ended": "beendet",
    "excluded": "ausgeschlossen",
    "expire": "abgelaufen",
    "expired": "abgelaufen",
    "fill": "alle gefunden",
    "filled": "alle gefunden",
    "finish": "abgeschlossen",
    "hand": "vom Büro ausgesucht",
    "handed": "an eine Kollegin oder einen Kollegen gegeben",
    "hour": "eine Stunde davor",
    "lapse": "verfallen",
    "lapsed": "verfallen",
    "lift": "aufgehoben",
    "lifted": "aufgehoben",
    "missed": "nicht erreicht",
    "noted": "Notiz",
    "open": "offen",
    "overturn": "aufgehoben",
    "paused": "angehalten",
    "propose": "vorgeschlagen",
    "proposed": "vorgeschlagen",
    "publish": "veröffentlicht",
    "refuse": "abgelehnt",
    "refused": "abgelehnt",
    "reject": "vom Büro verworfen",
    "rejected": "vom Büro verworfen",
    "release": "freigegeben",
    "reopen": "wieder offen",
    "round": "in einer Runde gefunden",
    "self_offer": "selbst angeboten",
    "settle": "abgeschlossen",
    "take": "angesehen",
    "uphold": "bestätigt",
    "upheld": "bestätigt",
    "withdraw": "zurückgenommen",
    "withdrawn": "zurückgenommen",
}
_CODED = ("state", "before", "after", "move", "origin", "outcome", "kind")


def field_in_words(name: str) -> str:
    plain = name.replace("_", " ")
    return plain if get_language() == "en" else FIELDS.get(name, plain)


def value_in_words(field: Field, value: Any) -> str:
    """What stands in a row of the copy: labels for codes, days and clocks as one reads them."""
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, list):
        return ", ".join(value_in_words(field, part) for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {part}" for key, part in value.items())
    if label := _label(field, value):
        return label
    if field.name == "weekday":
        return str(WEEKDAYS[value])
    if field.name in ("language", "languages"):
        return in_words([value])[0]
    if field.name.endswith("_minute") or field.name in ("quiet_from", "quiet_until"):
        return f"{value // 60}:{value % 60:02}" if isinstance(value, int) else str(value)
    # DateTimeField is a DateField; days in a JSONField are the house's own, a text is whatever somebody wrote.
    return _moment(str(value)) if isinstance(field, DateField | JSONField) else str(value)


def _label(field: Field, value: Any) -> str:
    if field.name in _CODED and get_language() != "en" and value in VALUES and not _has_words(field, value):
        return VALUES[value]
    return str(dict(field.flatchoices).get(value, "")) if field.choices else ""


def _has_words(field: Field, value: Any) -> bool:
    """Somebody wrote the label (and it is translated), it was not made of the code's name."""
    return isinstance(dict(field.flatchoices or ()).get(value), Promise)


def _moment(text: str) -> str:
    if _ISO_MOMENT.fullmatch(text):
        return timezone.localtime(datetime.fromisoformat(text)).strftime("%d.%m.%Y %H:%M")
    return date.fromisoformat(text).strftime("%d.%m.%Y") if _ISO_DAY.fullmatch(text) else text
