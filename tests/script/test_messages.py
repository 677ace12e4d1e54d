"""script/messages.py: what is taken from code and templates, and what is said about its English."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from script.messages import (
    KEYWORDS,
    compile_catalog,
    extract_sentences,
    ids,
    merge_english,
    placeholders,
    problem,
    problems,
    sources,
    strings,
)


def catalog_of(tmp_path: Path, name: str, text: str):
    path = tmp_path / name
    path.write_text(text)
    return extract_sentences([path])


def test_a_sentence_in_code_is_taken_whole_though_it_is_split_over_lines(tmp_path: Path) -> None:
    found = catalog_of(tmp_path, "a.py", 'def f():\n    return _("Timbang anak ini " "bulan ini.")\n')
    assert [ids(m) for m in found if m.id] == [("Timbang anak ini bulan ini.",)]


def test_code_with_plural_and_context_is_taken(tmp_path: Path) -> None:
    found = catalog_of(
        tmp_path, "a.py", 'ngettext("%(n)d anak", "%(n)d anak-anak", n)\npgettext("bulan", "Mei")\n'
    )
    assert found.get(("%(n)d anak", "%(n)d anak-anak")) is not None
    assert found.get("Mei", "bulan") is not None


def test_no_sentence_of_the_register_hides_in_an_f_string() -> None:
    """Before Python 3.12 an f-string is one token: a sentence in its braces would have no English."""
    hidden = [
        f"{path}:{call.lineno}"
        for path in sources()
        if path.suffix == ".py"
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in KEYWORDS
    ]
    assert hidden == []


def test_a_template_is_taken_whatever_its_indentation(tmp_path: Path) -> None:
    found = catalog_of(
        tmp_path,
        "a.html",
        '      <p>{% translate "Simpan" %}</p>\n  <p title="{{ _("Nama") }}">\n'
        "    {% blocktranslate trimmed count n=n %}\n      {{ n }} anak\n    {% plural %}\n"
        "      {{ n }} balita\n    {% endblocktranslate %}\n</p>\n",
    )
    assert {ids(m) for m in found if m.id} == {("Simpan",), ("Nama",), ("%(n)s anak", "%(n)s balita")}


def test_an_update_keeps_known_english_and_drops_what_nothing_says(tmp_path: Path) -> None:
    old = catalog_of(tmp_path, "a.py", '_("Simpan")\n_("Buang")\n')
    old.get("Simpan").string = "Save"
    old.get("Buang").string = "Discard"
    new = merge_english(old, catalog_of(tmp_path, "a.py", '_("Simpan")\n_("Hapus")\n'))
    assert {m.id: strings(m) for m in new if m.id} == {"Simpan": ("Save",), "Hapus": ("",)}


def test_what_is_missing_and_what_is_stale_are_both_named(tmp_path: Path) -> None:
    have = catalog_of(tmp_path, "a.py", '_("Lama")\n')
    need = catalog_of(tmp_path, "a.py", '_("Baru")\n')
    lines = problems(have, need)
    assert len(lines) == 2
    assert "Baru" in lines[0]
    assert "Lama" in lines[1]


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Simpan", "Save"),
        ("Halo %(name)s", "Hello %(name)s"),
        (("%(n)d anak", "%(n)d anak"), ("One child", "%(n)d children")),
    ],
)
def test_a_complete_translation_has_no_problem(source: str, english: str) -> None:
    assert problem(Message(source, english)) is None


@pytest.mark.parametrize(
    ("source", "english"),
    [
        ("Simpan", ""),
        ("Halo %(name)s", "Hello"),
        ("Halo %(name)s", "Hello %(name)s of %(desa)s"),
        (("%(n)d anak", "%(n)d anak"), ("%(n)d child", "")),
        ("{a} dari {b}", "{a} of"),
    ],
)
def test_an_incomplete_translation_is_a_problem(source: str, english: str) -> None:
    assert problem(Message(source, english)) is not None


def test_a_fuzzy_translation_is_a_problem() -> None:
    assert problem(Message("Simpan", "Save", flags={"fuzzy"})) is not None


def test_a_percent_sign_and_doubled_braces_are_no_placeholder() -> None:
    assert placeholders("14 %% dari {{x}} pada %(month)s, %s") == {"%(month)s", "%s"}


def test_a_compiled_catalog_answers_in_english(tmp_path: Path) -> None:
    import gettext

    catalog = catalog_of(tmp_path, "a.py", '_("Simpan")\n')
    catalog.get("Simpan").string = "Save"
    compile_catalog(catalog, tmp_path / "django.mo")
    with (tmp_path / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Simpan") == "Save"
