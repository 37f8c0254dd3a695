"""How somebody wants to be told, as one form: on the own profile and on the desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from messaging.actions.wishes import Choice, topics_of
from messaging.models import Way
from messaging.outbox import ways

QUIET = [(hour * 60, f"{hour}:00") for hour in range(24)]


class NoticeWishForm(forms.Form):
    """
    Per topic one way, the quiet hours, the digest. Topics that leave no choice are left out.

    `chosen()`: what `set_wishes` takes.
    """

    rests = forms.BooleanField(label=_("Zu bestimmten Zeiten nicht stören"), required=False)
    quiet_from = forms.TypedChoiceField(label=_("Ruhe ab"), choices=QUIET, coerce=int)
    quiet_until = forms.TypedChoiceField(label=_("Ruhe bis"), choices=QUIET, coerce=int)
    digest = forms.BooleanField(
        label=_("Was Zeit hat, einmal am Tag zusammen"),
        required=False,
        help_text=_("Um 17 Uhr. Was eine Antwort braucht, kommt gleich."),
    )
    sms_if_urgent = forms.BooleanField(
        label=_("Wenn es eilt, auch per SMS"),
        required=False,
        help_text=_("Zum Beispiel, wenn ein Termin am selben Tag ausfällt."),
    )

    def __init__(self, person: User, data: Any = None) -> None:
        wish = ways.wish_of(person)
        rests = wish.quiet_from != wish.quiet_until
        quiet = {"quiet_from": wish.quiet_from if rests else 20 * 60, "quiet_until": wish.quiet_until if rests else 480}
        super().__init__(
            data, initial={"rests": rests, "digest": wish.digest, "sms_if_urgent": wish.sms_if_urgent} | quiet
        )
        if not ways.is_open(Way.SMS, person):
            del self.fields["sms_if_urgent"]
        choices = [choice for choice in topics_of(wish) if len(choice.ways) > 1]
        self.topics = [choice.topic.name for choice in choices]
        self.fields |= {f"way_{choice.topic.name}": _way(choice) for choice in choices}

    def ways(self) -> list[Any]:
        """The fields of the topics, for the page."""
        return [self[f"way_{name}"] for name in self.topics]

    def chosen(self) -> dict[str, Any]:
        typed = self.cleaned_data
        until = typed["quiet_until"] if typed["rests"] else typed["quiet_from"]
        found = {"ways": {name: typed[f"way_{name}"] for name in self.topics}, "quiet_from": typed["quiet_from"]}
        ticks = {name: typed[name] for name in ("digest", "sms_if_urgent") if name in self.fields}
        return found | ticks | {"quiet_until": until}


def _way(choice: Choice) -> forms.ChoiceField:
    shown = [(way, Way(way).label) for way in choice.ways]
    return forms.ChoiceField(label=choice.topic.label, choices=shown, initial=choice.way)
