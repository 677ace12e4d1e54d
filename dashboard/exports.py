"""The table of a page as CSV or Excel: the same rows in the same order, numbers as numbers.

Excel is for people and holds the words of the page. CSV is for programs: its headings and codes are English
names that stay the same in every language (``against_target``: ``unclear``), as in the API's CSV.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.utils.translation import gettext as _

from dashboard.formatting import DASH, month_name
from dashboard.tables import Cell, Column, Table, Value
from registry.exports import file_writers
from registry.models import AgeGroup, ExportForm, Sex


def written(form: ExportForm, table: Table, place: str, month: date) -> bytes:
    """The bytes of ``table`` of the place and month. Excel has a second sheet that says of what the table is
    and how each column is counted.
    """
    heads = [(head, name) for head in table.heads for name in head.names]
    if form == ExportForm.CSV:
        header = [name for _head, name in heads]
        rows = [[value for cell in row.cells for value in cell.values] for row in table.rows]
    else:
        header = [_heading(head, name) for head, name in heads]
        rows = [
            [
                value
                for head, cell in zip(table.heads, row.cells, strict=True)
                for value in _in_words(head, cell)
            ]
            for row in table.rows
        ]
    about = [(_("Tabel"), table.caption), (_("Wilayah"), place), (_("Bulan"), month_name(month))]
    named = next((column for column, (head, _name) in enumerate(heads) if head.names_row), 0)
    file = BytesIO()
    file_writers.WRITERS[form](
        file,
        file_writers.Table(
            header,
            rows,
            [*about, *((d.term, d.text) for d in table.definitions)],
            look=file_writers.Look(_("Angka"), _("Cara menghitung"), named),
        ),
    )
    return file.getvalue()


def _heading(head: Column, name: str) -> str:
    """What stands over the values ``name`` of a column, in the words of the page."""
    part = name.rpartition("_")[2]
    if len(head.names) > 1 and part in (words := _parts(head.label)):
        return words[part]
    return f"{head.label} (%)" if part == "percent" and "%" not in head.label else head.label


def _parts(label: str) -> dict[str, str]:
    """By the end of a value's name, where a column of the page holds several values."""
    of = {"column": label}
    return {
        "code": _("Kode"),
        "sex": _("Jenis kelamin"),
        "months": _("Umur"),
        "low": _("%(column)s, dari") % of,
        "high": _("%(column)s, sampai") % of,
        "children": _("%(column)s, anak") % of,
        "of": _("%(column)s, dari berapa anak") % of,
        "measured": _("%(column)s, diukur") % of,
        "registered": _("%(column)s, terdaftar") % of,
        "possible": _("%(column)s, paling banyak") % of,
    }


def _in_words(head: Column, cell: Cell) -> list[Value]:
    """Numbers as they are; words as the page has them, and nothing where it has a dash."""
    if head.names == ("sex", "age_months"):
        return [_group_words(str(value)) for value in cell.values]
    if head.number or len(head.names) > 1:
        return list(cell.values)
    return ["" if cell.text == DASH else cell.text]


def _group_words(code: str) -> str:
    """A sex or an age group, or all of them."""
    sexes = {sex.name.lower(): str(sex.label) for sex in Sex}
    ages = {group.value: str(group.label) for group in AgeGroup}
    return {**sexes, **ages, "all": _("semua")}[code]


def file_name(key: str, place_code: str, month: date, form: ExportForm) -> str:
    """Of the table ``key`` of a place and month."""
    return f"{key}-{place_code}-{month:%Y-%m}.{form}"
