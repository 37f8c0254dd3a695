"""People, and what they are to each other: roles, trust, blocks, who read whose address."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from core.models import Kept, Row
from core.privacy import Privacy
from places.models import Place, Quarter


class PeopleQuerySet(models.QuerySet["User"]):
    """Everybody is fetched through `visible_to`, so a stranger meets 404."""

    def visible_to(self, user: object) -> "PeopleQuerySet":
        """Oneself, and for a worker the people of their quarters."""
        from accounts import roles  # roles reads these models and is the one place that knows who works where

        own = Q(pk=getattr(user, "pk", None))
        return self.filter(own | Q(quarter__in=roles.quarters_of(user)))  # type: ignore[arg-type]


class PeopleManager(BaseUserManager.from_queryset(PeopleQuerySet)):  # type: ignore[misc]
    """People exist without e-mail and without login: a caller is a first-class person."""

    def create_user(self, email: str | None = None, password: str | None = None, **fields: object) -> "User":
        """A person; without a password they cannot log in by one. `email` None for people without."""
        person = self.model(email=self.normalize_email(email).lower() if email else None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin, Kept):
    """A person: resident, volunteer, trusted person, worker, coordinator - often several at once."""

    privacy = Privacy(
        "the person",
        "P2",
        "to reach and to name them",
        "two years after the last use, or on their wish; seven days where the address was never shown to be theirs",
        of=("pk",),
        leaves_out=("password", "search_key", "auth_epoch", "is_staff", "is_superuser", "is_active"),
    )

    class Gender(models.TextChoices):
        UNSAID = "", _("Keine Angabe")
        WOMAN = "woman", _("Frau")
        MAN = "man", _("Mann")
        DIVERSE = "diverse", _("Divers")

    class Channel(models.TextChoices):
        ONLINE = "online", _("Im Internet, mit E-Mail")
        PHONE = "phone", _("Anruf vom Quartiersbüro")
        LETTER = "letter", _("Brief")

    class CallTime(models.TextChoices):
        """When somebody likes to be called."""

        ANY = "", _("Egal")
        MORNING = "morning", _("Vormittags")
        NOON = "noon", _("Mittags")
        AFTERNOON = "afternoon", _("Nachmittags")
        EVENING = "evening", _("Am frühen Abend")

    email = models.EmailField(_("E-Mail-Adresse"), unique=True, null=True, blank=True)
    phone = PhoneNumberField(_("Telefonnummer"), blank=True, default="")
    # Changed by the office, as heard from whoever called or stood there; what people change themselves is not noted.
    phone_changed_on = models.DateField(null=True, blank=True)
    phone_changed_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    email_changed_on = models.DateField(null=True, blank=True)
    email_changed_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    first_name = models.CharField(_("Vorname"), max_length=60)
    last_name = models.CharField(_("Nachname"), max_length=60, blank=True)
    born_on = models.DateField(_("Geburtstag"), null=True, blank=True)
    gender = models.CharField(_("Geschlecht"), max_length=8, choices=Gender, default=Gender.UNSAID, blank=True)
    languages = models.JSONField(default=list, blank=True, help_text="ISO 639-1 codes, e.g. ['de', 'tr']")
    quarter = models.ForeignKey(Quarter, models.PROTECT, null=True, blank=True, related_name="people")
    place = models.OneToOneField(Place, models.SET_NULL, null=True, blank=True, related_name="person")
    wants_help = models.BooleanField(default=True)  # signed up as resident; helping is a VolunteerProfile
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.ONLINE)
    call_time = models.CharField(max_length=10, choices=CallTime, default=CallTime.ANY, blank=True)
    share_phone = models.BooleanField(default=False, help_text=_("Nummer nach der Zusage zeigen"))
    text_size = models.CharField(max_length=8, default="normal")
    language = models.CharField(max_length=5, default="de")
    search_key = models.CharField(max_length=300, blank=True, db_index=True)  # accounts.search.key(...)
    created_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    joined_at = models.DateTimeField(default=timezone.now)
    suspended_at = models.DateTimeField(null=True, blank=True)
    auth_epoch = models.PositiveIntegerField(default=0)  # raised to cut every open session and socket
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name"]
    objects = PeopleManager()

    class Meta:
        ordering = ["last_name", "first_name", "id"]

    def __str__(self) -> str:
        return f"person {self.pk}"  # never a name: this ends up in logs

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.first_name


class RoleAssignment(Row):
    """A worker of one quarter, or a coordinator of the city (no quarter). Read through `accounts.roles` only."""

    privacy = Privacy("the worker", "P3", "who may do what", "with the account", of=("user",))

    class Role(models.TextChoices):
        WORKER = "worker", _("Quartiersarbeit")
        COORDINATOR = "coordinator", _("Koordinationsstelle")

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments")
    role = models.CharField(max_length=12, choices=Role)
    quarter = models.ForeignKey(Quarter, models.CASCADE, null=True, blank=True, related_name="workers")
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(role="worker", quarter__isnull=False) | Q(role="coordinator", quarter__isnull=True),
                name="worker_has_a_quarter_and_coordinator_none",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "quarter"], condition=Q(until__isnull=True), name="one_running_role"
            ),
            models.UniqueConstraint(
                fields=["user"], condition=Q(until__isnull=True, quarter__isnull=True), name="one_running_city_role"
            ),
        ]


class TrustedPersonQuerySet(models.QuerySet["TrustedPerson"]):
    def acting(self) -> "TrustedPersonQuerySet":
        """May act now: named, said yes themselves, not taken back."""
        return self.filter(agreed_at__isnull=False, revoked_at__isnull=True)

    def unanswered(self) -> "TrustedPersonQuerySet":
        """Named, and neither yes nor no yet: a name without any right."""
        return self.filter(agreed_at__isnull=True, revoked_at__isnull=True)

    def ever_acting(self) -> "TrustedPersonQuerySet":
        """May act or once might."""
        return self.filter(agreed_at__isnull=False)


class TrustedPerson(Row):
    """
    A relative or friend whom the resident named; may act for them once they said yes themselves, until revoked.

    `since`: named; `agreed_at`: their own yes, None before it. Rights are asked through `acting()` only.
    """

    privacy = Privacy(
        "the resident",
        "P2",
        "to act for them",
        "with the resident's account",
        of=("resident", "person"),
        leaves_out=("name",),
    )

    resident = models.ForeignKey(User, models.CASCADE, related_name="trusted_people")
    person = models.ForeignKey(User, models.CASCADE, related_name="trusts")
    name = models.CharField(max_length=120, blank=True)  # as the resident wrote it; says nothing about the account
    since = models.DateTimeField(default=timezone.now)
    agreed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TrustedPersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "person"], condition=Q(revoked_at__isnull=True), name="trusted_once"
            ),
            models.CheckConstraint(condition=~Q(resident=F("person")), name="nobody_is_their_own_trusted_person"),
        ]


class BlockQuerySet(models.QuerySet["Block"]):
    def told_by(self, person: object) -> "BlockQuerySet":
        """Those this person set by their own hand: all they may read and lift."""
        return self.filter(blocker=person, entry=None)


class Block(Row):
    """
    One person does not want to be paired with another; never told to the other.

    `entry`: found by what the blocker said in advance. It counts like any other, but even they do not read it: what
    they see, are copied and can lift are those without.
    """

    privacy = Privacy("the blocker", "P1", "safety", "with either account", of=("blocker",), hides=("entry",))

    blocker = models.ForeignKey(User, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, models.CASCADE, related_name="+")
    entry = models.ForeignKey("accounts.KeepApart", models.CASCADE, null=True, related_name="ties")
    since = models.DateTimeField(default=timezone.now)

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], condition=Q(entry=None), name="blocked_once"),
            models.UniqueConstraint(
                fields=["entry", "blocked"], condition=Q(entry__isnull=False), name="tied_once_by_an_entry"
            ),
        ]


class AddressReading(Kept):
    """Somebody looked at an exact address: who, when, why, and for which match."""

    privacy = Privacy(
        "the person who lives there",
        "P2",
        "proof of who saw an address",
        "three years",
        of=("place__person",),
        stays="that an address was read, by whom and when; no longer whose",
    )

    place = models.ForeignKey(Place, models.SET_NULL, null=True, related_name="+")  # the proof outlives the place
    reader = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=40)
    match_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "id"]


class Look(Kept):
    """Somebody of the office looked at a person's page or case: kept for a year, and shown to that person."""

    privacy = Privacy("the person looked at", "P2", "proof of who saw what", "one year", of=("person",))

    class What(models.TextChoices):
        PERSON = "person", _("Ihre Angaben")
        CASE = "case", _("Ihre Bitte um Hilfe")
        COPY = "copy", _("Die Kopie Ihrer Daten")

    person = models.ForeignKey(User, models.CASCADE, related_name="looks")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    what = models.CharField(max_length=8, choices=What)
    api = models.BooleanField(default=False)  # through an app and not on a page
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["person", "what", "at"], name="looks_at_a_person")]
