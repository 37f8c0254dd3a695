"""Which ways a person can be reached on, and in which order. Pure, but for what person and wish bring along."""

import phonenumbers
from django.conf import settings

from accounts.models import User
from messaging.models import NoticeWish, PushSubscription, Way
from messaging.outbox import push
from messaging.outbox.kinds import Kind

LOUDER = {
    Way.PUSH: (Way.MAIL, Way.SMS, Way.CALL),
    Way.MAIL: (Way.SMS, Way.CALL),
    Way.SMS: (Way.CALL,),
    Way.LETTER: (Way.CALL,),
    Way.CALL: (),
}
SILENT = {Way.PUSH, Way.MAIL}  # nobody notices them who does not look: what is urgent takes only one of them
_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def wish_of(person: User) -> NoticeWish:
    """The row, or one with the defaults that is not stored. Asks nothing where `notice_wish` came along."""
    try:
        return person.notice_wish
    except NoticeWish.DoesNotExist:
        return NoticeWish(person=person)


def ladder(person: User, wish: NoticeWish, kind: Kind) -> list[str]:
    """
    The way of this kind, then the louder ones for what must be heard; the office's telephone always ends it.

    `[Way.NONE]`: they do not want to hear of it.
    """
    chosen = wish.ways.get(kind.topic, "") or default(person)
    if chosen == Way.NONE and kind.may_be_off:
        return [Way.NONE]
    first = default(person) if chosen == Way.NONE else chosen
    steps = [first] if is_open(first, person) else []
    return [*steps, *louder_than(first, person, wish)] or [_by_the_office(person)]


def _by_the_office(person: User) -> str:
    """Of somebody nothing else reaches."""
    return Way.LETTER if is_open(Way.LETTER, person) and not person.phone else Way.CALL


def louder_than(way: str, person: User, wish: NoticeWish) -> list[str]:
    """The open ways after this one."""
    texts = wish.sms_if_urgent or Way.SMS in wish.ways.values()
    return [step for step in LOUDER[Way(way)] if is_open(step, person) and (step != Way.SMS or texts)]


def default(person: User) -> str:
    """What they said when they joined; somebody online who switched a device on is told there."""
    said = {User.Channel.PHONE: Way.CALL, User.Channel.LETTER: Way.LETTER}.get(User.Channel(person.channel))
    return said or (Way.PUSH if is_open(Way.PUSH, person) else Way.MAIL)


def open_to(person: User) -> list[str]:
    """The ways that reach them, as they are offered."""
    return [way for way in (Way.PUSH, Way.MAIL, Way.SMS, Way.CALL, Way.LETTER) if is_open(way, person)]


def is_open(way: str, person: User) -> bool:
    """Can they be reached on this way at all?"""
    if way == Way.PUSH:
        return push.is_on() and PushSubscription.objects.reachable(person.pk).exists()
    return {
        Way.MAIL: bool(person.email),
        Way.SMS: bool(settings.SMS_GATEWAY and is_mobile(person)),
        Way.CALL: bool(person.phone),
        Way.LETTER: person.place_id is not None,
    }[Way(way)]


def is_mobile(person: User) -> bool:
    """A number that takes text messages."""
    return bool(person.phone) and phonenumbers.number_type(person.phone) in _MOBILE
