"""People, what they may do in which quarter, and what volunteers offer."""

from accounts.models.apart import KeepApart
from accounts.models.badges import Badge
from accounts.models.casework import CaseNote, Deputy, FollowUp, HandOver
from accounts.models.claims import AccessCode
from accounts.models.helping import (
    Availability,
    AvailabilityException,
    OfferedSkill,
    Skill,
    VolunteerChange,
    VolunteerProfile,
)
from accounts.models.people import (
    AddressReading,
    Block,
    Look,
    PeopleManager,
    PeopleQuerySet,
    RoleAssignment,
    TrustedPerson,
    User,
)
from accounts.models.suspensions import Suspension, SuspensionEvent
from accounts.models.trust import AgeRules, GateMatrix, ParentConsent, PledgeText, Step, Vetting

__all__ = [
    "AccessCode",
    "AddressReading",
    "AgeRules",
    "Availability",
    "AvailabilityException",
    "Badge",
    "Block",
    "CaseNote",
    "Deputy",
    "FollowUp",
    "GateMatrix",
    "HandOver",
    "KeepApart",
    "Look",
    "OfferedSkill",
    "ParentConsent",
    "PeopleManager",
    "PeopleQuerySet",
    "PledgeText",
    "RoleAssignment",
    "Skill",
    "Step",
    "Suspension",
    "SuspensionEvent",
    "TrustedPerson",
    "User",
    "Vetting",
    "VolunteerChange",
    "VolunteerProfile",
]
