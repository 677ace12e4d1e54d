"""No cell of a CSV that leaves the register is run by a spreadsheet, whichever way it leaves."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from registry.exports.file_writers import write_csv
from registry.exports.page_table import ExportTable, list_columns
from registry.exports.response import table_bytes
from registry.growth.zscore_csv.stream import score_csv
from registry.imports.report import RowOutcome, RowReport
from registry.imports.report_table import report_list
from registry.models import Child, ExportForm, ExportKind, Upload, Village
from registry.places.load import load_places
from tests.exports.conftest import KIDUL
from tests.exports.files import exported
from tests.factories import make_child, make_user, measure

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
UNSEEN = ["", " ", "\u00a0", "\u200b", "\ufeff", "\u2060", "\u3000", "\u202f", " \u200d "]
TEXTS = [
    *(f"{sign}HYPERLINK(1)" for sign in SIGNS),
    *(f"{unseen}{sign}1+1" for unseen in UNSEEN for sign in "=＝－@"),
    *("Budi;=1+1", "Budi; ＠SUM(1)", "Budi\t\u200b=1", "Budi\n－1+1", "\t=1", "\r=1"),
]
HARMLESS = ["Jl. Melati 3-5; RT 02, a=b", "SITI", "a＝b", "", "'=1"]


def of_a_layout(text: str) -> bytes:
    officer = make_user("district")
    if not Child.objects.exists():
        measure(make_child(officer, Village.objects.get(pk=KIDUL)), date(2024, 6, 12), "11.4", "84.5")
    Child.objects.update(name=text, parent_name=text, address=text)
    return exported(officer, ExportKind.EPPGBM)[1]


def of_the_report_of_a_file(text: str) -> bytes:
    upload = Upload(user=make_user(), file_name=text)
    rows = [RowReport(2, RowOutcome.ASK, "similar_child", text, name=text, said=text)]
    return table_bytes(report_list(upload, rows, Village.objects.get(pk=KIDUL)), ExportForm.CSV)


def of_the_api(text: str) -> bytes:
    Village.objects.filter(pk=KIDUL).update(name=text)
    client = Client()
    client.force_login(make_user("district"))
    return client.get(f"/api/v1/villages/{KIDUL}/summary/?month=2024-08&format=csv").content


def of_z_scores(text: str) -> bytes:
    header, child = ["sex", "age_days", "weight", "lenhei", text], ["2", "821", "11.4", "84.5", text]
    source = io.StringIO()
    csv.writer(source).writerows([header, child])
    written: list[str] = []
    score_csv(io.BufferedReader(io.BytesIO(source.getvalue().encode())), written.append)
    return "".join(written).encode()


def of_a_heading(text: str) -> bytes:
    file = io.BytesIO()
    write_csv(file, ExportTable("x", list_columns([text, "n"]), [(1, -2)]))
    return file.getvalue()


WAYS = [of_a_layout, of_the_report_of_a_file, of_the_api, of_z_scores, of_a_heading]


@pytest.fixture(autouse=True)
def places() -> None:
    load_places()


def parts_of(content: bytes) -> list[str]:
    """What a spreadsheet may take for a cell, as a person sees it, also where it splits by semicolons."""
    text = content.decode("utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(text, newline="")) for cell in line]
    parts = [part for cell in cells for part in re.split("[;\t\r\n]", cell)]
    return [part.strip("".join(UNSEEN) + " ") for part in parts]


@pytest.mark.parametrize("way", WAYS)
def test_no_part_of_it_begins_with_a_sign_of_a_formula(way: Callable[[str], bytes]) -> None:
    for text in TEXTS:
        parts = [part for part in parts_of(way(text)) if not re.fullmatch(r"-?\d+([.,]\d+)?", part)]
        assert [part for part in parts if part[:1] and part[0] in SIGNS] == []
        assert any(part.startswith("'") for part in parts), text


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_text_is_as_it_was(text: str) -> None:
    for way in (of_the_report_of_a_file, of_z_scores, of_a_heading):
        assert f"{text}" in way(text).decode("utf-8-sig")
        assert "''" not in way(text).decode()


def test_numbers_stay_numbers_also_in_the_file_of_another() -> None:
    rows = list(csv.reader(io.StringIO(of_z_scores("-2,25").decode())))
    assert rows[1][4] == "-2,25"
    assert of_a_heading("n").decode("utf-8-sig").splitlines()[1] == "1,-2"


def test_no_other_module_writes_csv() -> None:
    found = {
        str(file.relative_to(ROOT))
        for folder in ("registry", "kpm", "dashboard", "demo")
        for file in (ROOT / folder).rglob("*.py")
        if re.search(r"csv\.(writer|DictWriter)\(", file.read_text())
    }
    of_the_repository = "registry/places/make.py"  # the list of places that comes with the register
    assert found == {"registry/exports/csv.py", "registry/growth/zscore_csv/stream.py", of_the_repository}
