"""Whom the office of the home quarter still has to tell: an address that takes no mail, a letter, a call."""

from datetime import timedelta

from accounts.models import User
from config.demo.shelf import Shelf
from messaging.actions import tell
from messaging.models import Notice
from places.models import Quarter

HOUR = timedelta(hours=1)


def wait_for_the_office(shelf: Shelf, home: Quarter) -> None:
    """One row of each kind of work; the clock will not touch them."""
    people = User.objects.filter(quarter=home, wants_help=True, last_login__isnull=True).order_by("pk")
    online = people.filter(channel=User.Channel.ONLINE, email__isnull=False)
    letters = people.filter(channel=User.Channel.LETTER)
    called = people.filter(channel=User.Channel.PHONE).exclude(phone="")
    state = Notice.State
    for person, changes in (
        (online.first(), {"state": state.FAILED, "way": "mail", "tries": 8, "problem": "SMTPRecipientsRefused"}),
        (letters.first() or online.last(), {"state": state.TO_PRINT, "way": "letter"}),
        (called.first(), {"state": state.TO_CALL, "way": "call"}),
    ):
        if person:
            event = f"demo:{person.pk}"
            tell([person.pk], kind="office", event=event, now=shelf.now - 20 * HOUR)
            Notice.objects.filter(person=person, event=event).update(**changes)
