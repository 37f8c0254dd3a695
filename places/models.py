"""Where things are: quarters with their offices, the coarse cell everybody may know, the exact address few may read."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.privacy import NOT_PERSONAL, Privacy


class QuarterPolicy(models.Model):
    """How one quarter works; numbers a worker may change on the desk."""

    answer_hours = models.PositiveSmallIntegerField(default=48, help_text=_("Frist für eine Antwort, in Stunden"))
    admits_neighbours = models.BooleanField(default=True, help_text=_("Helfer aus Nachbarquartieren zulassen"))
    releases_routine = models.BooleanField(default=False, help_text=_("Einfache Hilfe ohne Freigabe anfragen"))
    first_pairs_reviewed = models.PositiveSmallIntegerField(
        default=2, help_text=_("So viele erste Vermittlungen prüft das Büro")
    )
    first_visits_single = models.PositiveSmallIntegerField(
        default=2, help_text=_("So viele erste Besuche gibt das Büro einzeln frei")
    )
    overdue_days = models.PositiveSmallIntegerField(
        default=5, help_text=_("Ab wann eine offene Bitte zu lange wartet, in Tagen")
    )
    talk_open_days = models.PositiveSmallIntegerField(
        default=14, help_text=_("So lange bleibt ein Gespräch nach dem Ende offen, in Tagen")
    )
    wave_size = models.PositiveSmallIntegerField(
        default=1, help_text=_("So viele werden zugleich gefragt, je Platz, der frei ist")
    )

    class Meta:
        abstract = True


class Quarter(Row, QuarterPolicy):
    """An area with a boundary, neighbours, an office and a policy."""

    privacy = NOT_PERSONAL

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    boundary = models.JSONField(help_text="GeoJSON Polygon or MultiPolygon, WGS84, [lon, lat]")
    south = models.FloatField()  # the bounding box, so that "which quarter is this" starts from indexed columns
    west = models.FloatField()
    north = models.FloatField()
    east = models.FloatField()
    office_name = models.CharField(max_length=120, blank=True)
    office_address = models.CharField(max_length=200, blank=True)
    office_phone = models.CharField(max_length=40, blank=True)
    office_hours = models.CharField(max_length=200, blank=True)
    carrier = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["south", "north"], name="quarter_latitudes")]
        constraints = [
            models.CheckConstraint(condition=models.Q(south__lte=models.F("north")), name="quarter_south_below_north"),
            models.CheckConstraint(condition=models.Q(west__lte=models.F("east")), name="quarter_west_before_east"),
        ]

    def __str__(self) -> str:
        return self.name


class Border(models.Model):
    """Two quarters that touch, with what lies between them ("A 59", "Dhünn"); one row per ordered pair."""

    privacy = NOT_PERSONAL

    quarter = models.ForeignKey(Quarter, models.CASCADE, related_name="borders")
    neighbour = models.ForeignKey(Quarter, models.CASCADE, related_name="+")
    barrier = models.CharField(max_length=60, blank=True)
    admitted = models.BooleanField(null=True, blank=True)  # None: as the quarter's policy says for all neighbours

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["quarter", "neighbour"], name="quarters_border_once"),
            models.CheckConstraint(
                condition=~models.Q(quarter=models.F("neighbour")), name="quarter_is_not_its_own_neighbour"
            ),
        ]


class House(models.Model):
    """One building of the imported address table; the geocoder's ground. Public data, no person in it."""

    privacy = NOT_PERSONAL

    street = models.CharField(max_length=120)
    number = models.CharField(max_length=12, blank=True)
    postcode = models.CharField(max_length=5, blank=True)
    city = models.CharField(max_length=80, blank=True)
    street_key = models.CharField(max_length=120, db_index=True)  # places.normalise.street_key(street)
    number_key = models.CharField(max_length=12)  # places.normalise.number_key(number)
    lat = models.FloatField()
    lon = models.FloatField()
    quarter = models.ForeignKey(Quarter, models.SET_NULL, null=True, related_name="houses")

    class Meta:
        indexes = [models.Index(fields=["street_key", "number_key"], name="house_by_street_and_number")]


class CellSize(models.Model):
    """
    The part of a fine cell that lies in one quarter, where it holds too few houses, and the coarser cell for it (L1).

    Others read the quarter beside the cell, so a sliver of a cell behind a border would give its few houses away.
    """

    privacy = NOT_PERSONAL

    fine = models.CharField(max_length=16, db_index=True)
    quarter = models.ForeignKey(Quarter, models.CASCADE, null=True, related_name="+")  # None: in no known quarter
    coarse = models.CharField(max_length=16)


class Place(Row):
    """
    What others may know of a spot: its quarter and its fixed coarse cell. Never the point.

    `cell` is empty while the address could not be found; such a place waits on the worker's desk.
    """

    privacy = Privacy(
        owner="resident or volunteer", data_class="P3", reason="nearness", until="with its owner", of=("person",)
    )

    quarter = models.ForeignKey(Quarter, models.PROTECT, related_name="places")
    cell = models.CharField(max_length=16, blank=True, db_index=True)
    moved_on = models.JSONField(default=list, blank=True, help_text="days of the last changes (L3: two in 30 days)")

    @property
    def is_found(self) -> bool:
        return bool(self.cell)


class ExactAddress(models.Model):
    """The exact point and address. Only `accounts.actions.addresses` reads it, and each reading leaves a row."""

    privacy = Privacy(
        owner="resident or volunteer",
        data_class="P2",
        reason="the visit",
        until="with its owner",
        of=("place__person",),
    )

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="+")
    street = models.CharField(max_length=120)
    street_key = models.CharField(max_length=120, blank=True, db_index=True)  # places.normalise.street_key(street)
    number = models.CharField(max_length=12, blank=True)
    postcode = models.CharField(max_length=5, blank=True)
    city = models.CharField(max_length=80, blank=True)
    hint = models.CharField(max_length=200, blank=True, help_text=_("Klingel, Etage, Hinterhaus"))
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
