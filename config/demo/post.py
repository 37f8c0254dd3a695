"""Reads the mails which the demo writes to a folder instead of sending them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

_BETWEEN = b"\n" + b"-" * 79 + b"\n"  # what Django's file backend writes after each mail


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    sent_at: datetime | None


def newest(folder: Path, *, limit: int) -> list[Mail]:
    """The last mails of the folder, newest first; none where there is no folder yet."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)[:limit]
    found = [mail for path in files for mail in reversed(_mails(path))]
    return found[:limit]


def _mails(path: Path) -> list[Mail]:
    return [_mail(raw) for raw in path.read_bytes().split(_BETWEEN) if raw.strip()]


def _mail(raw: bytes) -> Mail:
    message = message_from_bytes(raw.lstrip(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return Mail(
        to=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=body.get_content().strip() if body else "",
        sent_at=_moment(str(message["Date"])) if message["Date"] else None,
    )


def _moment(header: str) -> datetime:
    """Django writes mail dates in UTC with the zone "-0000", which comes back as a naive moment."""
    read = parsedate_to_datetime(header)
    return read if read.tzinfo else read.replace(tzinfo=UTC)
