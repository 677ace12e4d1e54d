"""From an Altair chart to an SVG that may stand in a page: classes for colours, no styles, our words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from dashboard.charts.theme import ROLES, config
from registry.figures.version import digest_of

if TYPE_CHECKING:
    import altair

    Drawing = altair.LayerChart | altair.FacetChart

SVG = "http://www.w3.org/2000/svg"
LOOK = 3
"""Part of the cache's key: raise it when charts are to look otherwise."""

CACHED_SECONDS = 24 * 60 * 60
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
"""Hundredths of a unit are less than a screen can show; what is finer only makes the page heavier."""

_MEASURES = ("d", "transform", "x", "x1", "x2", "y", "y1", "y2", "width", "height")
_ROLE_OF = {colour: role for role, colour in ROLES.items()}
_DROPPED = (
    "style",
    "role",
    "aria-roledescription",
    "aria-hidden",
    "aria-label",
    "font-family",
    "pointer-events",
)


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of a legend: the class ``key--MARK`` of the style sheet draws it, ``words`` explain it."""

    mark: str
    words: str


def keys_of(*keys: tuple[str, str, bool]) -> tuple[Key, ...]:
    """Return the keys (mark, words) of the marks that are in the picture."""
    return tuple(Key(mark, words) for mark, words, is_there in keys if is_there)


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture with its ``title``, the one sentence that says what it shows, and the SVG itself.

    ``legend`` explains the marks that are in this picture; empty where the page explains them.
    """

    title: str
    reading: str
    svg: SafeString
    legend: tuple[Key, ...] = ()


def draw_chart(
    kind: str,
    content: Any,
    title: str,
    reading: str,
    build: Callable[[], Drawing],
    legend: tuple[Key, ...] = (),
) -> Chart:
    """Return the chart of ``content``, drawn by ``build`` unless the same was drawn before.

    ``content`` is everything that ``build`` draws from; equal contents have equal ``repr``.
    """
    rests_on = (LOOK, get_language(), kind, content, title, reading)
    digest = digest_of(rests_on)
    svg = cache.get(f"chart-{digest}")
    if svg is None:
        svg = fit_for_page(to_svg(build()), ident=f"{kind}-{digest[:8]}", title=title, reading=reading)
        cache.set(f"chart-{digest}", svg, CACHED_SECONDS)
    # Made by fit_for_page from a parsed tree, which escapes every text in it.
    return Chart(title, reading, mark_safe(svg), legend)  # noqa: S308


def to_svg(chart: Drawing) -> str:
    """Draw with vl-convert. Imported here: V8 takes some 75 MB, which only a server should cost."""
    import vl_convert

    spec = chart.configure(**config()).to_dict(validate=False)
    return str(vl_convert.vegalite_to_svg(spec))


def warm_up() -> None:
    """Load what draws and draw once: half a second that the first reader need not wait for."""
    import altair as alt

    points = alt.Chart(alt.Data(values=[{"x": 0, "y": 0}])).mark_point().encode(x="x:Q", y="y:Q")
    to_svg(alt.layer(points))


def fit_for_page(svg: str, *, ident: str, title: str, reading: str) -> str:
    """Return the SVG as part of a page.

    The page's policy allows no style attributes, so colours become classes; ids are made the page's own; the
    words that a reader aloud gets are ours and in the page's language; a mark's own words become its
    ``<title>``, which browsers show when it is pointed at.
    """
    ET.register_namespace("", SVG)
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing, not somebody's file
    for element in list(root.iter()):
        _clean(element, ident)
    for name in ("width", "height", "version", "class"):
        root.attrib.pop(name, None)
    root.set("class", f"drawing drawing--{ident.partition('-')[0]}")
    root.set("role", "img")
    root.set("aria-labelledby", f"{ident}-title")
    root.set("aria-describedby", f"{ident}-reading")
    for position, (tag, text) in enumerate((("title", title), ("desc", reading))):
        words = ET.Element(f"{{{SVG}}}{tag}", {"id": f"{ident}-{'title' if tag == 'title' else 'reading'}"})
        words.text = text
        root.insert(position, words)
    return ET.tostring(root, encoding="unicode")


def _clean(element: ET.Element, ident: str) -> None:
    said = element.get("aria-label") if element.get("role") == "graphics-symbol" else None
    for name, value in _declarations(element.get("style", "")):
        element.attrib.setdefault(name, value)
    for name in _DROPPED:
        element.attrib.pop(name, None)
    classes = [*_classes(element)]
    element.attrib.pop("class", None)
    if classes:
        element.set("class", " ".join(classes))
    if "id" in element.attrib:
        element.set("id", f"{ident}-{element.get('id')}")
    for name in _MEASURES:
        if name in element.attrib:
            element.set(name, _LONG_NUMBER.sub(_shorter, element.attrib[name]))
    for name, value in element.attrib.items():
        if value.startswith("url(#"):
            element.set(name, value.replace("url(#", f"url(#{ident}-"))
    if said and element.tag != f"{{{SVG}}}g":
        words = ET.SubElement(element, f"{{{SVG}}}title")
        words.text = said


def _shorter(number: re.Match[str]) -> str:
    # Adding 0 makes a -0 that rounding has left a 0.
    return f"{round(float(number.group()), 2) + 0:.10g}"


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            yield name.strip(), value.strip()


def _classes(element: ET.Element) -> Iterator[str]:
    """Return fill-ROLE and stroke-ROLE in place of the colours that stand for roles."""
    for paint in ("fill", "stroke"):
        role = _ROLE_OF.get(element.get(paint, ""))
        if role:
            del element.attrib[paint]
            yield f"{paint}-{role}"
