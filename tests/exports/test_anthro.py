"""What WHO's survey analyser and ENA take."""

from __future__ import annotations

import re
from datetime import date

import pytest

from registry.errors import Invalid
from registry.models import ExportForm, ExportKind, ExportLog, Measurement
from tests.exports.conftest import KIDUL, Register
from tests.exports.files import REASON, csv_rows, exported
from tests.factories import measure

pytestmark = pytest.mark.django_db

MAY, JUNE = date(2024, 5, 1), date(2024, 6, 1)


def test_codes_and_units(register: Register) -> None:
    measure(register.twins[0], date(2024, 7, 10), "8.1", "71", oedema=True)
    made, content = exported(register.officer, ExportKind.ANTHRO, KIDUL)
    rows = csv_rows(content)
    assert rows[3] == {
        "SURVDATE": "14/05/2024",
        "CLUSTER": "22016",
        "TEAM": "",
        "ID": "3",
        "HH": "",
        "SEX": "m",
        "BIRTHDAT": "14/03/2022",
        "MONTHS": "26.02",  # 792 days
        "WEIGHT": "11.8",
        "HEIGHT": "85.3",
        "EDEMA": "n",
        "MUAC": "",
        "MEASURE": "h",
        "AGE_DAYS": "792",
        "VILLAGE": "Kesugihan Kidul",
    }
    assert [row["ID"] for row in rows] == ["1", "1", "2", "3", "3"]
    assert [row["EDEMA"] for row in rows] == ["n", "y", "n", "n", "n"]
    assert [row["MEASURE"] for row in rows] == ["l", "", "l", "h", "h"]
    assert (rows[4]["MUAC"], rows[0]["SEX"]) == ("152", "f"), "millimetres, as ENA has them"
    assert (made.name, made.rows, made.children) == ("anthro-33-01-02-2016.csv", 5, 3)


def test_no_name_no_nik_no_address_and_no_mark(register: Register) -> None:
    _made, content = exported(register.officer, ExportKind.ANTHRO)
    text = content.decode()
    assert text.startswith("SURVDATE,")
    for secret in ("Contoh", "3301", "Ibu", "Jl."):
        assert secret not in text


def test_as_a_workbook_too(register: Register) -> None:
    made, content = exported(register.officer, ExportKind.ANTHRO, form=ExportForm.XLSX)
    assert made.rows == Measurement.objects.in_force().count()
    assert content.startswith(b"PK")


@pytest.mark.parametrize("months", [(None, None), (JUNE, JUNE), (MAY, JUNE), (None, JUNE), (MAY, None)])
def test_the_file_is_one_that_whos_analyser_takes(
    register: Register, months: tuple[date | None, date | None]
) -> None:
    """Its own checks: the name, UTF-8 with commas, names of columns, days, codes and whole numbers."""
    made, content = exported(register.officer, ExportKind.ANTHRO, months=months)
    assert re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9_\-]{0,219}\.csv", made.name)
    rows = csv_rows(content)
    assert rows and all(re.fullmatch(r"[a-zA-Z0-9_\-]{1,30}", name) for name in rows[0])
    for one in rows:
        for day in (one["SURVDATE"], one["BIRTHDAT"]):
            assert re.fullmatch(r"\d{1,2}/\d{1,2}/\d{4}", day)
        assert one["SEX"] in "mf" and one["EDEMA"] in "yn" and one["MEASURE"] in ("", "l", "h")
        assert one["CLUSTER"].isdigit() and one["AGE_DAYS"].isdigit()


def test_nik_cannot_be_asked_for_where_there_is_none(register: Register) -> None:
    with pytest.raises(Invalid) as caught:
        exported(register.officer, ExportKind.ANTHRO, unmasked=True, reason=REASON)
    assert (caught.value.code, caught.value.field) == ("layout_without_nik", "unmasked")
    assert not ExportLog.objects.exists()
