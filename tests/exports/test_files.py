"""No file of ours is run by a spreadsheet, and none bends what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.http import FileResponse

from registry.access.loaders import get_place
from registry.exports import file_writers
from registry.exports.export_data import export
from registry.exports.file_writers import write_csv, write_xls, write_xlsx
from registry.exports.page_table import ExportTable, Value, list_columns
from registry.models import Child, ExportForm, ExportKind, Sex, Village
from registry.places.load import load_places
from tests.exports.conftest import BREBEG, KIDUL, Register
from tests.exports.files import csv_rows, exported, rows_of, sheets_of, whole
from tests.factories import make_child, make_district, make_user, measure

TRICKS = ["=cmd()", "+62812", "-", "@x", "\t=1+1", '=HYPERLINK("http://x","klik")']


def cells(content: bytes) -> list[list[object]]:
    return next(iter(sheets_of(content).values()))


def layout(header: Iterable[str], rows: Iterable[Sequence[Value]]) -> ExportTable:
    return ExportTable("x", list_columns(header), rows, is_layout=True)


def table() -> ExportTable:
    return layout(("nama", "z"), [(trick, Decimal("-2.31")) for trick in TRICKS])


def test_csv_gives_a_formula_an_apostrophe_and_leaves_a_negative_number() -> None:
    file = BytesIO()
    write_csv(file, table())
    rows = csv_rows(file.getvalue())
    # Where a tab ends a cell, what stands behind it begins one.
    guarded = [f"'{trick}".replace("\t=", "\t'=") for trick in TRICKS]
    assert [row["nama"] for row in rows] == guarded
    assert {row["z"] for row in rows} == {"-2.31"}


@pytest.mark.parametrize("write", [write_xlsx, write_xls])
def test_excel_gets_texts_as_texts_and_numbers_as_numbers(write: object) -> None:
    file = BytesIO()
    write(file, table())  # type: ignore[operator]
    assert cells(file.getvalue())[1:] == [[trick, -2.31] for trick in TRICKS]
    assert b"<f>" not in file.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["=cmd()", "+62812", "-", "@x"])
def test_a_childs_name_is_never_run_and_its_z_score_stays_a_number(name: str) -> None:
    load_places()
    officer = make_user(place=make_district(), role="district")  # type: ignore[arg-type]
    child = make_child(officer, Village.objects.get(pk=BREBEG), sex=Sex.BOY, birth_date=date(2024, 1, 29))
    Child.objects.update(name=name)  # no action stores "-", and no file depends on it
    measure(child, date(2024, 6, 12), "5.6", "57")
    [row] = csv_rows(exported(officer, ExportKind.EPPGBM)[1])
    assert (row["Nama"], row["ZS BB/U"]) == (f"'{name}", "-2.25")
    for form in (ExportForm.XLSX, ExportForm.XLS):
        [cell] = rows_of(exported(officer, ExportKind.EPPGBM, form=form)[1])
        assert (cell["Nama"], cell["ZS BB/U"]) == (name, -2.25)


@pytest.mark.parametrize(("write", "most"), [(write_xlsx, "XLSX_ROWS"), (write_xls, "XLS_ROWS")])
@pytest.mark.parametrize(("count", "sheets"), [(0, [0]), (3, [3]), (4, [3, 1]), (7, [3, 3, 1])])
def test_a_full_sheet_is_followed_by_another_with_the_header(
    monkeypatch: pytest.MonkeyPatch, write: object, most: str, count: int, sheets: list[int]
) -> None:
    monkeypatch.setattr(file_writers, most, 4)
    file = BytesIO()
    write(file, layout(("n",), [(float(n),) for n in range(count)]))  # type: ignore[operator]
    found = list(sheets_of(file.getvalue()).values())
    assert [len(rows) - 1 for rows in found] == sheets
    assert all(rows[0] == ["n"] for rows in found)
    assert [row[0] for rows in found for row in rows[1:]] == list(range(count))


def test_the_limit_of_97_2003_is_kept() -> None:
    file = BytesIO()
    write_xls(file, layout(("n",), ((n,) for n in range(65_536))))
    assert [len(rows) for rows in sheets_of(file.getvalue()).values()] == [65_536, 2]
    assert file.getvalue().startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")


@pytest.mark.django_db
def test_nik_is_text_in_every_workbook(register: Register) -> None:
    for kind in (ExportKind.EPPGBM, ExportKind.SIGIZI_IDENTITY, ExportKind.SIGIZI_MEASUREMENT):
        for form in (ExportForm.XLSX, ExportForm.XLS):
            rows = rows_of(whole(register.officer, kind, KIDUL, form=form))
            assert {type(row["NIK"]) for row in rows} == {str}
            assert "3301021403220001" in {row["NIK"] for row in rows}


@pytest.mark.django_db
@pytest.mark.parametrize("in_memory", [1, 8_000_000])
def test_a_page_can_hand_it_over(register: Register, monkeypatch: pytest.MonkeyPatch, in_memory: int) -> None:
    monkeypatch.setattr(
        "registry.exports.export_data._IN_MEMORY", in_memory
    )  # from the disk, and from memory
    made = export(
        register.officer,
        ExportKind.EPPGBM,
        get_place(KIDUL, register.officer),
        form=ExportForm.XLSX,
    )
    answer = FileResponse(made.file, as_attachment=True, filename=made.name, content_type=made.content_type)
    content = b"".join(answer)  # type: ignore[arg-type]
    assert content.startswith(b"PK")
    assert int(answer["Content-Length"]) == len(content)
    assert made.name in answer["Content-Disposition"]
    assert made.content_type.endswith("spreadsheetml.sheet")
    answer.close()
    assert made.file.closed


def test_days_moments_and_negative_numbers_stay_what_they_are() -> None:
    day, moment = date(2024, 8, 5), datetime.fromisoformat("2024-08-05 09:30")
    made = ExportTable("x", list_columns(("n", "hari", "saat")), [(-1.5, day, moment)])
    for write in (write_xlsx, write_xls):
        file = BytesIO()
        write(file, made)
        assert cells(file.getvalue())[1] == [-1.5, day, moment]
    file = BytesIO()
    write_csv(file, made)
    assert csv_rows(file.getvalue()) == [{"n": "-1.5", "hari": "2024-08-05", "saat": "2024-08-05 09:30:00"}]
