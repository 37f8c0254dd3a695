"""
The message catalogues without GNU gettext: `python -m scripts.messages extract | check | compile`.

German stands in the code, so only `locale/en` (and later languages) exist. Babel reads and writes the catalogues.
`locale/packages` is written by hand: what libraries say on our pages (allauth's "Du"), in the house's own voice.
"""

import ast
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
PLACES = ("accounts", "config", "core", "matching", "messaging", "places", "templates")
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy", "_n"), (1, 2)),  # _n: marked here, said by ngettext later
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
_STRING = r"""u?(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_CALL = re.compile(rf"\b(_|n?p?gettext)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")


def extract():
    """A fresh Babel catalogue of everything marked in code and templates."""
    from babel.messages.catalog import Catalog

    found = Catalog(project="Gemeinsinn", charset="utf-8", fuzzy=False)
    for place in PLACES:
        for file in sorted((ROOT / place).rglob("*")):
            for line, message, context in _messages_in(file):
                found.add(message, context=context, locations=[(str(file.relative_to(ROOT)), line)])
    return found


def _messages_in(file: Path) -> Iterator[tuple]:
    if file.suffix == ".py":
        yield from _from_python(file)
    elif file.suffix in (".html", ".txt", ".subject"):
        yield from _from_template(file)


def _from_python(file: Path) -> Iterator[tuple]:
    from babel.messages.extract import extract_from_file

    for line, message, _comments, context in extract_from_file("python", file, keywords=KEYWORDS):
        yield line, message, context


def _from_template(file: Path) -> Iterator[tuple]:
    from django.utils.translation.template import templatize

    for number, line in enumerate(templatize(file.read_text()).splitlines(), start=1):
        for call in _CALL.finditer(line):
            parts = list(ast.literal_eval(f"({call[2]},)"))
            context = parts.pop(0) if "p" in call[1] else None
            yield number, tuple(parts[:2]) if len(parts) > 1 else parts[0], context


def catalogues() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def update_all() -> None:
    """Bring every catalogue up to the code: new messages come in empty, dead ones leave."""
    from babel.messages.pofile import read_po, write_po

    fresh = extract()
    for path in catalogues() or [LOCALE / "en" / "LC_MESSAGES" / "django.po"]:
        path.parent.mkdir(parents=True, exist_ok=True)
        language = path.parent.parent.name
        old = read_po(path.open("rb"), locale=language) if path.exists() else _empty(language)
        since = old.creation_date
        old.update(fresh, no_fuzzy_matching=True)
        old.creation_date = since  # or every look would change the file
        old.obsolete.clear()
        with path.open("wb") as out:
            write_po(out, old, width=110, include_lineno=False, sort_output=True, ignore_obsolete=True)
        print(f"{path.relative_to(ROOT)}: {len(old)} messages, {len(_gaps(old, fresh))} untranslated")


def _empty(language: str):
    from babel.messages.catalog import Catalog

    return Catalog(locale=language, project="Gemeinsinn", charset="utf-8", fuzzy=False)


def _gaps(catalogue, fresh) -> list[str]:
    gaps = []
    for message in fresh:
        if not message.id:
            continue
        known = catalogue.get(message.id, context=message.context)
        strings = known.string if known and isinstance(known.string, tuple) else (known.string if known else "",)
        if not all(strings) or known.fuzzy:
            gaps.append(str(message.id))
    return gaps


def check_all() -> int:
    """Number of messages without a translation; each is printed."""
    from babel.messages.pofile import read_po

    fresh, missing = extract(), 0
    for path in catalogues():
        for gap in _gaps(read_po(path.open("rb"), locale=path.parent.parent.name), fresh):
            print(f"{path.relative_to(ROOT)}: no translation for {gap!r}")
            missing += 1
    return missing


def compile_all() -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for path in [*catalogues(), *LOCALE.glob("packages/*/LC_MESSAGES/django.po")]:
        with path.open("rb") as source, path.with_suffix(".mo").open("wb") as out:
            write_mo(out, read_po(source, locale=path.parent.parent.name))


if __name__ == "__main__":
    os.chdir(ROOT)
    verb = sys.argv[1] if len(sys.argv) > 1 else "check"
    if verb == "extract":
        update_all()
    elif verb == "compile":
        compile_all()
    else:
        sys.exit(1 if check_all() else 0)
