"""How a benchmark prints what it found."""

from __future__ import annotations

TableLine = tuple[str, ...]
"""A label and the cells right of it."""


def print_table(title: str, *lines: TableLine) -> None:
    """Print a title, then lines of a label and right-aligned cells; lines may be short."""
    widths = [max(len(line[i]) for line in lines if i < len(line)) for i in range(max(map(len, lines)))]
    print(f"\n{title}\n{'-' * max(len(title), sum(widths) + 2 * len(widths) - 2)}")
    for label, *cells in lines:
        aligned = (f"  {cell:>{width}}" for cell, width in zip(cells, widths[1:], strict=False))
        print(f"{label:{widths[0]}}{''.join(aligned)}".rstrip(), flush=True)
