"""Devices and hints for the tests of the push way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from messaging import actions
from messaging.actions import deliver_notices, tell
from messaging.models import Notice, PushSubscription

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 3, 3, 12, tzinfo=BERLIN)
DOOR = "/api/v1/me/devices/"


def a_device(person: User, service, name: str = "phone", *, session: str = "s", now=NOON) -> PushSubscription:
    said = service.browser(name)
    words = {"endpoint": said["endpoint"], "label": "Firefox, Android", "session_key": session, "now": now}
    return actions.add_device(by=person, **words, **said["keys"])


def a_notice(person: User, kind: str = "office", *, now=NOON, **words) -> Notice:
    tell([person.pk], kind=kind, event=f"push:{Notice.objects.count()}", now=now, **words)
    return Notice.objects.filter(person=person).latest("written_at")


def state_after(notice: Notice, now: datetime) -> tuple[str, str]:
    deliver_notices(now=now)
    notice.refresh_from_db()
    return notice.state, notice.way
