"""One look for all charts: roles in place of colours; ``static/css/dashboard.css`` colours them."""

from __future__ import annotations

from typing import Any

# Vega wants colours where we mean roles. Each role has one that nothing else uses; ``svg.py`` turns it
# into the class fill-ROLE or stroke-ROLE, and the style sheet knows light, dark and print.
ROLES = {
    "mark": "#010101",
    "band": "#010102",
    "target": "#010103",
    "survey": "#010104",
    "grid": "#010105",
    "text": "#010106",
    "ground": "#010107",
    "bar": "#010108",
    # Where a place stands against the target, or outside the limits of a funnel.
    "above": "#010109",
    "below": "#01010a",
    "unclear": "#01010b",
    "none": "#01010c",
    # The ground of a map and the names on it.
    "land": "#01010d",
    "outline": "#01010e",
    "place": "#01010f",
    # The share below -2 SD, and what it is held against.
    "stunted": "#010110",
    "standard": "#010111",
    "limit": "#010112",
    "shrunk": "#010113",
}

WIDTH = 360
"""Units of the view box: as wide as a small phone, where one unit is then about one pixel."""

TEXT = 12


def config() -> dict[str, Any]:
    """Return Vega-Lite's configuration: no frame, quiet grid, our text size, axes not read aloud."""
    axis = {
        "labelFontSize": TEXT,
        "labelColor": ROLES["text"],
        "domain": False,
        "ticks": False,
        "gridColor": ROLES["grid"],
        "title": None,
        "aria": False,
    }
    return {
        "background": "transparent",
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": axis,
        "text": {"fontSize": TEXT, "aria": False},
        "area": {"aria": False},
        "line": {"aria": False},
        "rule": {"aria": False},
    }
