"""How a sheet leaves the house: as a PDF, or as a page to print. Neither stays in a cache nor on a disk."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from matching.paper.press import Sheet, as_pdf


def pdf(sheet: Sheet) -> HttpResponse:
    answer = HttpResponse(as_pdf(sheet), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{sheet.name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def page(
    request: HttpRequest, sheet: Sheet, *, pdf_address: str = "", links: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """
    The same words as a page, printed by the browser's own menu. `pdf_address` "": the PDF has to be asked for.

    `links`: words and address of where one may go from here.
    """
    shown = {"sheet": sheet, "words": sheet.words, "pdf_address": pdf_address, "links": links}
    if "qr" in sheet.words:
        shown["qr"] = mark_safe(sheet.words["qr"])  # noqa: S308 - drawn by segno, holds no text of anybody
    answer = render(request, f"paper/{sheet.layout}.html", shown)
    answer["Cache-Control"] = "no-store"
    return answer
