"""What a volunteer offers, when, and the pause."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import roles, rules, week
from accounts.actions import availability, profiles
from accounts.forms.parts import add_problems
from accounts.forms.profile import LEVELS, BirthdayForm, HelpingForm
from accounts.forms.times import ExceptionForm, PauseForm, SeriesForm, WeekForm
from accounts.models import AvailabilityException, VolunteerProfile
from core.errors import Invalid, NotVisible


@require_http_methods(["GET", "HEAD", "POST"])
def helping(request: HttpRequest) -> HttpResponse:
    """What I offer; whoever does not help yet is asked whether they would like to."""
    profile = roles.profile_of(request.user)
    if profile is None:
        return _begin(request)
    minor = rules.is_minor(request.user, today=timezone.localdate())
    form = HelpingForm(profile, request.POST if request.method == "POST" else None, is_minor=minor)
    if request.method == "POST" and form.is_valid():
        try:
            profiles.save_profile(
                person_id=request.user.pk, by=request.user, now=timezone.now(), changes=form.changes()
            )
            messages.success(request, _("Gespeichert."))
            return redirect("accounts:helping")
        except Invalid as wrong:
            add_problems(form, wrong)
    return render(request, "accounts/helping.html", {"form": form, "profile": profile, "levels": LEVELS})


@require_http_methods(["GET", "HEAD", "POST"])
def times(request: HttpRequest) -> HttpResponse:
    """My week; adding a row or a preset shows the page again without saving. Series stay as they are."""
    profile = _profile(request)
    data = request.POST if request.method == "POST" else None
    form = WeekForm(data, windows=profile.availabilities.all())
    unsaved = data is not None and _changed_only(form, data)
    if data is not None and not unsaved and form.is_valid():
        availability.set_availability(
            person_id=request.user.pk, by=request.user, now=timezone.now(), windows=form.windows, keep_series=True
        )
        messages.success(request, _("Ihre Zeiten sind gespeichert."))
        return redirect("accounts:times")
    return _times_page(request, profile, form, unsaved=unsaved)


@require_POST
def series(request: HttpRequest) -> HttpResponse:
    """Hours that come back, but not every week."""
    profile, form = _profile(request), SeriesForm(request.POST, prefix="series")
    if form.is_valid():
        try:
            availability.add_series(
                person_id=request.user.pk, by=request.user, now=timezone.now(), window=form.window()
            )
            messages.success(request, _("Eingetragen."))
            return redirect("accounts:times")
        except Invalid as wrong:
            add_problems(form, wrong)
    return _times_page(request, profile, series_form=form)


@require_POST
def remove_series(request: HttpRequest, pk: int) -> HttpResponse:
    availability.remove_series(availability_id=pk, person_id=request.user.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Gelöscht."))
    return redirect("accounts:times")


@require_POST
def exception(request: HttpRequest) -> HttpResponse:
    """Days away, or days with more time."""
    profile, form = _profile(request), ExceptionForm(request.POST)
    if form.is_valid():
        try:
            availability.add_exception(person_id=request.user.pk, by=request.user, now=timezone.now(), **form.changes())
            messages.success(request, _("Eingetragen."))
            return redirect("accounts:times")
        except Invalid as wrong:
            add_problems(form, wrong)
    return _times_page(request, profile, exception_form=form)


@require_POST
def remove_exception(request: HttpRequest, pk: int) -> HttpResponse:
    availability.remove_exception(exception_id=pk, person_id=request.user.pk, by=request.user, now=timezone.now())
    messages.success(request, _("Gelöscht."))
    return redirect("accounts:times")


@require_http_methods(["GET", "HEAD", "POST"])
def pause(request: HttpRequest) -> HttpResponse:
    """One tap to pause, one to come back."""
    profile, now = _profile(request), timezone.now()
    form = PauseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and "resume" in request.POST:
        profiles.resume(person_id=request.user.pk, by=request.user, now=now)
        messages.success(request, _("Willkommen zurück. Wir fragen Sie wieder."))
        return redirect("accounts:pause")
    if request.method == "POST" and form.is_valid():
        try:
            profiles.pause(person_id=request.user.pk, by=request.user, now=now, until=form.cleaned_data["until"])
            return redirect("accounts:pause")
        except Invalid as wrong:
            add_problems(form, wrong)
    context = {"form": form, "profile": profile, "is_paused": profile.is_paused_on(timezone.localdate(now))}
    return render(request, "accounts/pause.html", context)


def _begin(request: HttpRequest) -> HttpResponse:
    asks = request.user.born_on is None or "born_on" in request.POST
    form = BirthdayForm(request.POST if request.method == "POST" and asks else None)
    if request.method == "POST" and (not asks or form.is_valid()):
        born_on = form.cleaned_data["born_on"] if asks else None
        try:
            profiles.become_volunteer(person_id=request.user.pk, by=request.user, now=timezone.now(), born_on=born_on)
            return redirect("accounts:helping")
        except Invalid as wrong:
            form, asks = BirthdayForm({"born_on": born_on or request.user.born_on}), True
            add_problems(form, wrong)
    return render(request, "accounts/begin_helping.html", {"form": form if asks else None})


def _changed_only(form: WeekForm, data: object) -> bool:
    """A preset or one more row was asked for: show, do not save."""
    if preset := data.get("preset"):
        form.add_preset(preset)
    if weekday := data.get("add"):
        form.add_row(weekday)
    return bool(preset or weekday)


def _times_page(
    request: HttpRequest,
    profile: VolunteerProfile,
    form: WeekForm | None = None,
    *,
    series_form: SeriesForm | None = None,
    exception_form: ExceptionForm | None = None,
    unsaved: bool = False,
) -> HttpResponse:
    today = timezone.localdate()
    coming = profile.exceptions.filter(last_day__gte=today)
    form = form or WeekForm(windows=profile.availabilities.all())
    context = {
        "week": form,
        "days": form.shown(),
        "problems": form.problems(),
        "unsaved": unsaved,
        "presets": [{"name": name, "label": preset.label} for name, preset in week.PRESETS.items()],
        "series": week.series_of(profile.availabilities.all(), today=today),
        "series_form": series_form or SeriesForm(prefix="series"),
        "holidays": week.holidays_ahead(today),
        "helps_on_holidays": profile.helps_on_holidays,
        "exceptions": [{"row": row, "whole_day": _is_whole_day(row), "hours": week.hours(row)} for row in coming],
        "form": exception_form or ExceptionForm(),
    }
    return render(request, "accounts/times.html", context)


def _is_whole_day(row: AvailabilityException) -> bool:
    return (row.start_minute, row.end_minute) == (0, 1440)


def _profile(request: HttpRequest) -> VolunteerProfile:
    found = roles.profile_of(request.user)
    if found is None:
        raise NotVisible
    return found
