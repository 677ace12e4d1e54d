"""The table of a page as CSV or Excel: the same rows in the same order, numbers as numbers."""

from __future__ import annotations

from datetime import date
from io import BytesIO

from django.utils.translation import gettext as _

from dashboard.tables import Table
from dashboard.words import month_name
from registry.models import ExportForm
from registry.spreadsheets.out import files


def written(form: ExportForm, table: Table, place: str, month: date) -> bytes:
    """The bytes of ``table`` of the place and month.

    The headings of a CSV are English names that stay the same, for programs. Excel has the words of the page,
    and a second sheet that says of what the table is and how each column is counted.
    """
    heads = [(head, name) for head in table.heads for name in head.names]
    labels = [head.label if len(head.names) == 1 else f"{head.label} ({name})" for head, name in heads]
    rows = [[value for cell in row.cells for value in cell.values] for row in table.rows]
    about = [(_("Tabel"), table.caption), (_("Wilayah"), place), (_("Bulan"), month_name(month))]
    named = next((column for column, (head, _name) in enumerate(heads) if head.names_row), 0)
    file = BytesIO()
    files.WRITERS[form](
        file,
        files.Table(
            [name for _head, name in heads] if form == ExportForm.CSV else labels,
            rows,
            [*about, *((d.term, d.text) for d in table.definitions)],
            look=files.Look(_("Angka"), _("Cara menghitung"), named),
        ),
    )
    return file.getvalue()


def file_name(key: str, place_code: str, month: date, form: ExportForm) -> str:
    """Of the table ``key`` of a place and month."""
    return f"{key}-{place_code}-{month:%Y-%m}.{form}"
