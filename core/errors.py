"""The four kinds of error a person can meet, each with a stable code and a sentence a neighbour can read."""

from typing import Any

from django.utils.translation import gettext_lazy as _


class HouseError(Exception):
    """Base of the four kinds; `code` never changes its meaning, `detail` is a sentence in the reader's language."""

    code = "error"
    detail: Any = _("Das hat nicht geklappt.")
    status = 400
    choices: list[dict] = []  # where one of several has to be chosen: what an app shows

    def __init__(self, detail=None, *, fields: dict[str, list] | None = None) -> None:
        super().__init__(str(self.code))
        if detail is not None:
            self.detail = detail
        self.fields = fields or {}

    def __reduce__(self) -> tuple:
        return _as_it_was, (type(self), self.args, self.__dict__)


def _as_it_was(kind: type[HouseError], args: tuple, said: dict[str, Any]) -> HouseError:
    """Out of another process; the constructor would take the code for a sentence."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(said)
    return error


class NotVisible(HouseError):
    """Nothing here for this person; says no more than that, so that existence stays hidden."""

    code = "not_found"
    detail = _("Hier ist nichts für Sie.")
    status = 404


class NotAllowed(HouseError):
    """The person sees the thing but may not do this."""

    code = "not_allowed"
    detail = _("Das dürfen Sie hier nicht tun.")
    status = 403


class Conflict(HouseError):
    """Too late, or someone was faster."""

    code = "conflict"
    detail = _("Das ist inzwischen anders. Bitte sehen Sie noch einmal nach.")
    status = 409


class WrongState(Conflict):
    """The move does not exist from the present state."""

    code = "wrong_state"
    detail = _("Das geht jetzt nicht mehr. Der Stand hat sich inzwischen geändert.")


class StaleScreen(Conflict):
    """The page was older than the thing it shows."""

    code = "stale"
    detail = _("Jemand hat hier gerade etwas geändert. Bitte sehen Sie sich den neuen Stand an.")


class Invalid(HouseError):
    """The input does not fit; `fields` maps field names to lists of sentences."""

    code = "invalid"
    detail = _("Etwas passt noch nicht. Bitte sehen Sie die markierten Stellen an.")
    status = 400


class TooMany(HouseError):
    """Too often in too short a time; `retry_after` in seconds."""

    code = "too_many"
    detail = _("Das war sehr oft in kurzer Zeit. Bitte warten Sie einen Augenblick.")
    status = 429

    def __init__(self, detail=None, *, retry_after: int = 60) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
