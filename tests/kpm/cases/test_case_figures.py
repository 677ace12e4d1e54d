"""Open cases by place, the cascade of a month and the flow of the stunted, worked out by hand."""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.test import Client

from kpm.case_actions import CaseStepEntry, record_case_step, take_back_case_step
from kpm.case_figures import (
    Span,
    StuntedChild,
    StuntedFlow,
    count_cascade,
    count_open_cases,
    count_stunted_flow,
    place_in_flow,
    sum_open_cases,
)
from kpm.cases.course import CaseKind
from kpm.models import StepAction
from registry.actions import move_child
from registry.models import Child, Role, User, Village
from tests.factories import make_child, make_user, make_village, measure, signed_in

pytestmark = pytest.mark.both_databases

BORN, TODAY = date(2023, 6, 20), date(2024, 8, 20)
JULY, AUGUST = date(2024, 7, 5), date(2024, 8, 5)
MONTH, MID, NEXT = date(2024, 8, 1), date(2024, 8, 10), date(2024, 9, 1)
ALWAYS: Span = (date(2023, 1, 1), None)
LATER = date(2028, 6, 20)
LONG: Span = (date(2024, 2, 5), LATER)
UNTIL_MID: Span = (date(2024, 2, 5), MID)


def short(by: User, village: Village, on: date, name: str) -> Child:
    """A girl of 69 cm at 12 to 14 months: stunted from that day."""
    child = make_child(by, village, name=name, birth_date=BORN)
    measure(child, on, "8.0", "69.0", position="L")
    return child


def child(
    *stunted: Span, ending: StuntedFlow = StuntedFlow.RECOVERED, lost: Span | None = None, here: Span = ALWAYS
) -> StuntedChild:
    return StuntedChild(stunted, (ending,) * len(stunted), (lost,) if lost else (), (here,))


FLOWS = {
    "stunted all along": (child(LONG), ["before", "stay"]),
    "found in the month": (child((MID, LATER)), ["new", "stay"]),
    "found on its first day": (child((MONTH, LATER)), ["new", "stay"]),
    "better in the month": (child(UNTIL_MID), ["before", "recovered"]),
    "better on the first of the next": (child((LONG[0], NEXT)), ["before", "stay"]),
    "better on its first day": (child((LONG[0], MONTH)), ["before", "recovered"]),
    "found and better within the month": (child((MONTH, MID)), []),
    "better and found again": (child(UNTIL_MID, (date(2024, 8, 25), LATER)), ["before", "stay"]),
    "turned five": (child(UNTIL_MID, ending=StuntedFlow.FIVE), ["before", "five"]),
    "died": (child(UNTIL_MID, ending=StuntedFlow.DIED), ["before", "died"]),
    "moved out": (child(LONG, here=(date(2023, 1, 1), MID)), ["before", "left"]),
    "moved in": (child(LONG, here=(MID, None)), ["came", "stay"]),
    "lost": (child(LONG, lost=(MONTH, LATER)), ["before", "lost"]),
    "lost before": (child(LONG, lost=(date(2024, 7, 1), LATER)), []),
    "back again": (child(LONG, lost=(date(2024, 7, 1), MID)), ["back", "stay"]),
    "died on the day on which it was lost": (
        child(UNTIL_MID, ending=StuntedFlow.DIED, lost=(MID, LATER)),
        ["before", "died"],
    ),
    "lost before it left": (
        child(LONG, lost=(MONTH, LATER), here=(date(2023, 1, 1), MID)),
        ["before", "lost"],
    ),
}


@pytest.mark.parametrize(("one", "expected"), FLOWS.values(), ids=FLOWS.keys())
def test_each_child_counts_once_on_each_side(one: StuntedChild, expected: list[str]) -> None:
    assert place_in_flow(one, MONTH) == expected


def test_the_two_sides_are_equal_whatever_happens() -> None:
    dice = random.Random(19)

    def span() -> Span:
        first = date(2024, 6, 1) + timedelta(days=dice.randrange(120))
        return (first, first + timedelta(days=1 + dice.randrange(90)))

    for _ in range(3000):
        ending = dice.choice([StuntedFlow.RECOVERED, StuntedFlow.DIED, StuntedFlow.FIVE, StuntedFlow.LEFT])
        lost = span() if dice.random() < 0.4 else None
        here = span() if dice.random() < 0.4 else ALWAYS
        counts = Counter(place_in_flow(child(span(), ending=ending, lost=lost, here=here), MONTH))
        came = sum(counts[way] for way in StuntedFlow if way in ("before", "new", "back", "came"))
        assert came == counts.total() - came <= 1


def test_the_flow_of_a_village_and_of_its_neighbour(cadre: User, village: Village, officer: User) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    moved, well = (short(cadre, village, JULY, name) for name in ("Ani", "Budi"))
    short(cadre, village, AUGUST, "Cici")
    move_child(by=officer, child_id=moved.pk, village_code=slarang.pk, moved_on=MID)
    measure(well, TODAY, "9.6", "76.0", position="L", confirmed=True)

    def flow(place: Village) -> dict[str, int]:
        return {way.value: count for way, count in count_stunted_flow(place, MONTH).items() if count}

    assert flow(village) == {"before": 2, "new": 1, "recovered": 1, "left": 1, "stay": 1}
    assert flow(slarang) == {"came": 1, "stay": 1}


def test_open_cases_of_a_place_are_those_of_its_villages(
    cadre: User, village: Village, officer: User
) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    first = short(cadre, village, JULY, "Ani")
    short(officer, slarang, AUGUST, "Budi")
    entry = CaseStepEntry(uuid4(), first.pk, StepAction.REFERRED, date(2024, 8, 13), referred_to="midwife")
    record_case_step(by=cadre, entry=entry)
    kecamatan = village.kecamatan
    found = count_open_cases(kecamatan, TODAY)
    here, there = found[village.pk], found[slarang.pk]
    assert (here.children, here.overdue > 0, here.oldest) == (1, True, JULY)
    assert (there.children, there.overdue, there.unvisited) == (1, 0, there.cases)
    whole = sum_open_cases(kecamatan, TODAY)
    assert (whole.children, whole.cases, whole.oldest) == (2, here.cases + there.cases, JULY)
    assert count_open_cases(kecamatan.district, TODAY, by="kecamatan") == {kecamatan.pk: whole}


def test_the_cascade_of_a_month_says_what_became_of_its_cases(cadre: User, village: Village) -> None:
    found = short(cadre, village, JULY, "Ani")
    short(cadre, village, AUGUST, "Budi")
    midwife = make_user(Role.MIDWIFE, village)
    for by, action, to in (
        (cadre, StepAction.VISITED, ""),
        (cadre, StepAction.REFERRED, "midwife"),
        (midwife, StepAction.ARRIVED, ""),
    ):
        record_case_step(by=by, entry=CaseStepEntry(uuid4(), found.pk, action, MID, referred_to=to))

    def stunting() -> tuple[int, ...]:
        cascade = count_cascade(village, date(2024, 7, 1), TODAY)
        [one] = [row for row in cascade if row.kind == CaseKind.STUNTING]
        return (one.found, one.visited, one.referred, one.arrived, one.treated, one.recovered)

    assert stunting() == (1, 1, 1, 1, 0, 0)
    measure(found, TODAY, "9.6", "76.0", position="L", confirmed=True)
    assert stunting() == (1, 1, 1, 1, 0, 1)


def test_the_page_of_a_place_counts_and_names_nobody(cadre: User, village: Village, officer: User) -> None:
    short(cadre, village, JULY, "Nama Yang Dikenali")
    of_district = text_of(signed_in(officer), "/dashboard/cases/")
    of_village = text_of(signed_in(cadre), f"/dashboard/villages/{village.pk}/cases/")
    assert "Kasus terbuka hari ini" in of_district
    assert "Tindak lanjut desa ini" in of_village
    for page in (of_district, of_village):
        assert "= stunting di akhir bulan" in page
        assert "Nama Yang Dikenali" not in page


def test_a_step_and_what_takes_it_back_are_seen_at_once_on_the_page(
    cadre: User, village: Village, officer: User
) -> None:
    cache.clear()
    page = signed_in(officer)
    found = short(cadre, village, JULY, "Ani")
    assert unvisited_on(page) == unvisited_on(page) == 1
    step = record_case_step(by=cadre, entry=CaseStepEntry(uuid4(), found.pk, StepAction.VISITED, MID))
    assert unvisited_on(page) == 0
    take_back_case_step(by=cadre, step_id=step.pk)
    assert unvisited_on(page) == 1


def test_what_a_month_after_that_of_the_page_closes_is_seen_at_once(
    cadre: User, village: Village, officer: User
) -> None:
    cache.clear()
    page = signed_in(officer)
    found = short(cadre, village, JULY, "Ani")
    short(cadre, village, AUGUST, "Budi")
    assert unvisited_on(page) == 2
    measure(found, TODAY, "9.6", "76.0", position="L", confirmed=True)
    assert unvisited_on(page) == 1


def unvisited_on(page: Client) -> int:
    """Return how many cases nobody has visited, as the page of July counts them."""
    text = text_of(page, "/dashboard/cases/?month=2024-07")
    [number] = re.findall(r"<dt>Belum dikunjungi</dt><dd>([^<]+)</dd>", text)
    return 0 if number == "–" else int(number)


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()
