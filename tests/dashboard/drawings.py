"""Looking into a drawn chart: its marks by what they say, its texts, and where they stand."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from django.conf import settings

from dashboard.charts import Chart

SVG = "{http://www.w3.org/2000/svg}"
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")


def parsed(chart: Chart) -> ET.Element:
    return ET.fromstring(chart.svg)  # noqa: S314 - our own drawing


def plain(text: str) -> str:
    """A sentence with ordinary blanks, for comparing."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


def marks(chart: Chart, said: str = "") -> list[ET.Element]:
    """The marks whose own words contain ``said``, in the order in which they are drawn."""
    root = parsed(chart)
    return [
        e
        for e in root.iter()
        if e is not root and any(said in (t.text or "") for t in e.findall(f"{SVG}title"))
    ]


def said(mark: ET.Element) -> str:
    return plain(mark.findtext(f"{SVG}title") or "")


def at(element: ET.Element) -> tuple[float, float]:
    """Where an element is moved to, in units of the group it stands in."""
    x, y = _NUMBERS.findall(element.get("transform", ""))[:2]
    return float(x), float(y)


def texts(chart: Chart) -> list[str]:
    return [plain(e.text or "") for e in parsed(chart).iter(f"{SVG}text")]


def text(chart: Chart, words: str) -> ET.Element:
    (found,) = [e for e in parsed(chart).iter(f"{SVG}text") if plain(e.text or "") == words]
    return found


def with_class(chart: Chart, name: str) -> list[ET.Element]:
    return [e for e in parsed(chart).iter() if name in (e.get("class") or "").split()]


def width_of(chart: Chart) -> float:
    return float(parsed(chart).get("viewBox", "").split()[2])


def check_fit_for_page(chart: Chart) -> None:
    """What holds for every chart: 360 units, no styles, roles that the style sheet knows, told in words."""
    root = parsed(chart)
    css = (Path(settings.BASE_DIR) / "static/css/dashboard.css").read_text()
    assert width_of(chart) == 360
    assert root.get("role") == "img"
    assert (root[0].text, root[1].text) == (chart.title, chart.reading)
    for element in root.iter():
        assert "style" not in element.attrib
        for paint in ("fill", "stroke"):
            assert element.get(paint, "none") in ("none", "transparent"), ET.tostring(element)
        for name in (element.get("class") or "").split():
            assert name.startswith("drawing") or f".{name} " in css, name
    for key in chart.legend:
        assert f".key--{key.mark} " in css or f".key--{key.mark}," in css, key
        assert key.words
