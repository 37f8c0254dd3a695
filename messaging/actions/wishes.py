"""How somebody wants to be told: by themselves, or by a worker who has them on the telephone."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts import roles
from accounts.models import User
from core.database import find
from core.errors import Invalid, NotAllowed
from messaging.models import NoticeWish, Way
from messaging.outbox import ways
from messaging.outbox.kinds import TOPICS


@transaction.atomic
def set_wishes(*, person_id: object, by: User, now: datetime, chosen: dict[str, Any]) -> NoticeWish:
    """
    Change what `chosen` names: `ways` (topic -> way; other topics stay), `sms_if_urgent`, `quiet_from`, `quiet_until`
    (local minutes of the day), `digest`. Raises NotVisible, NotAllowed, Invalid.
    """
    person = find(User.objects.visible_to(by), person_id)
    if person != by and not (person.quarter and roles.works_in(by, person.quarter)):
        raise NotAllowed
    wish, _made = NoticeWish.objects.select_for_update(of=("self",)).get_or_create(person=person)
    for name, value in chosen.items():
        setattr(wish, name, _checked(name, value, wish))
    wish.save()
    return wish


def way_of(topic: str, wish: NoticeWish) -> str:
    """What they chose for this topic, or the way they are told by without a choice."""
    open_ones = choices(topic, wish.person)
    wanted = (wish.ways.get(topic, ""), ways.default(wish.person))
    return next((way for way in wanted if way in open_ones), open_ones[0] if open_ones else Way.CALL)


def _checked(name: str, value: Any, wish: NoticeWish) -> Any:
    if name == "ways":
        return wish.ways | {topic: _way(topic, way, wish.person) for topic, way in value.items()}
    if name in ("quiet_from", "quiet_until"):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1440:
            raise Invalid(fields={name: [_("Bitte wählen Sie eine Uhrzeit.")]})
        return value
    if name in ("sms_if_urgent", "digest"):
        return bool(value)
    raise Invalid(fields={name: [_("Das lässt sich hier nicht einstellen.")]})


def _way(topic: str, way: str, person: User) -> str:
    if topic not in TOPICS or way not in choices(TOPICS[topic].name, person):
        raise Invalid(fields={"ways": [_("Bitte wählen Sie eine der Möglichkeiten.")]})
    return way


def choices(topic: str, person: User) -> list[str]:
    """The ways this person may choose for this topic: those that reach them, and none where they may do without."""
    open_ones: list[str] = [
        way for way in (Way.PUSH, Way.MAIL, Way.SMS, Way.CALL, Way.LETTER) if ways.is_open(way, person)
    ]
    return [*open_ones, Way.NONE] if TOPICS[topic].may_be_off else open_ones
