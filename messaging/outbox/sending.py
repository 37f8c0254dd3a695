"""One mail or one text message for everything that is due for one person. Text only; it says that something waits."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from smtplib import SMTPDataError, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from messaging.models import Notice, Way
from messaging.outbox import push, sms
from messaging.outbox.kinds import KINDS, page_of


def send(way: str, notices: Sequence[Notice]) -> str:
    """
    Out by mail or text message; all notices are of one person, `with_pages`.

    Returns what a gateway calls it, "" for a mail. Raises whatever the mail server or the gateway throws.
    """
    with translation.override(notices[0].person.language):
        if way == Way.SMS:
            return _text(notices)
        _mail(notices).send()
    return ""


def hint(notices: Sequence[Notice], now: datetime) -> str:
    """To the devices of their person. Returns the name of this sending. Raises what `push.send` raises."""
    with translation.override(notices[0].person.language):
        return push.send(notices, name=_key(notices), now=now)


def is_final(problem: Exception) -> bool:
    """
    Will the same try fail again? An address, number or device nobody takes, and a mail refused for good (5xx).

    A password, a sender or a greeting that is refused is a fault of our own settings: it is mended, and then all go.
    """
    if isinstance(problem, SMTPRecipientsRefused):
        codes = [code for code, _said in problem.recipients.values()]
        return bool(codes) and min(codes) >= 500
    if isinstance(problem, SMTPDataError):
        return problem.smtp_code >= 500
    return isinstance(problem, sms.Refused | push.NoDevice)


def sentences(notices: Sequence[Notice]) -> list[dict[str, str]]:
    """Each thing once, with the address of its page. The page asks who is there: the address logs nobody in."""
    found = {}
    for notice in notices:
        kind = KINDS[notice.kind]
        page = settings.SITE_URL + page_of(notice)
        found[kind.name, page] = {"says": str(kind.says), "page": page}
    return list(found.values())


def _mail(notices: Sequence[Notice]) -> EmailMessage:
    """The subject is the same for everybody, so that it tells nothing over a shoulder."""
    person = notices[0].person
    words = {"things": sentences(notices), "quarter": person.quarter, "service": settings.SERVICE_NAME}
    words["wishes"] = settings.SITE_URL + "/profil/benachrichtigungen/"
    subject = _("Etwas Neues bei %(service)s") % {"service": settings.SERVICE_NAME}
    if {notice.kind for notice in notices} == {"reminder"}:
        subject = _("Erinnerung von %(service)s") % {"service": settings.SERVICE_NAME}
    body = render_to_string("messaging/emails/notice.txt", words)
    return EmailMessage(
        subject=subject,
        body=body,
        to=[person.email or ""],
        # The same for the same notices: a mail server that gets it twice after a crash may know it again.
        headers={
            "Message-ID": f"<{_key(notices)}@{_host()}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _text(notices: Sequence[Notice]) -> str:
    things = sentences(notices)
    page = things[0]["page"] if len(things) == 1 else f"{settings.SITE_URL}/mein/"
    text = _("Etwas Neues bei %(service)s: %(page)s") % {"service": settings.SERVICE_NAME, "page": page}
    return sms.send(number=notices[0].person.phone.as_e164, text=text, key=_key(notices))


def _key(notices: Sequence[Notice]) -> str:
    """One name for this sending, the same when it is repeated after a crash."""
    parts = sorted(f"{notice.pk}:{len(notice.used)}" for notice in notices)
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]
