"""One request and one volunteer: how it was found, what was said, what followed."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import roles
from accounts.models import TrustedPerson, User
from core.models import Kept
from core.privacy import Privacy
from matching import states
from matching.models.requests import HelpRequest
from places.models import Quarter

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


# end_reason where a pair is over because somebody is gone
SUSPENDED = "suspended"  # one of the two must stay away
LEFT = "left"  # the volunteer stopped helping, or their account is no more
APART = "apart"  # one of the two wants no contact
GONE = (SUSPENDED, LEFT, APART)
NO_ROOM = "room"  # of a proposal nobody heard of: the volunteer wants to help fewer people at a time


class Weighing(models.Model):
    """One version of a quarter's weights. Append-only: the newest counts, and a match remembers the one it came by."""

    privacy = Privacy("nobody", "P3", "how pairs were found", "as long as the quarter")

    quarter = models.ForeignKey(Quarter, models.CASCADE, related_name="weighings")
    number = models.PositiveIntegerField(help_text="1, 2, ... within the quarter")
    weights = models.JSONField(help_text="part of the fit -> weight, see matching.scoring.WEIGHTS")
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["quarter", "-number"]
        constraints = [models.UniqueConstraint(fields=["quarter", "number"], name="one_weighing_per_number")]


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: "User | AnonymousUser") -> "RoundQuerySet":
        """Workers of the quarter."""
        return self.filter(quarter__in=roles.quarters_of(user))


class Round(Kept):
    """One run of the matcher over a quarter: weights used, result, what stayed unmatched and why."""

    privacy = Privacy("nobody", "P3", "how pairs were found", "one year")

    class Kind(models.TextChoices):
        HAND = "hand", _("von Hand")
        NIGHT = "night", _("in der Nacht")
        CHANGE = "change", _("nach einer Änderung")

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        RUNNING = "running", _("läuft")
        DONE = "done", _("fertig")
        FAILED = "failed", _("abgebrochen")

    quarter = models.ForeignKey(Quarter, models.CASCADE, related_name="rounds")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.HAND)
    state = models.CharField(max_length=8, choices=State, default=State.DONE)
    step = models.CharField(max_length=12, blank=True)  # what it is doing: load, solve, explain, save
    step_done = models.PositiveIntegerField(default=0)  # of step_of, for the progress bar
    step_of = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    dry_run = models.BooleanField(default=False)
    weighing = models.ForeignKey(Weighing, models.SET_NULL, null=True, related_name="+")
    weights = models.JSONField(default=dict)
    places = models.PositiveIntegerField(default=0)  # helper places that lacked somebody
    filled = models.PositiveIntegerField(default=0)
    fit = models.FloatField(default=0)  # the sum of the fits of the pairs found
    gap = models.FloatField(default=0)  # to the proven bound, as a share of it; 0: nothing better exists
    requests = models.PositiveIntegerField(default=0)
    volunteers = models.PositiveIntegerField(default=0)
    proposed = models.PositiveIntegerField(default=0)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "id"]


class RoundResult(models.Model):
    """What a round found for one request: the volunteer proposed with the parts, or why nobody."""

    privacy = Privacy(
        "the resident",
        "P2",
        "how pairs were found",
        "with the round",
        of=("request__resident", "volunteer"),
        kept_back="interim results that name others; what came of them is in the matches",
    )

    round = models.ForeignKey(Round, models.CASCADE, related_name="results")
    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="+")
    volunteer = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    score = models.FloatField(null=True)
    parts = models.JSONField(default=dict)
    reasons = models.JSONField(default=list)
    slot_start = models.DateTimeField(null=True)
    candidates = models.JSONField(default=list, help_text="[{v: volunteer, parts, slot}]: who could have been chosen")
    why_not = models.JSONField(default=dict, help_text="{gates: {gate: fell}, candidates, changes: [...]}")

    class Meta:
        ordering = ["id"]


class MatchQuerySet(models.QuerySet["Match"]):
    def live(self) -> "MatchQuerySet":
        return self.filter(state__in=states.LIVE)

    def visible_to(self, user: "User | AnonymousUser") -> "MatchQuerySet":
        """
        The volunteer from the moment they are asked, the resident (and trusted people) from the moment somebody said
        yes, workers of the request's quarter always.
        """
        if not user.is_authenticated:
            return self.none()
        trusted = TrustedPerson.objects.acting().filter(resident=OuterRef("resident"), person=user)
        return self.filter(
            Q(volunteer=user, asked_at__isnull=False)
            | (Q(resident=user) | Exists(trusted)) & Q(accepted_at__isnull=False) & Q(needs_review=False)
            | Q(request__quarter__in=roles.quarters_of(user))
        )

    def for_cards(self) -> "MatchQuerySet":
        return self.select_related(
            "request__quarter", "request__place", "resident", "volunteer__volunteer_profile", "order"
        ).prefetch_related("request__skills", "request__windows")


class Match(Kept):
    """One request and one volunteer, with score, reasons and a state ("Vermittlung")."""

    privacy = Privacy(
        "resident and volunteer",
        "P2",
        "to arrange the help",
        "one year after its end",
        of=("resident", "volunteer"),
        leaves_out=("end_reason", "score", "parts", "reasons", "slot_start"),
    )

    class Origin(models.TextChoices):
        ROUND = "round"
        HAND = "hand"
        SELF_OFFER = "self_offer"

    request = models.ForeignKey(HelpRequest, models.CASCADE, related_name="matches")
    resident = models.ForeignKey(User, models.CASCADE, related_name="matches_as_resident")  # as in request
    volunteer = models.ForeignKey(User, models.CASCADE, related_name="matches_as_volunteer")
    state = models.CharField(max_length=10, default=states.PROPOSED)
    origin = models.CharField(max_length=10, choices=Origin)
    round = models.ForeignKey(Round, models.SET_NULL, null=True, related_name="matches")
    weighing = models.ForeignKey(Weighing, models.SET_NULL, null=True, related_name="+")  # the weights it came by
    score = models.FloatField(null=True)
    parts = models.JSONField(default=dict, help_text="part of the fit -> 0..1")
    reasons = models.JSONField(default=list, help_text="[{code, ...}], said by matching.reasons")
    slot_start = models.DateTimeField(null=True)  # the first moment at which both could, as the matcher found it
    needs_review = models.BooleanField(default=False)  # a worker must look before the resident hears of it
    proposed_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True)
    deadline = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True)
    code_word = models.CharField(max_length=30, blank=True)  # matching.code_words; shown as `door_word`
    version = models.PositiveIntegerField(default=0)

    objects = MatchQuerySet.as_manager()

    class Meta:
        ordering = ["-proposed_at", "id"]
        indexes = [
            models.Index(fields=["state", "deadline"], name="matches_by_deadline"),
            models.Index(fields=["volunteer", "state"], name="matches_of_volunteer"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=states.MATCH_STATES), name="match_state_is_known"),
            models.UniqueConstraint(
                fields=["request", "volunteer"],
                condition=Q(state__in=states.LIVE),
                name="one_live_match_per_request_and_volunteer",
            ),
            models.CheckConstraint(condition=~Q(resident=F("volunteer")), name="nobody_helps_themselves"),
            models.CheckConstraint(
                condition=~Q(state__in=[states.CONFIRMED, states.COMPLETED]) | Q(confirmed_at__isnull=False),
                name="confirmed_match_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.ASKED) | Q(asked_at__isnull=False, deadline__isnull=False),
                name="asked_match_has_its_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"match {self.pk}"

    @property
    def is_live(self) -> bool:
        return self.state in states.LIVE

    @property
    def door_word(self) -> str:
        """The code word while it opens a door: "" before the confirmation and after the end."""
        return self.code_word if self.state == states.CONFIRMED else ""


class MatchEvent(models.Model):
    """One move of a match, append-only, with actor and reason."""

    privacy = Privacy(
        "resident and volunteer",
        "P2",
        "what happened when",
        "with the match",
        of=("match__resident", "match__volunteer"),
        leaves_out=("reason",),
    )

    match = models.ForeignKey(Match, models.CASCADE, related_name="events")
    move = models.CharField(max_length=20)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    spoken = models.BooleanField(default=False)  # the office heard it on the telephone
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]


class Order(Kept):
    """The dated order of the responsible carrier which a confirmed match creates: the insurance proof ("Auftrag")."""

    privacy = Privacy(
        "resident and volunteer",
        "P2",
        "insurance proof",
        "three years after the end",
        of=("match__resident", "match__volunteer"),
        stays="the numbered order: kind of help and day, without a name; claims after an accident come late",
    )

    match = models.OneToOneField(
        Match, models.SET_NULL, null=True, related_name="order"
    )  # the proof outlives the match
    number = models.CharField(max_length=20, unique=True)
    carrier = models.CharField(max_length=200)
    what = models.CharField(max_length=300)
    dated = models.DateField()
    created_at = models.DateTimeField(default=timezone.now)
