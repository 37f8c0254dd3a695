"""What can be wrong with a message, beside the four kinds everybody shares."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, NotAllowed


class ClientIdReused(Conflict):
    """The sender used this client_id before, for another text or another conversation."""

    code = "client_id_reused"
    detail = _("Unter dieser Kennung wurde schon eine andere Nachricht gesendet.")


class TalkClosed(Conflict):
    """Nobody writes here any more: the match ended long ago, or one of the two does not want it. Which, is not said."""

    code = "talk_closed"
    detail = _("In diesem Gespräch kann man nicht mehr schreiben. Ihr Quartiersbüro hilft Ihnen gern weiter.")


class Suspended(NotAllowed):
    """The writer's account is stopped at present."""

    code = "suspended"
    detail = _("Ihr Zugang ist zurzeit angehalten. Bitte rufen Sie Ihr Quartiersbüro an.")
