"""Days as paper says them: never "heute" or "morgen", for it is read later than it is printed."""

from datetime import date, datetime

from django.utils import timezone

from core.words import full_day, hours_in_words


def day(at: datetime, *, today: date) -> str:
    """ "Dienstag, 3. Juni", with the year where it is another one."""
    return full_day(timezone.localdate(at), today=today)


def span(start: datetime, end: datetime, *, today: date) -> str:
    """ "Dienstag, 3. Juni, 14 bis 15 Uhr"."""
    hours = hours_in_words(timezone.localtime(start).time(), timezone.localtime(end).time())
    return f"{day(start, today=today)}, {hours}"
