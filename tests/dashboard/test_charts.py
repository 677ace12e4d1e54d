"""The pictures: well-formed, told in words, no style attributes, weak months hollow, surveys apart."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache

from dashboard.charts import Chart, svg, target_chart, trend_chart
from dashboard.charts.layout import axis_ticks, axis_top
from registry.access.visible_places import PlaceName
from registry.calendar_months import months_back
from registry.figures import Counts, Prevalence
from registry.figures.prevalence import rate_from
from registry.models import Indicator, Survey, SurveyEstimate, Target

AUGUST = date(2024, 8, 1)
MONTHS = months_back(AUGUST, 24)
TARGET = Target(year=2024, percent="14.0")
TARGETS = {2022: None, 2023: None, 2024: TARGET}
SKI = SurveyEstimate(year=2023, survey=Survey.SKI, percent="18.50")
NAMES = {"s": "http://www.w3.org/2000/svg"}


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own drawing


def found(month: date, stunted: int = 20, believed: int = 100, registered: int | None = None) -> Prevalence:
    counts = Counts(
        registered=registered or believed, measured=believed, haz_believed=believed, stunted=stunted
    )
    return rate_from(PlaceName("district", "33.01", "Cilacap"), month, counts, Indicator.STUNTED)


def drawn_trend(months: list[Prevalence], surveys: list[SurveyEstimate] | None = None) -> Chart:
    chart = trend_chart(months, TARGETS, surveys or [], "Kabupaten Cilacap")
    assert chart is not None
    return chart


def marks(chart: Chart, said: str) -> list[ET.Element]:
    """The marks whose own words, shown when they are pointed at, contain ``said``."""
    root = parsed(chart.svg)
    return [
        e
        for e in root.iter()
        if any(said in (t.text or "") for t in e.findall("s:title", NAMES)) and e is not root
    ]


def test_the_bar_is_an_svg_with_title_and_reading_and_no_style_attribute() -> None:
    chart = target_chart(found(AUGUST), TARGET, "Kabupaten Cilacap")
    assert chart is not None
    root = parsed(chart.svg)
    title, desc = root[0], root[1]
    assert (title.text, desc.text) == ("Prevalensi stunting dan target", chart.reading)
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == desc.get("id")
    assert not [e for e in root.iter() if "style" in e.attrib or e.get("font-family")]
    assert chart.reading.replace("\N{NO-BREAK SPACE}", " ") == (
        "Kabupaten Cilacap: batang sampai 20,0%, selang kepercayaan 95% dari 13,3–28,9; tanda target di 14%."
    )


def test_every_colour_of_a_chart_is_a_role_of_the_style_sheet() -> None:
    chart = drawn_trend([found(m) for m in MONTHS], [SKI])
    for element in parsed(chart.svg).iter():
        for paint in ("fill", "stroke"):
            assert element.get(paint, "none") in ("none", "transparent"), ET.tostring(element)


def test_no_rate_is_no_bar_and_no_trend() -> None:
    nobody = [found(m, 0, 0) for m in MONTHS]
    assert target_chart(nobody[-1], TARGET, "X") is None
    assert trend_chart(nobody, TARGETS, [], "X") is None


def test_months_of_low_coverage_are_hollow_and_say_so() -> None:
    months = [found(m) for m in MONTHS[:-1]] + [found(AUGUST, registered=200)]
    chart = drawn_trend(months)
    (weak,) = marks(chart, "cakupan pengukuran rendah (50,0")
    assert weak.get("class") == "fill-ground stroke-mark"
    (strong,) = marks(chart, "Juli 2024")
    assert strong.get("class") == "fill-mark stroke-mark"
    assert "1 digambar sebagai lingkaran kosong" in chart.reading


def test_a_month_without_data_leaves_a_gap_in_the_line() -> None:
    months = [found(m) for m in MONTHS]
    months[10] = found(MONTHS[10], 0, 0)
    lines = [
        e
        for e in parsed(drawn_trend(months).svg).iter()
        if e.get("class") == "stroke-mark" and "L" in e.get("d", "")
    ]
    # Ten months before the gap and thirteen after it: nine and twelve steps.
    assert sorted(line.get("d", "").count("L") for line in lines) == [9, 12]


def test_a_survey_is_another_mark_and_part_of_no_line() -> None:
    months = [found(m) for m in MONTHS]
    with_survey, without = drawn_trend(months, [SKI]), drawn_trend(months)
    (mark,) = marks(with_survey, "SKI 2023: 18,5")
    assert mark.get("class") == "fill-survey stroke-ground"
    paths = [
        [e.get("d") for e in parsed(chart.svg).iter() if e.get("class") == "stroke-mark" and e.get("d")]
        for chart in (with_survey, without)
    ]
    assert paths[0] == paths[1]


def survey(year: int, percent: str, kind: Survey = Survey.SSGI) -> SurveyEstimate:
    return SurveyEstimate(year=year, survey=kind, percent=percent)


def x_of(element: ET.Element) -> float:
    return float(re.findall(r"-?[\d.]+", element.get("transform", ""))[0])


def test_the_latest_surveys_from_before_the_months_stand_left_of_them_and_apart() -> None:
    months = [found(m) for m in MONTHS]  # from September 2022 on
    old = [survey(2018, "32.10"), survey(2021, "17.90"), survey(2022, "17.60")]
    chart = drawn_trend(months, [*old, SKI])
    assert not marks(chart, "SSGI 2018")
    before = [x_of(mark) for said in ("SSGI 2021: 17,9", "SSGI 2022: 17,6") for mark in marks(chart, said)]
    (inside,) = marks(chart, "SKI 2023: 18,5")
    (first,) = marks(chart, "September 2022")
    (edge,) = [e for e in parsed(chart.svg).iter() if e.get("class") == "stroke-limit"]
    assert before[0] < before[1] < x_of(edge) < x_of(first) < x_of(inside)
    texts = ["".join(e.itertext()) for e in parsed(chart.svg).iter(f"{{{NAMES['s']}}}text")]
    assert {"SSGI", "2021", "2022"} <= set(texts)
    assert "Di kiri, terpisah: survei sebelum periode ini (SSGI 2021: 17,9" in chart.reading
    # No line leads to them: those of the months begin where the months do.
    lines = [e for e in parsed(chart.svg).iter() if e.get("class") == "stroke-mark" and "L" in e.get("d", "")]
    starts = [float(line.get("d", "").removeprefix("M").split(",")[0]) for line in lines]
    assert min(starts) == pytest.approx(x_of(first), abs=0.05)


def test_a_survey_after_the_months_is_not_drawn() -> None:
    chart = drawn_trend([found(m) for m in MONTHS], [survey(2025, "12.00")])
    assert not marks(chart, "SSGI")
    assert "survey" not in [key.mark for key in chart.legend]


def test_the_months_keep_their_labels_apart_beside_surveys() -> None:
    beside = drawn_trend([found(m) for m in MONTHS], [survey(2021, "17.90"), survey(2022, "17.60")])
    alone = drawn_trend([found(m) for m in MONTHS])
    # Side by side where there is room, else the month over its year.
    assert ">Agu 2024<" in alone.svg
    assert ">Agu<" in beside.svg
    assert ">Agu 2024<" not in beside.svg


def test_the_legend_of_the_trend_has_only_what_is_drawn() -> None:
    strong = [found(m) for m in MONTHS]
    weak = [*strong[:-1], found(AUGUST, registered=200)]
    assert [key.mark for key in drawn_trend(strong).legend] == ["point", "band", "target"]
    assert [key.mark for key in drawn_trend(weak, [SKI]).legend] == [
        "point",
        "hollow",
        "band",
        "target",
        "survey",
    ]
    assert "survey" in [key.mark for key in drawn_trend(strong, [survey(2021, "17.90")]).legend]


def test_the_same_content_is_drawn_once_and_another_anew() -> None:
    drawn: list[int] = []

    def build() -> object:
        drawn.append(1)
        import altair as alt

        return alt.layer(alt.Chart(alt.Data(values=[{"a": 1}])).mark_point().encode(x="a:Q"))

    for content in ("one", "one", "two"):
        svg.draw_chart("test", content, "Judul", "Bacaan", build)  # type: ignore[arg-type]
    assert len(drawn) == 2
    cache.clear()
    svg.draw_chart("test", "one", "Judul", "Bacaan", build)  # type: ignore[arg-type]
    assert len(drawn) == 3


def test_drawing_is_deterministic() -> None:
    months = [found(m) for m in MONTHS]
    first = drawn_trend(months, [SKI])
    cache.clear()
    assert drawn_trend(months, [SKI]) == first


def test_style_declarations_become_attributes_and_ids_the_pages_own() -> None:
    raw = (
        '<svg xmlns="http://www.w3.org/2000/svg"><defs><clipPath id="c0"/></defs>'
        '<path clip-path="url(#c0)" style="fill:#010101; opacity:0.5" d="M0,0"/></svg>'
    )
    path = parsed(svg.fit_for_page(raw, ident="k", title="T <1>", reading="R & B")).find("s:path", NAMES)
    assert path is not None
    assert path.attrib == {"clip-path": "url(#k-c0)", "opacity": "0.5", "d": "M0,0", "class": "fill-mark"}


def test_the_axis_ends_just_above_what_is_drawn() -> None:
    assert [axis_top(v) for v in (0, 4.4, 4.6, 14.0, 99.9)] == [5, 5, 10, 15, 100]
    assert axis_ticks(15) == [0, 5, 10, 15]
    assert axis_ticks(5) == [0, 1, 2, 3, 4, 5]
