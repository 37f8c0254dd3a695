"""The office a sheet speaks for."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from places.models import Quarter


@dataclass(frozen=True)
class Office:
    """`phone` and `carrier` are the city's own where the quarter has none; `hours` and `address` may be empty."""

    name: str
    carrier: str
    address: str
    phone: str
    hours: str

    @property
    def words(self) -> dict[str, str]:
        """As every layout expects it."""
        return {"office": self.name, "carrier": self.carrier, "phone": self.phone, "hours": self.hours}


def office_of(quarter: Quarter) -> Office:
    return Office(
        name=quarter.office_name or _("Quartiersbüro %(quarter)s") % {"quarter": quarter.name},
        carrier=quarter.carrier or settings.CARRIER_NAME,
        address=quarter.office_address or settings.OPERATOR_ADDRESS,
        phone=quarter.office_phone or settings.CITY_PHONE or settings.OPERATOR_PHONE,
        hours=quarter.office_hours,
    )
