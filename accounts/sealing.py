"""Text that only the running service can read: sealed with a key that is not in the database (setting CASE_KEY)."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.utils.translation import gettext as _


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text; a sentence where the key is another one, so that nobody meets an error page."""
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return _("Diese Notiz ist mit einem anderen Schlüssel verschlossen.")


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(settings.CASE_KEY.encode()).digest()))
