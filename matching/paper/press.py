"""
A sheet of paper as a tagged PDF (PDF/UA-1), made in memory: nothing is written to disk.

The layouts hold no words and get them as JSON, so no name can be read as markup: `#`, `$`, `\\` and `@` are letters.
"""

import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
import typst

_LAYOUTS = Path(__file__).resolve().parent / "layouts"
# What the fonts that come with Typst print for certain: Latin, Greek, Cyrillic, Armenian, punctuation, money, arrows.
_PRINTED = ((0x20, 0x58F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x203E), (0x20A0, 0x20BF), (0x2190, 0x21FF))


@dataclass(frozen=True)
class Sheet:
    """
    `layout`: a file of `layouts/` and of `templates/paper/`. `name`: of the file, without anything personal.

    `language`: "de" or "en". `words`: what the layout prints; text, lists and mappings of text only.
    """

    layout: str
    name: str
    language: str
    title: str
    words: Mapping[str, Any]


def as_pdf(sheet: Sheet) -> bytes:
    """PDF/UA-1 with title and language set, fonts embedded."""
    return _pressed(sheet, format="pdf", pdf_standards=["ua-1"])


def as_pictures(sheet: Sheet, *, ppi: int = 80) -> list[bytes]:
    """One PNG per page: for people who look at what was made."""
    made = _pressed(sheet, format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def qr_code(address: str) -> str:
    """The address as an SVG that a telephone can read from paper."""
    return segno.make(address, error="m").svg_inline(omitsize=True, border=0)


def _pressed(sheet: Sheet, **how: Any) -> Any:
    data = {**sheet.words, "title": sheet.title, "lang": sheet.language}
    return typst.compile(
        str(_LAYOUTS / f"{sheet.layout}.typ"),
        root=str(_LAYOUTS),
        sys_inputs={"data": json.dumps(_printable(data))},
        ignore_system_fonts=True,
        **how,
    )


def _printable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_printable(one) for one in value]
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    return "".join(_sign(sign) for sign in unicodedata.normalize("NFC", str(value))).strip()


def _sign(sign: str) -> str:
    """A letter of another script is said to be missing ("?"); pictures and control signs fall away."""
    kind = unicodedata.category(sign)
    if sign == "\n" or (kind[0] != "C" and any(first <= ord(sign) <= last for first, last in _PRINTED)):
        return sign
    return {"L": "?", "N": "?", "Z": " ", "P": "?"}.get(kind[0], "")
