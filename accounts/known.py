"""
How many running matches a volunteer knows of.

`live_matches` also counts whom the matcher only has in view: nobody was asked, so the volunteer must not read it. The
floor above knows the difference and puts its count into COUNTS.
"""

from collections.abc import Callable
from uuid import UUID

from accounts.models import VolunteerProfile

COUNTS: list[Callable[[UUID], int]] = []  # key of the person -> matches they were asked about, and that still run


def matches_of(profile: VolunteerProfile) -> int:
    return sum(count(profile.user_id) for count in COUNTS)
