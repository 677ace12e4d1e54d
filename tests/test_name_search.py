"""Names are found and sorted by one spelling, by both databases; the phone has the same fixture."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from registry.actions import update_child
from registry.actions.identity import Identity, identity_of
from registry.growth.cells.text import plain
from registry.models import Child, User, Village
from registry.name_search import search_words, sort_name, spellings_of
from tests.factories import make_cadre, make_child, make_measured, make_village

NAMES: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "names.json").read_text(encoding="utf-8")
)
BORN = date(2022, 3, 14)

pytestmark = [pytest.mark.both_databases]


@pytest.fixture
def village(db: None) -> Village:
    return make_village()


@pytest.fixture
def cadre(village: Village) -> User:
    return make_cadre(village)


@pytest.mark.parametrize(("text", "spelt", "words"), NAMES["spelt"])
def test_a_name_has_one_spelling(text: str, spelt: str, words: list[list[str]]) -> None:
    assert (plain(text), spellings_of(text)) == (spelt, words)


@pytest.mark.parametrize(("name", "text", "is_found"), NAMES["found"])
def test_the_database_finds_a_name_however_it_is_spelt(
    cadre: User, name: str, text: str, is_found: bool
) -> None:
    child = make_child(cadre, name=name)
    assert list(Child.objects.search_by_name(text)) == ([child] if is_found else [])


def test_parents_are_found_too_and_a_part_of_a_word(cadre: User) -> None:
    child = make_child(cadre, name="Siti", parent_name="Ibu Nur'aini / Bapak José")
    for text in ("jose", "NURAINI", "aini siti", "urai", "siti jos"):
        assert list(Child.objects.search_by_name(text)) == [child], text
    assert not Child.objects.search_by_name("siti budi").exists()


def test_the_database_sorts_names_by_that_spelling(cadre: User) -> None:
    for name in reversed(NAMES["sorted"]):
        make_child(cadre, name=name, birth_date=BORN)
    found = list(Child.objects.order_by("sort_name", "birth_date", "pk").values_list("name", flat=True))
    assert [sort_name(name) for name in found] == [sort_name(name) for name in NAMES["sorted"]]
    assert list(Child.objects.values_list("sort_name", flat=True)) == sorted(map(sort_name, found))


def test_every_way_in_keeps_the_spelling_with_the_name(cadre: User, village: Village) -> None:
    made = make_child(cadre, village, name="Déwi")
    make_measured(cadre, village, [({"name": "Nur'aini", "parent_name": "Ibu Ömi"}, [])])
    bulk = Child.objects.get(name="Nur'aini")
    assert (bulk.sort_name, bulk.search_words) == ("NURAINI", "NURAINI NUR AINI IBU OMI")
    update_child(by=cadre, child_id=made.pk, identity=_renamed(made, "Rofi'ah"))
    made.refresh_from_db()
    assert (made.sort_name, made.search_words) == ("ROFIAH", "ROFIAH ROFI AH")
    made.parent_name = "Ibu Sri"
    made.save(update_fields=["parent_name"])
    made.refresh_from_db()
    assert made.search_words == "ROFIAH ROFI AH IBU SRI"


def _renamed(child: Child, name: str) -> Identity:
    return replace(identity_of(child), name=name)


def test_the_migration_spells_the_names_that_were_there(cadre: User, village: Village) -> None:
    child = make_child(cadre, name="Nur'aini", parent_name="Ibu A")
    Child.objects.update(sort_name="", search_words="")
    [file] = Path("registry/migrations").glob("*_spell_names_to_search.py")
    import_module(f"registry.migrations.{file.stem}").spell_names(apps, None)
    child.refresh_from_db()
    assert (child.sort_name, child.search_words) == (sort_name("Nur'aini"), search_words("Nur'aini", "Ibu A"))


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_sorts_names_by_bytes_whatever_language_it_speaks() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT collation_name FROM information_schema.columns "
            "WHERE table_name = 'registry_child' AND column_name = 'sort_name'"
        )
        assert cursor.fetchone() == ("C",)
