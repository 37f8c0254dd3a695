"""How much a waiting request counts against others when not all can be filled. Pure: numbers in, numbers out."""

from datetime import datetime

LEAST, MOST = 1, 1000
PER_DAY = 1  # points for the first day and every further one
DAYS_COUNTED = 30  # longer waiting counts no more: such a request stands on the desk as overdue anyway


def priority(*, urgency: int, open_since: datetime | None, now: datetime) -> int:
    """
    Points between LEAST and MOST: days waited (the day of asking counts as one) times 1, 2 or 3 by urgency.

    An urgent request of today counts as much as a calm one that has waited for two days.
    """
    waited = (now - open_since).total_seconds() / 86400 if open_since else 0.0
    return max(LEAST, min(MOST, round(PER_DAY * (1 + min(max(waited, 0.0), DAYS_COUNTED)) * (1 + urgency))))
