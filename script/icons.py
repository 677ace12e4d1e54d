"""Write the PNG twins of the register's own icons, static/icons/{icon,maskable}-{192,512}.png.

Phones that put a site among their apps ask for pictures of these sizes; not all take an SVG.
"""

from __future__ import annotations

import re
from pathlib import Path

import vl_convert

FOLDER = Path(__file__).resolve().parent.parent / "static" / "icons"
NAMES = ("icon", "maskable")
SIZES = (192, 512)


def main() -> None:
    for name in NAMES:
        drawn = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
        for size in SIZES:
            sized = re.sub(r"<svg ", f'<svg width="{size}" height="{size}" ', drawn, count=1)
            picture = vl_convert.svg_to_png(sized, scale=1, ppi=72)
            (FOLDER / f"{name}-{size}.png").write_bytes(picture)


if __name__ == "__main__":
    main()
