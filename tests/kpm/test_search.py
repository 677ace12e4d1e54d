"""The list of a village and month is searched and sorted as the API and the phone do it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from kpm.roster import list_roster
from registry.models import ExportLog, User, Village
from registry.name_search import sort_name
from tests.exports.files import csv_rows
from tests.factories import make_child, make_posyandu

NAMES: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "names.json").read_text(encoding="utf-8")
)
LIST = "/children/"
BORN = date(2023, 3, 14)


def shown(page: Client, text: str) -> list[str]:
    lines = page.post(LIST, {"q": text}).context["lines"]
    return [line.child.name for _section, line in lines]


@pytest.mark.both_databases
@pytest.mark.parametrize(("name", "text", "is_found"), NAMES["found"])
def test_a_child_is_found_however_its_name_is_spelt(
    page: Client, cadre: User, village: Village, name: str, text: str, is_found: bool
) -> None:
    make_child(cadre, village, name=name, birth_date=BORN)
    assert shown(page, text) == ([name] if is_found else [])


@pytest.mark.both_databases
def test_the_list_and_the_phones_roster_are_sorted_as_everywhere(
    page: Client, cadre: User, village: Village
) -> None:
    for name in reversed(NAMES["sorted"]):
        make_child(cadre, village, name=name, birth_date=BORN)
    expected = [sort_name(name) for name in NAMES["sorted"]]
    assert [sort_name(name) for name in shown(page, "")] == expected
    roster = list_roster(user=cadre, village=village, month=timezone.localdate().replace(day=1))
    assert [sort_name(row.child.name) for row in roster] == expected


def test_a_search_by_a_parent_keeps_the_month_and_its_file(
    page: Client, cadre: User, village: Village
) -> None:
    make_child(cadre, village, name="Ani", parent_name="Ibu Nur'aini", birth_date=BORN)
    make_child(cadre, village, name="Budi", birth_date=BORN)
    address = f"{LIST}?village={village.pk}&month=2024-07"
    answer = page.post(address, {"q": "nuraini"})
    text = answer.content.decode()
    assert answer.context["query"] == f"village={village.pk}&month=2024-07&"
    # The field, and with the button of the file.
    assert text.count('name="q"') == text.count('value="nuraini"') == 2
    assert "?q=" not in text
    assert "&q=" not in text
    assert "Budi" not in text
    taken = page.post(address, {"table": "roster", "format": "csv", "q": "nuraini"})
    assert [row["Nama anak"] for row in csv_rows(taken.content)] == ["Ani"]


def test_a_search_that_finds_nobody_says_so(page: Client, cadre: User, village: Village) -> None:
    make_child(cadre, village, name="Ani", birth_date=BORN)
    text = page.post(LIST, {"q": "<b>zz"}).content.decode()
    assert "Tidak ada nama yang cocok" in text
    assert "<b>zz" not in text


RIZKI = (("Rizki Maulana", "Sumiati"), ("Riyan", "Tuti"), ("Rizky Maulana", "Wartini"), ("Sari", "Sumiati"))


def test_names_that_sound_alike_stand_together_with_what_tells_them_apart_in_bold(
    page: Client, cadre: User, village: Village
) -> None:
    make_child(cadre, village, name="Riski Maulana", parent_name="Sumiati", birth_date=BORN)
    for name, parent in RIZKI:
        make_child(cadre, village, name=name, parent_name=parent, birth_date=BORN)
    answer = page.get(LIST)
    names = [line.child.name for _section, line in answer.context["lines"]]
    assert names == ["Riski Maulana", "Rizki Maulana", "Rizky Maulana", "Riyan", "Sari"]
    text = answer.content.decode()
    assert text.count('<td class="differs">') == 3  # the three parents; born on one day, of no posyandu
    assert '<td class="differs">Wartini</td>' in text


def test_the_list_is_of_one_posyandu_or_of_none_and_a_search_of_all(
    page: Client, cadre: User, village: Village
) -> None:
    melati, mawar = make_posyandu(village, "Melati 1"), make_posyandu(village, "Mawar 2")
    for name, post in (("Ani", melati), ("Budi", mawar), ("Cici", None)):
        identity = {"posyandu_id": post.pk} if post else {}
        make_child(cadre, village, name=name, birth_date=BORN, **identity)

    def listed(asked: str) -> list[str]:
        lines = page.get(f"{LIST}?posyandu={asked}").context["lines"]
        return [line.child.name for _section, line in lines]

    assert (listed(str(melati.pk)), listed("none")) == (["Ani"], ["Cici"])
    assert listed("") == listed("999999999999999999999") == listed("x") == ["Ani", "Budi", "Cici"]
    address = f"{LIST}?village={village.pk}&month=2024-08&posyandu={mawar.pk}"
    found = page.post(address, {"q": "an"}).context["lines"]
    assert [line.child.name for _section, line in found] == ["Ani"]
    taken = page.post(address, {"table": "roster", "format": "csv"})
    assert [row["Nama anak"] for row in csv_rows(taken.content)] == ["Budi"]
    assert taken["Content-Disposition"].endswith('roster-33.01.02.2009-2024-08-mawar-2.csv"')
    assert ExportLog.objects.get().page == "roster mawar-2"
