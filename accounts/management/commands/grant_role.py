"""`./run manage grant_role E-MAIL worker QUARTER` or `… coordinator`; `--revoke` ends the role."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actions.roles import grant_role, revoke_role
from accounts.models import RoleAssignment
from core.errors import HouseError, NotVisible
from places.models import Quarter


class Command(BaseCommand):
    help = "Give somebody a role, or take it: worker of one quarter, or coordinator of the city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument("role", choices=RoleAssignment.Role.values)
        parser.add_argument("quarter", nargs="?", default="", help="slug of the quarter, for a worker")
        parser.add_argument("--revoke", action="store_true")

    def handle(self, *, email: str, role: str, quarter: str, revoke: bool, **_options: Any) -> None:
        if (role == RoleAssignment.Role.WORKER) != bool(quarter):
            raise CommandError("A worker needs a quarter; a coordinator has none.")
        verb = revoke_role if revoke else grant_role
        try:
            verb(email=email, role=role, quarter_slug=quarter, now=timezone.now())
        except NotVisible as nothing:
            slugs = ", ".join(Quarter.objects.values_list("slug", flat=True)) or "none yet"
            raise CommandError(f"No such person or quarter. Quarters: {slugs}.") from nothing
        except HouseError as error:
            raise CommandError(str(error.detail)) from error
        self.stdout.write("The role has ended." if revoke else "The role is given; a second factor is asked for.")
