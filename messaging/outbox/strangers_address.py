"""
Asking an address that a stranger named: https, a public address of the net, no redirect, little time, little to read.

Whoever switches push on names the address we then call. Without these bounds they could make this server ask its own
neighbours (the database, the router) or wait for ever. The name is looked up once, and what was found is called.
"""

import ipaddress
import socket
import ssl
from concurrent.futures import Future
from contextlib import suppress
from functools import cache
from http.client import HTTPException, HTTPSConnection
from threading import Thread, Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

PORTS = (443,)
LONGEST = 1000  # characters of an address
SECONDS = 6.0  # for everything together, the look-up of the name too
ADDRESSES = 2  # of one name tried, the rest would wait for nothing
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
    """
    The status of the answer; 3xx is an answer like others.

    Raises NotOutside, OSError (TimeoutError where the time was over), HTTPException.
    """
    parts = parts_of(address)
    line = _Line(parts.hostname or "", parts.port or 443)
    watch = Timer(SECONDS, line.cut)  # each single wait is bounded, but a drip is many of them
    watch.daemon = True
    watch.start()
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        line.request("POST", path or "/", body=body, headers=headers)
        answer = line.getresponse()
        answer.read(READ)
        return answer.status
    except (OSError, HTTPException):
        if line.is_cut:
            raise TimeoutError from None
        raise
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

    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port, timeout=SECONDS, context=trusted())
        self.is_cut = False
        self._held: socket.socket | None = None

    def connect(self) -> None:
        plain = self._hold(_reached(_looked_up(self.host, self.port), self.port))
        context = self._context  # type: ignore[attr-defined]
        sealed = context.wrap_socket(plain, server_hostname=self.host, do_handshake_on_connect=False)
        self.sock = self._hold(sealed)
        sealed.do_handshake()

    def _hold(self, one: Any) -> Any:
        """It can be cut while hands are shaken and while it is read; and here, where the cut came a moment earlier."""
        self._held = one
        if self.is_cut:
            one.close()
            raise TimeoutError
        return one

    def cut(self) -> None:
        self.is_cut = True  # first: whoever holds a connection from now on sees it
        if self._held:
            with suppress(OSError):  # it is closed already
                self._held.shutdown(socket.SHUT_RDWR)


def _looked_up(host: str, port: int) -> list[str]:
    """`public_addresses` in a thread of its own, for nothing stops the resolver. Raises what it does, TimeoutError."""
    found: Future[list[str]] = Future()
    Thread(target=_look_up, args=(found, host, port), daemon=True).start()
    return found.result(timeout=SECONDS)[:ADDRESSES]


def _look_up(found: Future[list[str]], host: str, port: int) -> None:
    try:
        found.set_result(public_addresses(host, port))
    except Exception as problem:  # handed to whoever waits
        found.set_exception(problem)


def _reached(addresses: list[str], port: int) -> socket.socket:
    """The first of them that answers. Raises OSError, that of the last."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=SECONDS / ADDRESSES)
    return socket.create_connection((addresses[-1], port), timeout=SECONDS / ADDRESSES)


@cache
def trusted() -> ssl.SSLContext:
    return ssl.create_default_context()
