"""The call list as a worker reads it, and answers entered on it."""

from accounts.models import User
from matching.calls import book, verbs
from matching.models import Call
from tests.people import NOW, a_match, a_quarter


def lines(reader: User, now=NOW) -> list[tuple[str, str]]:
    """(kind, first name) of everything on the list."""
    entries = book.book([a_quarter()], reader=reader, now=now).now
    return [(entry.line.kind, entry.line.person.first_name) for entry in entries]


def by_phone(*persons: User) -> None:
    User.objects.filter(pk__in=[one.pk for one in persons]).update(channel="phone")
    for one in persons:
        one.refresh_from_db()


def say(reader: User, kind: str, name: str, now=NOW, **said) -> Call:
    """This answer to the first line of this kind."""
    entry = next(one for one in book.book([a_quarter()], reader=reader, now=now).now if one.line.kind == kind)
    where = {"kind": kind, "about": entry.line.about, "person_id": entry.line.person.pk}
    if name.startswith("agree-"):  # the first, second ... of the times proposed
        name = [one.name for one in entry.line.answers if one.name.startswith("agree-")][int(name[-1]) - 1]
    return verbs.answer(**where, name=name, by=reader, now=now, said=said)


def asked() -> None:
    a_match(state="asked")
