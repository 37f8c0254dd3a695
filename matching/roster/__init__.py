"""The volunteers of the city in memory, as columns: who can be a pair and how well it fits, for any size of city."""

from matching.roster.found import Found, parts_of
from matching.roster.fresh import current, drop_old_notes, forget
from matching.roster.roster import Roster

__all__ = ["Found", "Roster", "current", "drop_old_notes", "forget", "parts_of"]
