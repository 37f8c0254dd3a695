"""The states of requests and matches as a neighbour would say them, with a tone and an icon for the badge."""

from typing import TypedDict

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from matching import states


class Words(TypedDict):
    label: str
    tone: str
    icon: str


_REQUEST = {
    states.DRAFT: (gettext_lazy("Noch nicht abgeschickt"), "calm", "edit"),
    states.OPEN: (gettext_lazy("Wir suchen"), "careful", "search"),
    states.FILLED: (gettext_lazy("Hilfe gefunden"), "good", "check"),
    states.DONE: (gettext_lazy("Erledigt"), "calm", "double-check"),
    states.WITHDRAWN: (gettext_lazy("Zurückgezogen"), "calm", "cross"),
    states.LAPSED: (gettext_lazy("Zeit ist abgelaufen"), "calm", "clock"),
}
_MATCH = {
    states.PROPOSED: (gettext_lazy("Wartet auf Freigabe"), "careful", "clock"),
    states.ASKED: (gettext_lazy("Gefragt"), "careful", "bell"),
    states.ACCEPTED: (gettext_lazy("Hat zugesagt"), "good", "hand"),
    states.CONFIRMED: (gettext_lazy("Abgemacht"), "good", "check"),
    states.REJECTED: (gettext_lazy("Nicht freigegeben"), "calm", "cross"),
    states.DECLINED: (gettext_lazy("Diesmal nicht"), "calm", "cross"),
    states.EXPIRED: (gettext_lazy("Keine Antwort"), "calm", "clock"),
    states.REFUSED: (gettext_lazy("Lieber jemand anderes"), "calm", "cross"),
    states.CLOSED: (gettext_lazy("Jemand anderes hilft"), "calm", "people"),
    states.ENDED: (gettext_lazy("Beendet"), "calm", "cross"),
    states.COMPLETED: (gettext_lazy("Erledigt"), "calm", "double-check"),
}
# The volunteer reads about themselves, and is never told that they were refused (product.md).
_TO_VOLUNTEER = {
    states.ASKED: gettext_lazy("Wartet auf Ihre Antwort"),
    states.ACCEPTED: gettext_lazy("Sie haben zugesagt"),
    states.DECLINED: gettext_lazy("Sie haben abgesagt"),
    states.REFUSED: gettext_lazy("Nicht zustande gekommen"),
    states.REJECTED: gettext_lazy("Nicht zustande gekommen"),
}
_TO_RESIDENT = {states.ACCEPTED: gettext_lazy("Wartet auf Ihr Ja")}


def request_words(state: str, *, to: str = "worker") -> Words:
    """The state of a HelpRequest in words; an unknown one is shown as it is."""
    return _words(_REQUEST.get(state), state)


def match_words(state: str, *, to: str = "worker") -> Words:
    """The state of a Match in words for `to`: "resident", "volunteer" or "worker"."""
    words = _words(_MATCH.get(state), state)
    other = {"volunteer": _TO_VOLUNTEER, "resident": _TO_RESIDENT}.get(to, {}).get(state)
    return {**words, "label": str(other)} if other else words


def _words(found: tuple | None, state: str) -> Words:
    if found is None:
        return {"label": _("Stand: {state}").format(state=state), "tone": "calm", "icon": "info"}
    return {"label": str(found[0]), "tone": found[1], "icon": found[2]}
