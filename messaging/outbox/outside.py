"""
Asking an address that a stranger named: https, a public address of the net, no redirect, little time, little to read.

Whoever switches push on names the address we then call. Without these bounds they could make this server ask its own
neighbours (the database, the router) or wait for ever. The name is looked up once, and what was found is called.
"""

import ipaddress
import socket
import ssl
from contextlib import suppress
from functools import cache
from http.client import HTTPSConnection
from threading import Timer
from urllib.parse import SplitResult, urlsplit

PORTS = (443,)
LONGEST = 1000  # characters of an address
SECONDS = 6.0  # for everything together
READ = 4096  # bytes of an answer


class NotOutside(Exception):
    """This address is none that may be called."""


def parts_of(address: str) -> SplitResult:
    """Its parts, where it may be an address of a push service at all. Asks nobody. Raises NotOutside."""
    try:
        parts = urlsplit(address)
        port, host = parts.port or 443, parts.hostname or ""
    except ValueError as wrong:
        raise NotOutside from wrong
    plain = address.isascii() and address.isprintable() and " " not in address and len(address) <= LONGEST
    named = "." in host and not _is_number(host)
    if not plain or parts.scheme != "https" or not named or port not in PORTS or "@" in parts.netloc or parts.fragment:
        raise NotOutside
    return parts


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; 3xx is an answer like others. Raises NotOutside, OSError, HTTPException."""
    parts = parts_of(address)
    port = parts.port or 443
    line = _Line(parts.hostname or "", port, public_addresses(parts.hostname or "", port))
    watch = Timer(SECONDS, line.cut)  # each single wait is bounded, but a drip is many of them
    watch.daemon = True
    watch.start()
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path or "/", body=body, headers=headers)
        answer = line.getresponse()
        answer.read(READ)
        return answer.status
    finally:
        watch.cancel()
        line.close()


def public_addresses(host: str, port: int) -> list[str]:
    """Where this name leads. Raises NotOutside where any of it lies inside, OSError where it leads nowhere."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not found or not all(is_public(one) for one in found):
        raise NotOutside
    return found


def is_public(address: str) -> bool:
    """An address of the open net, also when it is written as an IPv6 one that carries an IPv4 one."""
    one = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(one, "ipv4_mapped", None) or getattr(one, "sixtofour", None)
    if isinstance(one, ipaddress.IPv6Address) and one in _NAT64:
        inner = ipaddress.IPv4Address(int(one) & 0xFFFFFFFF)
    return one.is_global and not one.is_multicast and (inner is None or inner.is_global)


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


class _Line(HTTPSConnection):
    """Connects to what was looked at, not to what the name says a moment later; the certificate is the name's."""

    def __init__(self, host: str, port: int, addresses: list[str]) -> None:
        super().__init__(host, port, timeout=SECONDS, context=trusted())
        self._addresses = addresses
        self._held: socket.socket | None = None

    def connect(self) -> None:
        plain = self._held = self._reached()  # held: it can be cut while hands are shaken, and while it is read
        context = self._context  # type: ignore[attr-defined]
        sealed = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = self._held = sealed
        sealed.do_handshake()

    def _reached(self) -> socket.socket:
        """The first of its addresses that answers. Raises OSError, that of the last."""
        for address in self._addresses[:-1]:
            with suppress(OSError):
                return socket.create_connection((address, self.port), timeout=SECONDS / 2)
        return socket.create_connection((self._addresses[-1], self.port), timeout=SECONDS / 2)

    def cut(self) -> None:
        if self._held:
            with suppress(OSError):  # it is closed already
                self._held.shutdown(socket.SHUT_RDWR)


@cache
def trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
