"""Builds the demo city from nothing, or leaves it as it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import transaction

from accounts.actions.skills import load_skills
from accounts.models import (
    Availability,
    AvailabilityException,
    OfferedSkill,
    ParentConsent,
    RoleAssignment,
    TrustedPerson,
    User,
    Vetting,
    VolunteerChange,
    VolunteerProfile,
)
from config.demo import city
from config.demo.history import Past
from config.demo.logins import HOME, second_factors
from config.demo.people import Builder, People
from config.demo.present import Today
from config.demo.shelf import Shelf
from config.demo.told import wait_for_the_office
from config.demo.trouble import give_a_badge, hold_one, report_one
from matching import roster
from matching.models import (
    Appointment,
    BookedSlot,
    HelpRequest,
    Match,
    MatchEvent,
    Order,
    RequestEvent,
    RequestWindow,
    Round,
    RoundResult,
)
from messaging.models import Conversation, Mark, Message
from places.models import ExactAddress, Place, Quarter

PEOPLE = (
    Place, ExactAddress, User, EmailAddress, RoleAssignment, TrustedPerson, VolunteerProfile,
    VolunteerProfile.served_quarters.through, OfferedSkill, Availability, AvailabilityException, Vetting,
    ParentConsent,
)  # fmt: skip
PAST = (
    HelpRequest, HelpRequest.skills.through, RequestWindow, RequestEvent, Round, RoundResult,
    Match, MatchEvent, Order, Appointment,
    BookedSlot, Conversation, Message, Mark,
)  # fmt: skip


@dataclass(frozen=True)
class City:
    """What stands now; `built` False: there were people already and nothing was touched."""

    built: bool
    quarters: int
    people: int
    requests: int
    matches: int
    messages: int


def seed(*, now: datetime, fresh: bool = False) -> City:
    """The demo city around `now` (aware). `fresh` empties the whole database first."""
    if fresh:
        call_command("flush", interactive=False, verbosity=0)
    built = not User.objects.exists()
    if built:
        _build(Shelf(now))
    rows = (Quarter, User, HelpRequest, Match, Message)
    return City(built, *(model.objects.count() for model in rows))


def _build(shelf: Shelf) -> None:
    with transaction.atomic():
        load_skills()
        quarters, people = _people_and_past(shelf)
        _is_no_news(shelf)
    roster.current(now=shelf.now)  # read once for all of today: inside a transaction nothing counts as read
    with transaction.atomic():  # its news leave the house after commit, as in daily life
        Today(shelf, people).everything(quarters)
        report_one(shelf, people)
        hold_one(shelf, people)
        give_a_badge(shelf, people)
        wait_for_the_office(shelf, quarters[HOME])
        _is_no_news(shelf)


def _is_no_news(shelf: Shelf) -> None:
    """What was only built: small rounds look at what happens from now on."""
    VolunteerChange.objects.update(at=shelf.now - timedelta(hours=1))


def _people_and_past(shelf: Shelf) -> tuple[dict[str, Quarter], People]:
    quarters = city.build_quarters()
    houses = city.build_houses(quarters, shelf.dice)
    people = Builder(shelf, houses).everybody(quarters)
    Past(shelf, people).everything(quarters.values())
    shelf.write(*PEOPLE, *PAST)
    second_factors()
    return quarters, people
