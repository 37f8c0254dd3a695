"""People, what they may do in which quarter, and what volunteers offer."""

from accounts.models.helping import (
    Availability,
    AvailabilityException,
    OfferedSkill,
    Skill,
    Vetting,
    VolunteerChange,
    VolunteerProfile,
)
from accounts.models.people import (
    AddressReading,
    Block,
    PeopleManager,
    PeopleQuerySet,
    RoleAssignment,
    TrustedPerson,
    User,
)

__all__ = [
    "AddressReading",
    "Availability",
    "AvailabilityException",
    "Block",
    "OfferedSkill",
    "PeopleManager",
    "PeopleQuerySet",
    "RoleAssignment",
    "Skill",
    "TrustedPerson",
    "User",
    "Vetting",
    "VolunteerChange",
    "VolunteerProfile",
]
