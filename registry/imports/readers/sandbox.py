"""Reads one file on standard input and writes its rows as lines of JSON to standard output.

Run as a program of its own (see ``read``), because a hostile file can make any reader of spreadsheets ask
for half a terabyte and end its process: one cell at XFD1048576 is enough. Of ours it imports ``formats``
alone, which knows no Django.

Arguments: the kind of the file, most bytes of memory, most seconds of work, and the limits in their order.
Lines: ``{"sheet": name, "visible": bool, "above": rows, "since_1904": bool}``, then lists of that sheet's
rows, and at the end ``{"end": code, "row": number}``, where the code is empty when all was read. Without that
line the process ran out of memory or time.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[3]))  # an isolated Python knows no folder of ours

from registry.imports.readers.date_system import is_1904_xml, since_1904
from registry.imports.readers.excel_2003 import worksheets_of
from registry.imports.readers.file_kinds import Kind
from registry.imports.readers.html_tables import tables_of
from registry.imports.readers.merged_cells import repeat_merged_cells
from registry.imports.readers.reading_limits import Limits, NotRead
from registry.imports.readers.workbooks import Rows, sheets_of

Said = dict[str, str | bool | int]

_ROWS_OF_A_LINE = 100  # a line for each row costs more in calls than in writing


def tag_value(value: object) -> object:
    """A cell JSON has no word for, as a pair of its kind and its text."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return str(value)


def read(kind: Kind, content: bytes, limits: Limits) -> Iterator[tuple[Said, Rows]]:
    """What is said of each sheet, and its rows. Raises NotRead."""
    if kind in (Kind.ZIP, Kind.OLE):
        for name, visible, rows in sheets_of(content, limits):
            yield {"sheet": name, "visible": visible, "above": 0}, rows
        return
    for found in (tables_of if kind == Kind.HTML else worksheets_of)(content, limits):
        said: Said = {"sheet": found.name, "visible": found.visible, "above": found.above}
        yield said, repeat_merged_cells(found.rows, found.merged, limits.columns)


def counts_from_1904(kind: Kind, content: bytes) -> bool:
    """Whether its days without the format of a date are days since 1904."""
    if kind in (Kind.ZIP, Kind.OLE):
        return since_1904(content)
    return kind == Kind.EXCEL_2003 and is_1904_xml(content)


def lines_of(kind: Kind, content: bytes, limits: Limits) -> Iterator[object]:
    """What is written, line by line."""
    try:
        from_1904 = counts_from_1904(kind, content)
        for said, rows in read(kind, content, limits):
            yield said | {"since_1904": from_1904}
            while some := list(islice(rows, _ROWS_OF_A_LINE)):
                yield some
    except NotRead as why:
        yield {"end": why.code, "row": why.row}
    else:
        yield {"end": "", "row": 0}


def main() -> None:
    kind, memory, seconds, *limits = sys.argv[1:]
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    encode = json.JSONEncoder(default=tag_value, separators=(",", ":")).encode
    for line in lines_of(Kind(kind), sys.stdin.buffer.read(), Limits(*map(int, limits))):
        sys.stdout.write(encode(line) + "\n")


if __name__ == "__main__":
    main()
