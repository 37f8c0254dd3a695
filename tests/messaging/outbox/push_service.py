"""
A push service of these tests: a real https server that opens what it gets with the browser's own key, as that does.

It also checks the sender's word (VAPID) with the public key in the header. Nothing of the house is used for either.
"""

import ipaddress
import json
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

HOST = "push.example.org"
AUTH = bytes(range(16))


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def opened(body: bytes, browser: ec.EllipticCurvePrivateKey) -> bytes:
    """RFC 8188 and 8291 from the receiver's side."""
    salt, size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    theirs, record = body[21 : 21 + length], body[21 + length :]
    assert len(body) <= size == 4096
    mine = point(browser)
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
    secret = derived(browser.exchange(ec.ECDH(), sender), AUTH, b"WebPush: info\0" + mine + theirs, 32)
    key = derived(secret, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = derived(secret, salt, b"Content-Encoding: nonce\0", 12)
    return AESGCM(key).decrypt(nonce, record, None).rstrip(b"\0").removesuffix(b"\x02")


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(secret)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    shape = serialization.PublicFormat.UncompressedPoint
    return key.public_key().public_bytes(serialization.Encoding.X962, shape)


@dataclass
class Taken:
    device: str
    said: dict[str, Any]
    headers: dict[str, str]
    length: int


@dataclass
class PushService:
    """`taken`: in order. `answers`: device -> status (201 where none is named). `before`: runs before each answer."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    before: Callable[[str], None] = lambda _device: None
    browsers: dict[str, ec.EllipticCurvePrivateKey] = field(default_factory=dict)

    def browser(self, name: str) -> dict[str, Any]:
        """What the browser of this device would hand the page: `PushSubscription.toJSON()`."""
        key = self.browsers.setdefault(name, ec.generate_private_key(ec.SECP256R1()))
        keys = {"p256dh": b64(point(key)), "auth": b64(AUTH)}
        return {"endpoint": f"https://{HOST}:{self.port}/push/{name}", "keys": keys}

    def take(self, path: str, headers: dict[str, str], body: bytes) -> int:
        device = path.removeprefix("/push/")
        self.before(device)
        status = self.answers.get(device, 201)
        if status < 300:
            self.check_sender(headers)
            said = json.loads(opened(body, self.browsers[device]))
            self.taken.append(Taken(device, said, headers, len(body)))
        return status

    def check_sender(self, headers: dict[str, str]) -> None:
        scheme, _, words = headers["Authorization"].partition(" ")
        parts = dict(word.strip().split("=", 1) for word in words.split(","))
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw(parts["k"]))
        said = jwt.decode(parts["t"], public, algorithms=["ES256"], audience=f"https://{HOST}:{self.port}")
        assert scheme == "vapid"
        assert said["sub"] == "mailto:buero@example.org"
        assert said["exp"] - datetime.now(UTC).timestamp() < 24 * 3600


def certificate(folder: Path) -> Path:
    """Key and certificate of this host in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    made = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    shape = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file = folder / "push.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, *shape) + made.public_bytes(pem))
    return file


def served(service: PushService, file: Path) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            try:
                status = service.take(self.path, dict(self.headers), body)
            except Exception:
                status = 400
                raise
            finally:
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"https://{HOST}:{service.port}/push/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

        def log_message(self, *_words: Any) -> None: ...

    server = ThreadingHTTPServer((str(ipaddress.ip_address("127.0.0.1")), 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    service.port = server.server_address[1]
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return server
