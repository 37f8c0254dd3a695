"""How a quarter works: numbers a worker may change."""

from django import forms
from django.utils.translation import gettext_lazy as _

from places.models import Quarter


def _number(label: object, hint: object, *, least: int, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=hint,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )


class PolicyForm(forms.ModelForm):
    """The policy of one quarter, each number within what makes sense."""

    answer_hours = _number(
        _("Frist für eine Antwort"), _("In Stunden. So lange darf jemand überlegen."), least=1, most=336
    )
    wave_size = _number(
        _("Zugleich fragen"),
        _("So viele fragen wir zugleich für jeden freien Platz. Die erste Zusage gilt, den anderen danken wir."),
        least=1,
        most=10,
    )
    first_pairs_reviewed = _number(
        _("Erste Vermittlungen prüfen"),
        _("So viele erste Vermittlungen neuer Helferinnen und Helfer sieht das Büro zuerst."),
        least=0,
        most=20,
    )
    first_visits_single = _number(
        _("Erste Besuche einzeln freigeben"),
        _("So viele Besuche müssen gut gegangen sein, bevor jemand zusammen mit anderen freigegeben wird."),
        least=0,
        most=20,
    )
    overdue_days = _number(
        _("Überfällig nach"), _("In Tagen. Danach steht eine offene Bitte in der Liste „Überfällig“."), least=1, most=60
    )
    talk_open_days = _number(
        _("Gespräch nach dem Ende offen"), _("In Tagen. So lange können beide noch schreiben."), least=0, most=90
    )

    class Meta:
        model = Quarter
        fields = (
            "answer_hours",
            "wave_size",
            "overdue_days",
            "first_pairs_reviewed",
            "first_visits_single",
            "talk_open_days",
            "admits_neighbours",
            "releases_routine",
        )
        labels = {
            "admits_neighbours": _("Helferinnen und Helfer aus Nachbarquartieren zulassen"),
            "releases_routine": _("Einfache Hilfe ohne Freigabe anfragen"),
        }
        help_texts = {
            "admits_neighbours": _("Nur wer das selbst möchte, wird dort gefragt."),
            "releases_routine": _("Nie bei Hilfe, für die eine Prüfung nötig ist."),
        }
