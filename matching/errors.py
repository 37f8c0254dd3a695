"""The conflicts of matching, each with a sentence for the person who was a moment too late."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict


class AlreadyFilled(Conflict):
    """Every helper place is taken by somebody who said yes before."""

    code = "already_filled"
    detail = _("Jemand war schneller. Danke, dass Sie helfen wollten.")


class PlacesHeld(Conflict):
    """As many said yes as are needed: nobody else is asked now."""

    code = "places_held"
    detail = _("Hier hat schon jemand zugesagt. Der Vorschlag bleibt liegen, falls es doch nicht klappt.")


class AddressClosed(Conflict):
    """Their talk rests: one of the two wants no contact, or the office paused it. Which, nobody is told."""

    code = "address_closed"
    detail = _("Name und Adresse sind gerade nicht zu sehen. Ihr Quartiersbüro sagt Ihnen, wie es weitergeht.")


class ArrangingRests(Conflict):
    """Their talk rests, so nothing new is arranged in it either. Why, nobody is told."""

    code = "arranging_rests"
    detail = _(
        "Zurzeit kann man hier keine Termine verabreden. Absagen geht. Ihr Quartiersbüro hilft Ihnen gern weiter."
    )


class AlreadyPaired(Conflict):
    """One live match per request and volunteer."""

    code = "already_paired"
    detail = _("Diese beiden sind schon miteinander im Gespräch.")


class NoCapacity(Conflict):
    """The volunteer holds as many live matches as they want."""

    code = "no_capacity"
    detail = _("Diese Helferin oder dieser Helfer hat schon so viele Vermittlungen, wie sie oder er möchte.")


class NotAPair(Conflict):
    """A gate stands between the two; `fields["gates"]` names them."""

    code = "not_a_pair"
    detail = _("Diese Vermittlung geht nicht.")


class DeadlinePassed(Conflict):
    """The time for an answer is over."""

    code = "deadline_passed"
    detail = _("Die Frist für Ihre Antwort ist vorbei. Danke, dass Sie helfen wollten.")


class SlotTaken(Conflict):
    """One of the two already has an appointment then."""

    code = "slot_taken"
    detail = _("Zu dieser Zeit hat eine oder einer von beiden schon einen Termin.")


class AlreadyRunning(Conflict):
    """The same day and time is proposed or agreed as a series of this match already."""

    code = "series_exists"
    detail = _("Diese regelmäßige Zeit gibt es schon.")


class NotOnThatDay(Conflict):
    """What has to be checked does not hold on the day of the visit, or a rule for the young stands against it."""

    code = "not_on_that_day"
    detail = _("An diesem Tag geht es nicht.")
