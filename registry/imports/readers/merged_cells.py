"""A cell merged over several rows holds for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

_EMPTY = ("", None)


def repeat_merged_cells(
    rows: Iterable[list[object]], merged: Iterable[tuple[int, int, int]], most_columns: int
) -> Iterator[list[object]]:
    """``rows`` with each merged cell repeated downwards, where a row holds anything of its own.

    So a kecamatan written once beside all its children is the kecamatan of each, and a header of two rows
    is whole in its second. Sideways nothing is repeated: a total over five columns is one number, and a
    title over all of them one title. An empty row stays empty, or a long merged remark would be rows of
    nobody.
    """
    starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for first, column, last in merged:
        if last > first and column < most_columns:
            starts[first].append((column, last))
    reaching: dict[int, tuple[int, object]] = {}
    for number, row in enumerate(rows):
        if reaching and any(cell not in _EMPTY for cell in row):
            _repeat(row, number, reaching)
        for column, last in starts.pop(number, ()):
            if column < len(row) and row[column] not in _EMPTY:
                reaching[column] = (last, row[column])
        yield row


def _repeat(row: list[object], number: int, reaching: dict[int, tuple[int, object]]) -> None:
    """Write what reaches down to ``row`` into its empty cells; forget what ended above it."""
    for column, (last, value) in list(reaching.items()):
        if number > last:
            del reaching[column]
            continue
        row.extend([""] * (column + 1 - len(row)))
        if row[column] in _EMPTY:
            row[column] = value
