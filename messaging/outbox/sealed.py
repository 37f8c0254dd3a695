"""
Sealing a push message for one browser, and saying who sends it: RFC 8291 (aes128gcm), RFC 8292 (VAPID).

The push service of the browser's maker carries the message and cannot read it. Pure: keys in, bytes out.
"""

import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
POINT_BYTES, AUTH_BYTES, SALT_BYTES = 65, 16, 16
RECORD = 4096
LONGEST = RECORD - 103  # bytes: header, mark and seal are in the record too
PADDED = 256  # bytes of every message: its length tells nothing
VALID_FOR = timedelta(hours=12)  # of the sender's word; push services refuse more than a day


def seal(
    plain: bytes,
    *,
    p256dh: str,
    auth: str,
    salt: bytes = b"",
    own: ec.EllipticCurvePrivateKey | None = None,
    padded_to: int = PADDED,
) -> bytes:
    """
    The body of the request: header (salt, record size, our fresh key) and one record only that browser opens.

    `p256dh`, `auth`: base64url, as the browser gave them. `salt`, `own`: fresh ones where none are given. Raises
    ValueError for keys that are none, and a message longer than LONGEST.
    """
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(SALT_BYTES)
    theirs, secret = unpacked(p256dh, POINT_BYTES), unpacked(auth, AUTH_BYTES)
    ours = _point(own.public_key())
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, theirs))
    material = _derived(shared, secret, b"WebPush: info\0" + theirs + ours, 32)
    key = _derived(material, salt, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(material, salt, b"Content-Encoding: nonce\0", 12)
    if len(plain) > LONGEST:
        raise ValueError("a push message is one record")
    padded = (plain + b"\x02").ljust(padded_to, b"\0")
    head = salt + RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return head + AESGCM(key).encrypt(nonce, padded, None)


def sender(endpoint: str, *, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The header `Authorization`: whom to ask (`contact`, a mail address), good at this service, by its clock."""
    parts = urlsplit(endpoint)
    said = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((now + VALID_FOR).timestamp()),
        "sub": f"mailto:{contact}",
    }
    token = jwt.encode(said, key, algorithm="ES256")
    return f"vapid t={token}, k={public_text(key)}"


def read_key(text: str) -> ec.EllipticCurvePrivateKey:
    """The private key out of its base64url text (32 bytes). Raises ValueError."""
    return ec.derive_private_key(int.from_bytes(unpacked(text, 32), "big"), CURVE)


def new_key() -> str:
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return packed(number.to_bytes(32, "big"))


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """What browsers get as `applicationServerKey`: base64url."""
    return packed(_point(key.public_key()))


def packed(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str, length: int) -> bytes:
    """Base64url, with or without its padding, of exactly so many bytes. Raises ValueError."""
    bare = text.rstrip("=")
    if not bare.isascii() or not bare.replace("-", "").replace("_", "").isalnum():
        raise ValueError("no base64url")
    raw = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    if len(raw) != length:
        raise ValueError(f"{length} bytes wanted")
    return raw


def _point(public: ec.EllipticCurvePublicKey) -> bytes:
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
