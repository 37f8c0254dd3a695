"""How somebody wants to be told: by themselves, or by a worker who has them on the telephone."""

from dataclasses import dataclass
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
from messaging.outbox.kinds import TOPICS, Topic


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


@dataclass(frozen=True)
class Choice:
    """`ways`: those that reach the person, and none where they may do without; `way`: the one in force."""

    topic: Topic
    ways: list[str]
    way: str


def topics_of(wish: NoticeWish) -> list[Choice]:
    """What this person may choose for each topic, and how they are told now. Asks for their devices, and no more."""
    open_ones, usual = ways.open_to(wish.person), ways.default(wish.person)
    return [_choice(topic, (wish.ways.get(topic.name, ""), usual), open_ones) for topic in TOPICS.values()]


def _choice(topic: Topic, wanted: tuple[str, str], open_ones: list[str]) -> Choice:
    offered = [*open_ones, str(Way.NONE)] if topic.may_be_off else open_ones
    return Choice(topic, offered, next((way for way in (*wanted, *offered) if way in offered), Way.CALL))


def _checked(name: str, value: Any, wish: NoticeWish) -> Any:
    if name == "ways":
        return _ways(value, wish)
    if name in ("quiet_from", "quiet_until"):
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1440:
            raise Invalid(fields={name: [_("Bitte wählen Sie eine Uhrzeit.")]})
        return value
    if name in ("sms_if_urgent", "digest"):
        return bool(value)
    raise Invalid(fields={name: [_("Das lässt sich hier nicht einstellen.")]})


def _ways(chosen: dict[str, str], wish: NoticeWish) -> dict[str, str]:
    offered = {choice.topic.name: choice.ways for choice in topics_of(wish)}
    if any(way not in offered.get(topic, ()) for topic, way in chosen.items()):
        raise Invalid(fields={"ways": [_("Bitte wählen Sie eine der Möglichkeiten.")]})
    return wish.ways | chosen
