"""The visits that still stand between two people: what a worker looks at when something is wrong between them."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accounts.models import User
from matching import states
from matching.desk import scope
from matching.models import Appointment, Match


def between(match: Match, worker: User, *, now: datetime) -> QuerySet[Appointment]:
    """Proposed and agreed visits of these two that are not over, in all their matches of the worker's quarters."""
    two = (match.resident_id, match.volunteer_id)
    pairs = scope.matches(worker).filter(Q(resident__in=two) & Q(volunteer__in=two))
    ahead = Appointment.objects.filter(state__in=[states.PROPOSED, states.AGREED], end__gt=now)
    return ahead.filter(match__in=pairs).for_lists()
