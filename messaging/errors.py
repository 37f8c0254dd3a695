"""What can be wrong with a message, beside the four kinds everybody shares; and what is wrong with us."""

import logging

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, NotAllowed

log = logging.getLogger("gemeinsinn.messaging")


class ClientIdReused(Conflict):
    """The sender used this client_id before, for another text or another conversation."""

    code = "client_id_reused"
    detail = _("Unter dieser Kennung wurde schon eine andere Nachricht gesendet.")


class TalkClosed(Conflict):
    """Nobody writes here: the match ended, one of the two does not want it, the office paused it. Why, nobody hears."""

    code = "talk_closed"
    detail = _("In diesem Gespräch kann man zurzeit nicht schreiben. Ihr Quartiersbüro hilft Ihnen gern weiter.")


class TooLateToDelete(Conflict):
    """The message stands for longer than one may take it back."""

    code = "too_late_to_delete"
    detail = _("Diese Nachricht steht schon zu lange hier. Löschen geht nur in den ersten 15 Minuten.")


class Suspended(NotAllowed):
    """The writer's account is stopped at present."""

    code = "suspended"
    detail = _("Ihr Zugang ist zurzeit angehalten. Bitte rufen Sie Ihr Quartiersbüro an.")


def log_bug(event: str, problem: Exception) -> None:
    """Where it happened, but not what the error says: that may quote a message."""
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("%s problem=%s at=%s", event, type(problem).__name__, place)
