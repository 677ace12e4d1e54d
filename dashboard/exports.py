"""The table of a page as CSV: the same rows in the same order, numbers as numbers."""

from __future__ import annotations

import csv
from datetime import date

from django.http import HttpResponse

from dashboard.tables import Table
from registry.formulas import formula_safe


def csv_of(table: Table, *, place_code: str, month: date) -> HttpResponse:
    """UTF-8 with a mark that Excel recognises; headings are English names that stay the same."""
    name = f"{table.key}-{place_code}-{month:%Y-%m}.csv"
    response = HttpResponse(
        "\N{ZERO WIDTH NO-BREAK SPACE}",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response)
    writer.writerow([name for head in table.heads for name in head.names])
    for row in table.rows:
        writer.writerow([formula_safe(value) for cell in row.cells for value in cell.values])
    return response
