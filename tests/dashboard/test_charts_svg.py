"""What every drawing goes through on its way into a page."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from dashboard.charts import Key, svg


def test_numbers_are_no_finer_than_a_screen_shows() -> None:
    raw = (
        '<svg xmlns="http://www.w3.org/2000/svg"><path transform="translate(20.12345678,-0.0004)" '
        'd="M0.5,1.23456L10.00049,33.3333Z" stroke-width="1.2345"/></svg>'
    )
    root = ET.fromstring(svg.fit_for_page(raw, ident="k-1", title="T", reading="R"))  # noqa: S314 - our own
    path = root.find("{http://www.w3.org/2000/svg}path")
    assert path is not None
    assert path.get("transform") == "translate(20.12,0)"
    assert path.get("d") == "M0.5,1.23L10,33.33Z"
    assert path.get("stroke-width") == "1.2345"


def test_the_kind_of_chart_is_a_class_of_the_drawing() -> None:
    page = svg.fit_for_page(
        '<svg xmlns="http://www.w3.org/2000/svg"/>', ident="map-ab12", title="T", reading="R"
    )
    assert 'class="drawing drawing--map"' in page


def test_the_legend_comes_with_the_chart_from_the_cache_too() -> None:
    import altair as alt

    legend = (Key("point", "angka"),)

    def build() -> object:
        return alt.layer(alt.Chart(alt.Data(values=[{"a": 1}])).mark_point().encode(x="a:Q"))

    for _again in range(2):
        assert svg.draw_chart("test", "x", "T", "R", build, legend).legend == legend  # type: ignore[arg-type]
