"""The weighing report: its sums are the stored figures; 2T, BGM and the posyandu are counted on fingers."""

from __future__ import annotations

import random
from datetime import date
from uuid import UUID, uuid4

import pytest

from registry.access.visible_places import PlaceNotVisible
from registry.actions import move_child, void_measurement
from registry.figures.count import Before, CountCell, CountedMeasurement, Resident, count_month
from registry.figures.counts import Counts
from registry.figures.prevalence import counts_by_village
from registry.figures.skdn import (
    ChildMonth,
    SkdnLine,
    children_of_month,
    line_of,
    skdn,
    split_by_child,
)
from registry.models import Child, Role, Sex, User, Village
from registry.models.month import COUNTERS
from tests.factories import (
    make_child,
    make_district,
    make_measured,
    make_posyandu,
    make_user,
    make_village,
    measure,
)
from tests.factories import seen as observed

HERE, THERE = "33.01.02.2016", "33.01.02.2003"
AUGUST = date(2024, 8, 1)
BORN = date(2023, 3, 14)  # 17 months in August 2024: at least 200 g a month


@pytest.fixture
def here(db: None) -> Village:
    return make_village(HERE, "Kesugihan Kidul")


@pytest.fixture
def there(db: None) -> Village:
    return make_village(THERE, "Kesugihan")


@pytest.fixture
def officer(here: Village) -> User:
    return make_user(Role.DISTRICT, make_district())


def weighed(child: Child, *weights: tuple[int, str]) -> None:
    """Weighed on the fifth of these months of 2024."""
    for month, kg in weights:
        measure(child, date(2024, month, 5), kg, None, confirmed=True)


# --- One child, by hand --------------------------------------------------------------------------------


def child_month(**counted: int) -> ChildMonth:
    return ChildMonth(uuid4(), CountCell(HERE, 2, "12-23"), Counts(registered=1, **counted))


def seen(child: UUID, day: int, *, gain: str, village: str = HERE, month: int = 8) -> CountedMeasurement:
    on = date(2024, month, day)
    return CountedMeasurement(child, 2, village, on, 500, None, False, None, False, None, False, False, gain)


@pytest.mark.parametrize(
    ("gain", "not_gained_before", "twice"), [("T", True, 1), ("T", False, 0), ("N", True, 0)]
)
def test_2t_is_t_this_month_after_t_the_month_before(gain: str, not_gained_before: bool, twice: int) -> None:
    child = uuid4()
    before = Before(not_gained=frozenset({child} if not_gained_before else ()))
    (found,) = split_by_child(
        [seen(child, 5, gain=gain)], [], village=HERE, on=date(2024, 8, 31), before=before
    )
    assert found.counts.twice_not_gained == twice
    assert found.twice_not_gained is bool(twice)


def test_a_child_counts_where_it_was_measured_last_else_where_it_lives() -> None:
    moved, home = uuid4(), uuid4()
    rows = [seen(moved, 5, gain="N"), seen(moved, 25, gain="N", village=THERE)]
    residents = [Resident(moved, 2, HERE, BORN, AUGUST), Resident(home, 2, HERE, BORN, AUGUST)]
    found = split_by_child(rows, residents, village=HERE, on=date(2024, 8, 31))
    assert [(c.child_id, c.counts) for c in found] == [(home, Counts(registered=1))]
    (elsewhere,) = split_by_child(rows, residents, village=THERE, on=date(2024, 8, 31))
    assert elsewhere.counts == Counts(registered=1, measured=1, gained=1)


def test_a_line_adds_up_and_compares_only_n_and_t() -> None:
    line = line_of(
        [
            child_month(gained=1),
            child_month(not_gained=1, severely_underweight=1),
            child_month(not_before=1),
            child_month(first=1),
            child_month(),
        ]
    )
    # S 5, D 4, D - O - B 2, BGM 1.
    assert (line.counts.registered, line.counts.weighed, line.compared, line.below_red_line) == (5, 4, 2, 1)
    assert line_of([]) == SkdnLine(Counts())


# --- A village ----------------------------------------------------------------------------------------


def test_a_village_by_hand(here: Village, officer: User) -> None:
    """Four girls and a boy of 17 months, one for each letter, and one who did not come."""
    weighed(make_child(village=here, birth_date=BORN, name="Naik"), (7, "9.0"), (8, "9.2"))
    weighed(make_child(village=here, birth_date=BORN, name="Tidak"), (6, "9.0"), (7, "9.1"), (8, "9.2"))
    weighed(make_child(village=here, birth_date=BORN, name="Lalai"), (6, "9.0"), (8, "9.5"))
    weighed(make_child(village=here, birth_date=BORN, name="Baru", sex=Sex.BOY), (8, "9.9"))
    make_child(village=here, birth_date=BORN, name="Absen")
    found = skdn(here, AUGUST, officer)
    c = found.total.counts
    assert (c.registered, c.weighed) == (5, 4)
    assert (c.gained, c.not_gained, c.not_before, c.first) == (1, 1, 1, 1)
    # 9.0, 9.1, 9.2: 100 g twice where 200 g are asked for.
    assert found.total.twice_not_gained == 1
    assert [(f.child.name, f.month.twice_not_gained, f.month.below_red_line) for f in found.followed] == [
        ("Tidak", True, False)
    ]
    assert (found.boys.counts.registered, found.girls.counts.registered) == (1, 4)
    by_age = {str(a.age_group): (a.boys.counts.weighed, a.girls.counts.weighed) for a in found.ages}
    assert by_age["12-23"] == (1, 3)
    assert [group for group, pair in by_age.items() if pair != (0, 0)] == ["12-23"]
    assert list(by_age) == ["00-05", "06-11", "12-23", "24-35", "36-47", "48-59"]


def test_bgm_is_weight_below_minus_three_or_oedema(here: Village, officer: User) -> None:
    # WHO 2006, girls of 17 months: -3 SD is 7.0 kg, -2 SD 7.9 kg.
    for name, kg in (("Di bawah", "6.7"), ("Di atas", "7.4")):
        weighed(make_child(village=here, birth_date=BORN, name=name), (8, kg))
    swollen = make_child(village=here, birth_date=BORN, name="Edema")
    measure(swollen, date(2024, 8, 5), "9.9", None, oedema=True, confirmed=True)
    found = skdn(here, AUGUST, officer)
    assert found.total.below_red_line == 2
    assert [f.child.name for f in found.followed] == ["Di bawah", "Edema"]


def test_what_was_voided_makes_no_2t(here: Village, officer: User) -> None:
    child = make_child(village=here, birth_date=BORN)
    weighed(child, (6, "9.0"), (7, "9.1"), (8, "9.2"))
    assert skdn(here, AUGUST, officer).total.twice_not_gained == 1
    july = child.measurements.get(measured_on=date(2024, 7, 5))
    void_measurement(by=child.created_by, measurement_id=july.pk, reason="tertukar")
    # Not weighed in July any more: O.
    found = skdn(here, AUGUST, officer).total
    assert (found.twice_not_gained, found.counts.not_before) == (0, 1)


def test_the_posyandu_part_the_total_and_who_has_none_comes_last(here: Village, officer: User) -> None:
    melati, anggrek = make_posyandu(here, "Melati 1"), make_posyandu(here, "Anggrek 2")
    make_posyandu(here, "Kosong 3")
    for post, kg in ((melati, "9.0"), (melati, "9.1"), (anggrek, "9.2"), (None, "9.3")):
        child = make_child(village=here, birth_date=BORN, posyandu_id=post.pk if post else None)
        weighed(child, (8, kg))
    parts = skdn(here, AUGUST, officer).posyandu
    assert [(p.posyandu, p.line.counts.weighed) for p in parts] == [(anggrek, 1), (melati, 2), (None, 1)]


def test_a_child_that_moved_on_is_in_no_posyandu_of_the_village_it_left(
    here: Village, there: Village, officer: User
) -> None:
    stays = make_child(village=here, birth_date=BORN, posyandu_id=make_posyandu(here).pk)
    moved = make_child(village=here, birth_date=BORN)
    weighed(stays, (8, "9.0"))
    weighed(moved, (8, "9.0"))
    new_post = make_posyandu(there, "Kenanga 1").pk
    move_child(
        by=officer,
        child_id=moved.pk,
        village_code=there.pk,
        moved_on=date(2024, 8, 10),
        posyandu_id=new_post,
    )
    parts = skdn(here, AUGUST, officer).posyandu
    assert [(str(p.posyandu), p.line.counts.weighed) for p in parts] == [("Melati 1", 1), ("None", 1)]


def test_without_any_posyandu_there_are_no_parts(here: Village, officer: User) -> None:
    weighed(make_child(village=here, birth_date=BORN), (8, "9.0"))
    assert skdn(here, AUGUST, officer).posyandu == []


def test_who_moved_out_of_the_readers_area_is_counted_and_not_named(here: Village, there: Village) -> None:
    cadre = make_user(Role.CADRE, here)
    officer = make_user(Role.DISTRICT, make_district())
    child = make_child(village=here, birth_date=BORN)
    weighed(child, (6, "9.0"), (7, "9.1"), (8, "9.2"))
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 8, 10))
    found = skdn(here, AUGUST, cadre)
    assert (found.total.twice_not_gained, found.followed, found.hidden) == (1, [], 1)
    named = skdn(here, AUGUST, officer)
    assert ([f.child for f in named.followed], named.hidden) == ([child], 0)


def test_outside_the_readers_area_there_is_no_report(here: Village, there: Village) -> None:
    with pytest.raises(PlaceNotVisible):
        skdn(there, AUGUST, make_user(Role.CADRE, here))
    with pytest.raises(PlaceNotVisible):
        # Another system sees figures, and no children.
        skdn(here, AUGUST, make_user(Role.CLIENT, make_district()))


def test_the_sums_are_the_stored_figures_cell_by_cell(here: Village, there: Village, officer: User) -> None:
    """Forty children of two villages, some moved or weighed twice: the report against the register."""
    chance = random.Random(2024)
    homes = [here, there]
    for home in homes:
        children = []
        for n in range(20):
            born = date.fromordinal(date(2019, 7, 1).toordinal() + chance.randrange(1850))
            days = [
                date(2024, month, day)
                for month in (6, 7, 8)
                for day in chance.sample(range(1, 15), chance.choice([0, 1, 1, 2]))
            ]
            weighed = [observed(day, f"{chance.uniform(6, 14):.1f}") for day in days if day > born]
            identity = {"name": f"Anak {n}", "birth_date": born, "sex": chance.choice(list(Sex))}
            children.append((identity, weighed))
        make_measured(officer, home, children)
    for child in Child.objects.order_by("name", "village"):
        if chance.random() < 0.2:
            to = homes[child.village == here]
            move_child(by=officer, child_id=child.pk, village_code=to.pk, moved_on=date(2024, 8, 10))
    for village in homes:
        cells: dict[CountCell, list[ChildMonth]] = {}
        for child_month in children_of_month(village.pk, AUGUST):
            cells.setdefault(child_month.cell, []).append(child_month)
        sums = {
            cell: tuple(getattr(line_of(rows).counts, name) for name in COUNTERS)
            for cell, rows in cells.items()
        }
        assert sums == count_month(AUGUST, [village.pk]).as_values()
        stored = counts_by_village(Village.objects.filter(pk=village.pk), AUGUST)[village.pk]
        assert skdn(village, AUGUST, officer).total.counts == stored
        assert stored.weighed > 5


def test_children_are_counted_again_when_a_figure_changes_and_not_before(
    here: Village, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = make_child(village=here, birth_date=BORN)
    weighed(child, (8, "9.0"))
    first = children_of_month(here.pk, AUGUST)
    with monkeypatch.context() as patched:
        patched.setattr("registry.figures.skdn._count_children", lambda *of: pytest.fail("counted again"))
        assert children_of_month(here.pk, AUGUST) == first
        Child.objects.filter(pk=child.pk).update(growth_book=True)
        assert children_of_month(here.pk, AUGUST)[0].growth_book is True  # as its record is today
    make_child(village=here, birth_date=BORN)
    assert len(children_of_month(here.pk, AUGUST)) == 2
