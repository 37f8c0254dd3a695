"""Limits that hold, counted in the database: however many processes and forged headers, the figure is the figure."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.errors import TooMany
from core.models import Tally

_IPV6_HOUSE = 64  # bits: whoever has one IPv6 address has all of its /64


def door_of(address: str) -> str:
    """Where somebody comes from, for counting: the IPv4 address, of IPv6 the network that one household gets."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((int(found), _IPV6_HOUSE), strict=False).network_address)


def count_up(door: str, who: object, *, most: int, per: timedelta, now: datetime) -> None:
    """One more knock of `who` at this door; at most `most` within each span `per`. Raises TooMany."""
    span = int(now.timestamp() // per.total_seconds())
    key = salted_hmac("core.limits", f"{door} {who} {span}", algorithm="sha256").hexdigest()
    Tally.objects.get_or_create(key=key, defaults={"delete_on": timezone.localdate(now + per) + timedelta(days=1)})
    if not Tally.objects.filter(key=key, count__lt=most).update(count=F("count") + 1):
        raise TooMany(retry_after=int((span + 1) * per.total_seconds() - now.timestamp()) + 1)
