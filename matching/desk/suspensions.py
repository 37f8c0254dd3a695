"""Suspensions in words, for the people who decide them."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import rules, states
from accounts.models import Suspension, User
from matching.desk import words

STATES = {
    states.PAUSED: (_("angehalten, zweite Person fehlt"), "careful"),
    states.EXCLUDED: (_("ausgeschlossen"), "stop"),
    states.APPEALED: (_("Widerspruch wartet"), "careful"),
    states.UPHELD: (_("ausgeschlossen, Widerspruch abgelehnt"), "stop"),
    states.LIFTED: (_("wieder offen"), "good"),
    states.LAPSED: (_("von selbst geendet"), "calm"),
}
MOVES = {
    "propose": _("angehalten"),
    "confirm": _("bestätigt"),
    "withdraw": _("zurückgenommen"),
    "lapse": _("von selbst geendet"),
    "appeal": _("Widerspruch"),
    "uphold": _("Widerspruch abgelehnt"),
    "overturn": _("Widerspruch angenommen"),
    "lift": _("wieder geöffnet"),
}


def moves_of(user: User, row: Suspension) -> list[str]:
    """The moves this person may make now."""
    return [move for move in states.suspension_moves(row.state) if rules.may_move_suspension(user, row, move)]


def read(row: Suspension, user: User, now: datetime) -> dict[str, Any]:
    """The context of `desk/suspension.html`."""
    said, tone = STATES[row.state]
    events = row.events.select_related("by")
    return {
        "row": row,
        "said": said,
        "tone": tone,
        "moves": moves_of(user, row),
        "may_tell": row.told_at is None and rules.may_move_suspension(user, row, "tell"),
        "may_see_person": rules.may_see_person(user, row.user),
        "events": [(MOVES[event.move], event.by, event.at) for event in events],
        "deadline": words.moment(row.deadline, now),
        "only_one": not moves_of(user, row) and row.state == states.PAUSED and row.proposed_by_id == user.pk,
    }


def waiting(user: User) -> list[tuple[Suspension, Any, str]]:
    """What is in force or not yet told, newest first; with its state in words."""
    rows = Suspension.objects.visible_to(user).select_related("user__quarter", "proposed_by")
    return [(row, *STATES[row.state]) for row in rows.order_by("-proposed_at", "id")[:200]]
