"""The four people of the demo city one can be; shown on /demo/, and by nothing that holds real people."""

import time
from dataclasses import dataclass

from allauth.mfa.totp.internal import auth as totp
from django.utils.translation import gettext as _

from accounts.models import User

HOME = "Opladen"  # the quarter of all four


@dataclass(frozen=True)
class Login:
    """`secret`: of the second factor (Base32), "" for people without one."""

    role: str
    first_name: str
    last_name: str
    gender: str
    password: str
    secret: str = ""

    @property
    def email(self) -> str:
        return f"{self.first_name}.{self.last_name}@example.org".lower()

    @property
    def code(self) -> str:
        """The six digits that hold now, "" without a second factor."""
        if not self.secret:
            return ""
        counter = int(time.time()) // totp.app_settings.TOTP_PERIOD
        return totp.format_hotp_value(totp.hotp_value(self.secret, counter))


RESIDENT = Login("resident", "Erna", "Beispiel", "woman", "erna-braucht-hilfe")
VOLUNTEER = Login("volunteer", "Jonas", "Probe", "man", "jonas-hilft-gern")
WORKER = Login("worker", "Katrin", "Muster", "woman", "katrin-im-buero", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
COORDINATOR = Login(
    "coordinator", "Meral", "Vorbild", "woman", "meral-sieht-zahlen", "KRSXG5CTMVRXEZLUKRSXG5CTMVRXEZLU"
)
LOGINS = (RESIDENT, VOLUNTEER, WORKER, COORDINATOR)


def what_to_try() -> dict[str, str]:
    """Role -> one sentence about what waits for this person."""
    return {
        "resident": _(
            "82 Jahre. Eine Nachbarin oder ein Nachbar hat zugesagt und wartet auf Ihr Ja; ein Gespräch läuft."
        ),
        "volunteer": _("Geht jede Woche für Erna Beispiel einkaufen. Eine neue Anfrage wartet auf Antwort."),
        "worker": _(
            "Quartiersbüro Opladen: Anfragen freigeben, neue Helferinnen und Helfer begrüßen, Bitten eintragen."
        ),
        "coordinator": _("Sieht die Zahlen der ganzen Stadt und kein einziges Gespräch."),
    }


def role_names() -> dict[str, str]:
    return {
        "resident": _("Bewohnerin"),
        "volunteer": _("Helfer"),
        "worker": _("Quartiersarbeiterin"),
        "coordinator": _("Koordinationsstelle"),
    }


def second_factors() -> None:
    """The secrets of /demo/ for worker and coordinator."""
    for login in LOGINS:
        if login.secret:
            totp.TOTP.activate(User.objects.get(email=login.email), login.secret)
