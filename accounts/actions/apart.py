"""
Never this person: somebody names whom they must not meet here, before anything has happened.

Kept are keyed digests only (CASE_KEY is not in the database). A person fits an entry by telephone, by e-mail, or by
birthday and name. Then a `Block` that carries the entry ties the two: whatever asks for blocks, gates, lists, talks,
rounds, asks for it too. It stays when they change what they were found by. Nobody is told, not even the owner, or
entering somebody would be a way to ask whether they are here.
"""

import logging
from collections.abc import Iterable
from datetime import date, datetime
from itertools import combinations, count
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import checks, search
from accounts.actions.finding import of_office
from accounts.models import Block, KeepApart, User
from accounts.signals import announce_access, announce_block
from core.database import find
from core.errors import Invalid

MOST_BY_ONESELF = 10  # entries: each is also a guess at somebody's number or birthday, and none can be taken back
_LONGEST_NAME, _LONGEST_LABEL, _MOST_WORDS = 120, 40, 6
KNOWN_BY = {"first_name", "last_name", "born_on", "phone", "email"}
_log = logging.getLogger("gemeinsinn.accounts")


class Digests(NamedTuple):
    """Of one person, "" and an empty set where nothing is known."""

    names: frozenset[str]
    birthday: str
    phone: str
    email: str


@transaction.atomic
def keep_apart(
    *,
    owner_id: object,
    by: User,
    now: datetime,
    name: str,
    label: str = "",
    born_on: date | None = None,
    phone: Any = "",
    email: str | None = "",
) -> KeepApart:
    """
    `owner` must never meet this person; the office enters it on their word. Nothing says whether the person is here.

    `name`: first and last name as one text; besides it at least one of `born_on`, `phone`, `email`. `label`: what the
    owner wants to read later, "Person 1" if nothing. Raises NotVisible, Invalid.
    """
    owner = find(User.objects.visible_to(by).select_for_update(of=("self",)), owner_id)
    probe, label = _probe(name, born_on, phone, email, now), _label(label)
    labels = list(KeepApart.objects.filter(owner=owner).values_list("label", flat=True))
    if by == owner and len(labels) >= MOST_BY_ONESELF:
        raise Invalid(_("Hier stehen schon zehn Personen. Bitte rufen Sie Ihr Quartiersbüro an, es trägt weitere ein."))
    known = digests(probe, name=name)
    entry = KeepApart.objects.create(
        owner=owner,
        label=label or _next_label(labels),
        names=sorted(known.names),
        birthday=known.birthday,
        phone=known.phone,
        email=known.email,
        entered_by=None if by == owner else by,
        since=now,
    )
    _tie_known(entry, probe)
    transaction.on_commit(lambda: _tie_known(entry, probe), robust=True)  # somebody may be joining at this moment
    _log.info("keep apart entered person=%s by=%s", owner.pk, by.pk)
    return entry


@transaction.atomic
def take_back(*, entry_id: object, owner_id: object, by: User) -> None:
    """
    The office, on the owner's word. They themselves cannot: who holds their telephone could, and whoever helps would
    see by what comes back to their list whose it is. Raises NotVisible, NotAllowed.
    """
    owner = of_office(owner_id, by=by)
    entry = find(KeepApart.objects.filter(owner=owner), entry_id)
    others = [tie.blocked for tie in entry.ties.select_related("blocked")]
    entry.delete()
    for other in others:
        announce_block(blocker=owner, blocked=other)
    _log.info("keep apart taken back person=%s by=%s", owner.pk, by.pk)


def note_who(person: User, *, now: datetime) -> None:
    """To be called by every verb that writes down name, birthday, telephone or e-mail, inside its transaction."""
    _tie_entries(person, now)
    transaction.on_commit(lambda: _tie_entries(person, now), robust=True)  # an entry may be written at this moment


def digests(person: User, *, name: str | None = None) -> Digests:
    """What this person can be recognised by; `name`: read this instead of theirs."""
    phone = str(getattr(person.phone, "as_e164", person.phone) or "")
    words = search.name_words(person.full_name if name is None else name)
    return Digests(
        frozenset(_digest("name", one) for one in _names(words)),
        _digest("birthday", person.born_on.isoformat() if person.born_on else ""),
        _digest("phone", phone),
        _digest("email", (person.email or "").strip().casefold()),
    )


def fits(entry: KeepApart, known: Digests) -> bool:
    """Telephone or e-mail alone, else birthday and the name: the same words, or two of them."""
    by_contact = (entry.phone and entry.phone == known.phone) or (entry.email and entry.email == known.email)
    by_birthday = entry.birthday and entry.birthday == known.birthday and not known.names.isdisjoint(entry.names)
    return bool(by_contact or by_birthday)


def _tie_entries(person: User, now: datetime) -> None:
    known = digests(person)
    told = {"birthday": known.birthday, "phone": known.phone, "email": known.email}
    rows = KeepApart.objects.filter(_any(told)).exclude(owner=person).select_related("owner")
    for entry in rows:
        if fits(entry, known):
            _tie(entry, person, now)


def _tie_known(entry: KeepApart, probe: User) -> None:
    """Those with an account already: the database narrows by what was said, the digests decide."""
    told = {"born_on": probe.born_on, "phone": probe.phone, "email": probe.email}
    for person in User.objects.filter(_any(told)).exclude(pk=entry.owner_id):
        if fits(entry, digests(person)):
            _tie(entry, person, entry.since)


def _tie(entry: KeepApart, person: User, now: datetime) -> None:
    pair = {"blocker": entry.owner, "blocked": person}
    _row, made = Block.objects.get_or_create(**pair, entry=entry, defaults={"since": now})
    if made:
        announce_access(entry.owner, person)
        announce_block(**pair)


def _any(told: dict[str, Any]) -> Q:
    """One of what was told; nobody where nothing was."""
    found = Q(pk__in=[])
    for name, value in told.items():
        if value:
            found |= Q(**{name: value})
    return found


def _names(words: Iterable[str]) -> list[str]:
    """All words, and any two of them: who has two first names is known by one as well."""
    known = sorted(set(words))[:_MOST_WORDS]
    return [" ".join(known), *(" ".join(two) for two in combinations(known, 2))] if known else []


def _digest(kind: str, value: str) -> str:
    if not value:
        return ""
    return salted_hmac(f"keep-apart.{kind}", value, secret=settings.CASE_KEY, algorithm="sha256").hexdigest()


def _probe(name: str, born_on: date | None, phone: Any, email: str | None, now: datetime) -> User:
    """What was said, checked as it would be of a person with an account. Raises Invalid."""
    probe = User()
    checks.fill(probe, {"born_on": born_on, "phone": phone or "", "email": email or ""}, allowed=KNOWN_BY)
    probe.email = str(probe.email).lower() if probe.email else None
    if not (isinstance(name, str) and checks.is_readable(name) and search.name_words(name[:_LONGEST_NAME])):
        raise Invalid(fields={"name": [_("Bitte geben Sie den Namen dieser Person an, so weit Sie ihn kennen.")]})
    if not (probe.born_on or probe.phone or probe.email):
        said = _("Bitte geben Sie noch etwas an: Geburtstag, Telefonnummer oder E-Mail-Adresse.")
        raise Invalid(fields={"born_on": [said]})
    try:
        checks.birthday(probe.born_on, today=timezone.localdate(now))
    except ValidationError as wrong:
        raise Invalid(fields={"born_on": wrong.messages}) from wrong
    return probe


def _next_label(taken: list[str]) -> str:
    numbered = (_("Person %(number)s") % {"number": number} for number in count(1))
    return next(label for label in numbered if label not in taken)


def _label(label: str) -> str:
    text = label.strip() if isinstance(label, str) else ""
    if len(text) > _LONGEST_LABEL or not text.isprintable() or not checks.is_readable(text):
        raise Invalid(fields={"label": [_("Bitte nehmen Sie hier höchstens 40 Zeichen in einer Zeile.")]})
    return text
