"""Paper from the desk: letters, poster, monthly sheet."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from accounts import roles
from accounts.actions.addresses import read_address
from accounts.models import User
from core.database import find
from core.errors import NotVisible
from matching.desk import letter_list, scope
from matching.desk.scope import for_workers
from matching.models import Appointment
from matching.paper import answer, letters, reading
from matching.paper.month import month_sheet
from matching.paper.office import office_of
from matching.paper.poster import poster as poster_sheet
from matching.paper.press import Sheet


@require_safe
@for_workers
def poster(request: HttpRequest, pk: UUID, *, pdf: bool) -> HttpResponse:
    """In the language the worker reads just now."""
    quarter = find(roles.quarters_of(request.user), pk)
    sheet = poster_sheet(office_of(quarter), quarter=quarter.name)
    links = [(_("Zurück zu den Einstellungen"), reverse("desk:quarter", args=[pk]))]
    there = reverse("desk:poster_pdf", args=[pk])
    return answer.pdf(sheet) if pdf else answer.page(request, sheet, pdf_address=there, links=links)


@require_safe
@for_workers
def month(request: HttpRequest, pk: UUID, *, pdf: bool) -> HttpResponse:
    """`?monat=2026-03`; without it the month before this one, which is over."""
    quarter = find(roles.quarters_of(request.user), pk)
    today = timezone.localdate()
    first = _month(request.GET.get("monat", "")) or _before(today.replace(day=1))
    visits = reading.visits_of(quarter, first)
    sheet = month_sheet(visits, office_of(quarter), quarter=quarter.name, month=first, today=today)
    there = reverse("desk:month_pdf", args=[pk]) + f"?monat={first:%Y-%m}"
    return answer.pdf(sheet) if pdf else answer.page(request, sheet, pdf_address=there, links=_around(pk, first))


@require_safe
@for_workers
def pledge(request: HttpRequest, pk: UUID, *, pdf: bool) -> HttpResponse:
    """The text to sign today, with the helper's name on it."""
    sheet = reading.pledge_sheet(find(scope.people(request.user).select_related("quarter", "volunteer_profile"), pk))
    there, links = reverse("desk:pledge_form_pdf", args=[pk]), [(_("Zurück"), reverse("desk:steps", args=[pk]))]
    return answer.pdf(sheet) if pdf else answer.page(request, sheet, pdf_address=there, links=links)


@require_safe
@for_workers
def consent(request: HttpRequest, pk: UUID, *, pdf: bool) -> HttpResponse:
    """For the parents of a helper under 18."""
    person = find(scope.people(request.user).select_related("quarter", "volunteer_profile"), pk)
    sheet = reading.consent_sheet(person, now=timezone.now())
    there, links = reverse("desk:consent_form_pdf", args=[pk]), [(_("Zurück"), reverse("desk:steps", args=[pk]))]
    return answer.pdf(sheet) if pdf else answer.page(request, sheet, pdf_address=there, links=links)


@require_safe
@for_workers
def letters_waiting(request: HttpRequest) -> HttpResponse:
    """Who should hear something and gets it by letter: they asked for that, or there is no number."""
    quarters = scope.chosen(request.desk_quarters, request.GET.get("quartier", ""))
    rows = letter_list.waiting(quarters, reader=request.user, now=timezone.now())
    return render(request, "desk/letters.html", {"rows": rows, "tab": "calls"})


@require_http_methods(["GET", "HEAD", "POST"])
@for_workers
def letter(request: HttpRequest, kind: str, to: str, pk: UUID) -> HttpResponse:
    """
    GET shows the letter without the address; POST opens the address, which is kept with the worker's name, and prints.

    What is no longer so is not written: it does not exist (404).
    """
    chosen = letters.named(kind, to)
    if chosen is None:
        raise NotVisible
    thing = _thing(request, chosen, pk)
    person = find(scope.people(request.user).select_related("place"), reading.recipient(chosen, thing).pk)
    if not reading.holds(chosen, thing, now=timezone.now()):
        raise NotVisible
    if request.method != "POST":
        sheet = _letter(request, chosen, thing, person, [person.full_name])
        return render(request, "desk/letter.html", {"sheet": sheet, "words": sheet.words, "person": person})
    sheet = _letter(request, chosen, thing, person, _address(request, person))
    links = [(_("Zurück zum Brief"), request.path)]
    return answer.page(request, sheet, links=links) if "seite" in request.POST else answer.pdf(sheet)


def _letter(
    request: HttpRequest, chosen: letters.Letter, thing: reading.Thing, person: User, recipient: list[str]
) -> Sheet:
    now = timezone.now()
    with override(person.language):
        return letters.letter(
            chosen.says(reading.news(chosen, thing, now=now)),
            office_of(reading.request_of(thing).quarter),
            name=person.full_name,
            recipient=recipient,
            today=timezone.localdate(now),
            signed=request.user.full_name,
        )


def _address(request: HttpRequest, person: User) -> list[str]:
    """Name and address as the post wants them; somebody without an address gets the letter by hand."""
    if person.place is None:
        return [person.full_name]
    try:
        exact = read_address(place=person.place, by=request.user, reason="letter", now=timezone.now())
    except NotVisible:
        return [person.full_name]
    return [person.full_name, f"{exact.street} {exact.number}".strip(), f"{exact.postcode} {exact.city}".strip()]


def _thing(request: HttpRequest, chosen: letters.Letter, pk: UUID) -> reading.Thing:
    """Nobody is the worker of their own pair."""
    pairs = scope.matches(request.user).exclude(resident=request.user).exclude(volunteer=request.user)
    rows: dict[str, QuerySet] = {
        "match": pairs.for_cards(),  # type: ignore[attr-defined]
        "request": scope.cases(request.user).exclude(resident=request.user).for_cards(),  # type: ignore[attr-defined]
        "appointment": Appointment.objects.filter(match__in=pairs).for_lists().select_related("replaces"),
    }
    return find(rows[chosen.about], pk)


def _month(text: str) -> date | None:
    """None for what is no month of these times."""
    try:
        first = date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None
    return first if first and 2000 <= first.year < 2100 else None


def _around(pk: UUID, first: date) -> list[tuple[str, str]]:
    """The way back, the month before and the one after."""
    there = reverse("desk:month", args=[pk])
    after = (first + timedelta(days=32)).replace(day=1)
    return [
        (_("Zurück zu den Einstellungen"), reverse("desk:quarter", args=[pk])),
        (date_format(_before(first), "F Y"), f"{there}?monat={_before(first):%Y-%m}"),
        (date_format(after, "F Y"), f"{there}?monat={after:%Y-%m}"),
    ]


def _before(first: date) -> date:
    return date(first.year - (first.month == 1), (first.month - 2) % 12 + 1, 1)
