"""What comes with a step of trust, with the parents' yes, and with a new version of the city's rules."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import skills, trust
from accounts.actions.vetting import KINDS
from accounts.forms.parts import DAY_FORMATS
from accounts.models import Skill, Step
from accounts.youth import Youth


def _day(label: object, *, required: bool = False, hint: object = "") -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget, input_formats=DAY_FORMATS)


class StepForm(forms.Form):
    """One step; with nothing but its name it was taken today and all is well."""

    kind = forms.ChoiceField(choices=[(kind, kind) for kind in KINDS], widget=forms.HiddenInput)
    on = _day(_("Am"))
    valid_until = _day(_("Gültig bis"), hint=_("Leer lassen für die übliche Dauer."))
    dated = _day(_("Tag auf dem Führungszeugnis"), hint=_("Höchstens drei Monate vor dem Einsehen."))
    suitable = forms.TypedChoiceField(
        label=_("Ergebnis"),
        required=False,
        choices=[("yes", _("In Ordnung")), ("no", _("Nicht geeignet"))],
        coerce=lambda value: value == "yes",
        empty_value=True,
    )

    def __init__(self, data: Any = None, *, step: str = "", today: date | None = None) -> None:
        super().__init__(data, auto_id=f"{step}_%s", initial={"kind": step, "on": today})
        if step != Step.CERTIFICATE and data is None:
            del self.fields["dated"]


class ParentsForm(forms.Form):
    """The parent one can call on the day of a visit."""

    name = forms.CharField(label=_("Name der Mutter, des Vaters oder Vormunds"), max_length=120)
    phone = forms.CharField(
        label=_("Telefon für den Tag des Besuchs"),
        max_length=40,
        widget=forms.TextInput({"type": "tel"}),
        help_text=_("Steht bei jedem Besuch: Diese Person ist dann zu erreichen."),
    )


class MatrixForm(forms.Form):
    """Which help needs which step: a box for each group and step, and for each kind of help and step."""

    note = forms.CharField(
        label=_("Warum diese Änderung?"),
        max_length=200,
        error_messages={"required": _("Bitte schreiben Sie kurz, warum. Das steht bei der Fassung.")},
    )

    def __init__(self, data: Any = None, *, matrix: trust.Matrix) -> None:
        super().__init__(data)
        self.matrix = matrix
        self.kinds = list(skills.offered())
        for step in trust.STEPS:
            for name, initial in (("months", matrix.months.get(step)), ("renew", matrix.renew_days.get(step))):
                self.fields[f"{name}-{step}"] = forms.IntegerField(
                    label=Step(step).label, required=False, min_value=1, max_value=240, initial=initial
                )

    def rows(self) -> list[dict[str, Any]]:
        """Groups with their kinds, each with its boxes (name, ticked)."""
        ticked = set(self.data.getlist("needs")) if self.is_bound else self._now()
        return [
            {"title": title, "boxes": _boxes(slug, ticked), "kinds": self._kinds(slug, ticked)}
            for slug, title in skills.GROUPS.items()
        ]

    def lasting(self) -> list[tuple[Any, Any, Any]]:
        return [(Step(step).label, self[f"months-{step}"], self[f"renew-{step}"]) for step in trust.STEPS]

    def changes(self) -> dict[str, Any]:
        """The keywords of `change_gates`."""
        ticked = set(self.data.getlist("needs"))
        groups = {slug: [step for step in trust.STEPS if f"{slug}:{step}" in ticked] for slug in skills.GROUPS}
        kinds = {
            kind.slug: [step for step in trust.STEPS if f"{kind.group}/{kind.slug}:{step}" in ticked]
            for kind in self.kinds
        }
        return {"groups": groups, "kinds": kinds} | {
            name: {step: value for step in trust.STEPS if (value := self.cleaned_data[f"{field}-{step}"])}
            for name, field in (("months", "months"), ("renew_days", "renew"))
        }

    def _kinds(self, group: str, ticked: set[str]) -> list[dict[str, Any]]:
        members = [kind for kind in self.kinds if kind.group == group]
        return [{"name": skills.name(kind), "boxes": _boxes(f"{group}/{kind.slug}", ticked)} for kind in members]

    def _now(self) -> set[str]:
        of_groups = {f"{slug}:{step}" for slug in skills.GROUPS for step in self.matrix.groups.get(slug, ())}
        return of_groups | {
            f"{kind.group}/{kind.slug}:{step}" for kind in self.kinds for step in self.matrix.further(kind)
        }


class YouthForm(forms.Form):
    """The bands of age from a day on."""

    since = _day(_("Gilt ab"), required=True)
    breaks = forms.CharField(
        label=_("Schulferien"),
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Eine Zeile je Ferien, zum Beispiel: 22.12.2026 - 06.01.2027"),
    )
    note = forms.CharField(label=_("Warum diese Änderung?"), max_length=200)

    def __init__(self, data: Any = None, *, youth: Youth, today: date) -> None:
        now = youth.on(today)
        said = "\n".join(f"{a:%d.%m.%Y} - {b:%d.%m.%Y}" for a, b in now.breaks)
        super().__init__(data, initial={"since": today, "breaks": said})
        self.bands = list(enumerate(now.bands))
        for index, band in self.bands:
            for name, label, value, low, high in (
                ("minutes", _("Minuten am Tag"), band.minutes_a_day, 0, 480),
                ("hours", _("Stunden in der Woche"), int(band.hours_a_week), 0, 40),
                ("first", _("Frühestens um (Stunde)"), band.first_minute // 60, 0, 23),
                ("last", _("Spätestens bis (Stunde)"), band.last_minute // 60, 1, 24),
                ("school", _("An Schultagen erst ab (Stunde)"), (band.after_school or 0) // 60 or None, 0, 24),
            ):
                self.fields[f"{name}-{index}"] = forms.IntegerField(
                    label=label, initial=value, min_value=low, max_value=high, required=name != "school"
                )
            choices = [(kind.slug, skills.name(kind)) for kind in Skill.objects.filter(minors_may=True)]
            self.fields[f"kinds-{index}"] = forms.MultipleChoiceField(
                label=_("Arten der Hilfe"),
                choices=choices,
                initial=sorted(band.kinds) or [slug for slug, _name in choices],
                widget=forms.CheckboxSelectMultiple,
                error_messages={"required": _("Bitte wählen Sie mindestens eine Art der Hilfe.")},
            )

    def groups(self) -> list[dict[str, Any]]:
        names = ("minutes", "hours", "first", "last", "school", "kinds")
        return [{"band": band, "fields": [self[f"{name}-{index}"] for name in names]} for index, band in self.bands]

    def clean_breaks(self) -> list[list[str]]:
        return [_span(line) for line in self.cleaned_data["breaks"].splitlines() if line.strip()]

    def changes(self) -> dict[str, Any]:
        """The keywords of `change_youth_rules`."""
        data = self.cleaned_data
        bands = [
            {
                "from_age": band.from_age,
                "to_age": band.to_age,
                "minutes_a_day": data[f"minutes-{index}"],
                "hours_a_week": data[f"hours-{index}"],
                "first_minute": data[f"first-{index}"] * 60,
                "last_minute": data[f"last-{index}"] * 60,
                "after_school": data[f"school-{index}"] * 60 if data[f"school-{index}"] else None,
                "kinds": sorted(data[f"kinds-{index}"]),
            }
            for index, band in self.bands
        ]
        return {"since": data["since"], "bands": bands, "breaks": data["breaks"], "note": data["note"]}


class PledgeForm(forms.Form):
    """A new text to sign."""

    text_de = forms.CharField(label=_("Text auf Deutsch"), max_length=4000, widget=forms.Textarea({"rows": 10}))
    text_en = forms.CharField(
        label=_("Text auf Englisch"), max_length=4000, required=False, widget=forms.Textarea({"rows": 10})
    )


def _boxes(of: str, ticked: set[str]) -> list[tuple[str, bool, Any]]:
    return [(f"{of}:{step}", f"{of}:{step}" in ticked, step.label) for step in trust.STEPS]


def _span(line: str) -> list[str]:
    days = [part.strip() for part in line.replace("–", "-").replace("bis", "-").split("-")]
    field = forms.DateField(input_formats=["%d.%m.%Y"])
    try:
        first, last = (field.clean(day) for day in days)
    except (ValidationError, ValueError) as wrong:
        raise ValidationError(gettext("Diese Zeile verstehen wir nicht: %(line)s") % {"line": line}) from wrong
    if last < first:
        raise ValidationError(gettext("Das Ende liegt vor dem Anfang: %(line)s") % {"line": line})
    return [first.isoformat(), last.isoformat()]
