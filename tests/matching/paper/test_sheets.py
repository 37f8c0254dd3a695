"""Each sheet is opened again: tagged, in its language, with its title, of the right size, on one page."""

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.paper import letters, press
from matching.paper.poster import STRIPS
from tests.matching.paper.sheets import NEWS, OFFICE, a_door, a_letter, a_month, every_sheet, opened, pieces, text_of

A4_POINTS = (595, 842)
NAMES = sorted(every_sheet())
NASTY = [
    "#panic()",
    "$x^2$",
    "\\u{41}",
    "@ada",
    "*fett*",
    "_kursiv_",
    "<marke>",
    "[inhalt]",
    "`roh`",
    "// nichts",
    '"zu"',
]
LONG_NAME = "Maximiliane-Alexandrina Wilhelmine Friederike-Luise von und z"


@pytest.fixture(scope="module", params=["de", "en"])
def sheets(request):
    with override(request.param):
        yield request.param, every_sheet()


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_tagged_titled_and_in_its_language(name, sheets):
    language, made = sheets
    pdf = opened(made[name])
    root = pdf.root_object
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"].split("-")[0] == language
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert pdf.metadata.title == made[name].title
    assert b"<pdfuaid:part>1<" in root["/Metadata"].get_data()


@pytest.mark.parametrize("name", NAMES)
def test_a_sheet_is_one_page_a4_with_its_own_fonts(name, sheets):
    pdf = opened(sheets[1][name])
    assert len(pdf.pages) == 1
    page = pdf.pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == A4_POINTS
    for font in page["/Resources"]["/Font"].values():
        kept = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert any(key.startswith("/FontFile") for key in kept)


def test_a_long_month_has_as_many_pages_as_it_takes():
    assert len(opened(a_month(120)).pages) > 2


@pytest.mark.parametrize("name", ["A" * 60, LONG_NAME])
def test_a_long_name_does_not_need_a_second_page(name):
    assert [key for key, sheet in every_sheet(name).items() if len(opened(sheet).pages) > 1] == []


def test_umlauts_come_out_as_letters():
    text = text_of(a_door("Jörg Büßer"))
    assert "Jörg Büßer" in text
    assert "Tür" in text


@pytest.mark.parametrize("name", NASTY)
def test_no_name_is_read_as_markup(name):
    assert name in text_of(a_door(name))
    assert name in text_of(a_letter(letters.LETTERS[1], name=name)).replace("\n", " ")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(min_size=1, max_size=40))
def test_whatever_a_name_holds_a_sheet_comes_out_of_it(name):
    assert press.as_pdf(a_door(name, times=1)).startswith(b"%PDF")


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="abcäöüß#$\\@*_<>[]{}`~/\"'=+-.0 ", min_size=1, max_size=14))
def test_what_is_typed_is_what_is_printed(name):
    squeezed = "".join(text_of(a_door(name, times=1)).split())
    assert "".join(name.split()) in squeezed


def test_other_scripts_and_pictures_are_no_reason_to_fail():
    text = text_of(a_door("Ада 李 😀"))
    assert "Ада ?" in text


def test_the_office_can_be_called_from_every_strip():
    assert text_of(every_sheet()["poster"]).count(OFFICE.phone) == STRIPS + 1


def test_nothing_on_the_door_card_is_smaller_than_16_points():
    sizes = [size for name in ("Büşra", LONG_NAME) for size, _x, _y, _text in pieces(a_door(name))]
    assert min(sizes) > 15.9


def test_the_address_stands_in_the_window():
    """DIN 5008, form B: between 62.7 and 90 mm from the top, from 20 to 105 mm from the left."""
    found = [(x, y) for _size, x, y, text in pieces(a_letter(letters.LETTERS[0])) if "51300 Musterstadt" in text]
    assert any(20 <= x <= 105 and 62.7 <= y <= 90 for x, y in found)


@pytest.mark.parametrize("one", letters.LETTERS, ids=lambda one: f"{one.key}-{one.to}")
def test_a_letter_names_the_code_word_only_where_somebody_comes(one):
    told = NEWS.word in text_of(a_letter(one))
    assert told == (one.key in ("kommt", "verschoben"))


def test_no_title_and_no_file_name_holds_a_person():
    for sheet in every_sheet("Büşra").values():
        assert "Büşra" not in sheet.title
        assert sheet.name.isascii()
