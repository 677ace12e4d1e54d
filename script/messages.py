"""Translations without gettext's programs: the source is Indonesian, English comes from locale/en.

``messages.py update`` takes the sentences from code and templates into the .po file, ``compile`` makes the
.mo that Django reads, ``check`` says what has no English yet. The .po holds no line numbers and is sorted,
so that a change of code which changes no sentence changes nothing in it.
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
PYTHON_ROOTS = ("cilacap_stunting", "registry", "kpm", "dashboard", "demo")
TEMPLATE_ROOTS = ("templates", "registry/templates", "kpm/templates", "dashboard/templates")
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)  # a fixed date in the header keeps the file quiet

KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[-+0-9.]*[a-z]|(?<!%)%[sdf]|(?<!\{)\{\w*(?::[^{}]*)?\}(?!\})")


def python_of(path: Path) -> bytes:
    """Return Python source in which the calls of gettext in the file are found; ValueError if unreadable."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    from django.utils.translation.template import templatize

    # Whatever is not a sentence becomes X; its indentation would mean something to a reader of Python.
    return "\n".join(line.lstrip() for line in templatize(text, origin=str(path)).splitlines()).encode()


def sources() -> Iterator[Path]:
    """Yield each file that may hold a sentence, in a fixed order."""
    for root in PYTHON_ROOTS:
        yield from sorted(p for p in (ROOT / root).rglob("*.py") if "migrations" not in p.parts)
    for root in TEMPLATE_ROOTS:
        yield from sorted(p for p in (ROOT / root).rglob("*") if p.suffix in {".html", ".txt"})


def extract_sentences(paths: Iterable[Path]) -> Catalog:
    """Return a catalog of all sentences in these files, none of them translated."""
    catalog = empty_catalog()
    for path in paths:
        for _line, message, comments, context in extract(
            "python", io.BytesIO(python_of(path)), KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
        ):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def empty_catalog() -> Catalog:
    """Return an English catalog with a fixed header."""
    return Catalog(
        locale="en",
        project="cilacap-stunting",
        version="1.0",
        header_comment="# English of the register. script/messages update takes new sentences in.",
        msgid_bugs_address="-",
        creation_date=BEGINNING,
        revision_date=BEGINNING,
        last_translator="-",
        language_team="-",
        fuzzy=False,
    )


def read_catalog() -> Catalog:
    """Return the catalog as it is in the .po file, empty when there is none."""
    if not PO.exists():
        return empty_catalog()
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def merge_english(old: Catalog, new: Catalog) -> Catalog:
    """Return the new catalog with the English that the old one knows."""
    for message in new:
        known = old.get(message.id, message.context) if message.id else None
        if known is not None and not known.fuzzy:
            message.string = known.string
    return new


def update() -> int:
    """Add new sentences to the .po with no English, drop those that nothing says any more."""
    catalog = merge_english(read_catalog(), extract_sentences(sources()))
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    empty = sum(1 for message in catalog if message.id and not all(strings(message)))
    print(
        f"{PO.relative_to(ROOT)}: {len(catalog)} kalimat / sentences, {empty} tanpa Inggris / without English"
    )
    return 0


def compile_catalog(catalog: Catalog, path: Path) -> None:
    """Write a catalog in the form that gettext reads; a reader never meets half of it."""
    partial = path.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as file:
        write_mo(file, catalog)
    partial.replace(path)


def compile_messages() -> int:
    """Write the .mo next to the .po."""
    if PO.exists():
        compile_catalog(read_catalog(), MO)
    return 0


def compile_if_changed() -> None:
    """Write the .mo when the .po is newer."""
    if PO.exists() and (not MO.exists() or MO.stat().st_mtime < PO.stat().st_mtime):
        compile_messages()


def strings(message: Message) -> tuple[str, ...]:
    """Return the translations of a message, one for each plural form."""
    found = message.string or ""
    return (found,) if isinstance(found, str) else tuple(found)


def ids(message: Message) -> tuple[str, ...]:
    """Return the source sentences of a message: one, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def placeholders(text: str) -> frozenset[str]:
    """Return what is filled into a sentence, such as ``%(count)d`` or ``{name}``."""
    return frozenset(PLACEHOLDER.findall(text))


def problem(message: Message) -> str | None:
    """Return what is wrong with one translation, None when nothing is."""
    if message.fuzzy:
        return "ditandai fuzzy / marked fuzzy"
    if not all(strings(message)):
        return "belum diterjemahkan / has no English"
    allowed = frozenset().union(*map(placeholders, ids(message)))
    needed = placeholders(ids(message)[-1])
    if any(not placeholders(text) <= allowed for text in strings(message)):
        return "mengisi yang tidak ada / fills in what the source does not have"
    if not needed <= placeholders(strings(message)[-1]):
        return "melewatkan isian / leaves out what the source fills in"
    return None


def problems(have: Catalog, need: Catalog) -> list[str]:
    """Return a line for each sentence whose English is missing, stale or wrong."""
    found = []
    for message in need:
        known = have.get(message.id, message.context) if message.id else None
        if message.id:
            wrong = problem(known) if known is not None else "tidak ada di .po / is not in the .po"
            if wrong:
                found.append(f"{wrong}: {ids(message)[0]!r}")
    for message in have:
        if message.id and need.get(message.id, message.context) is None:
            found.append(f"tidak dipakai lagi / no longer used: {ids(message)[0]!r}")
    return found


def check() -> int:
    """Print what is wrong; exit code 1 when anything is."""
    found = problems(read_catalog(), extract_sentences(sources()))
    for line in found:
        print(line)
    if found:
        print(f"{len(found)} kalimat / sentences. Jalankan / run: script/messages update")
        print(f"Lalu isi / then fill in: {PO.relative_to(ROOT)}")
    return int(bool(found))


COMMANDS = {"update": update, "compile": compile_messages, "check": check}


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit("Pakai / use: script/messages update | compile | check")
    sys.exit(COMMANDS[sys.argv[1]]())
