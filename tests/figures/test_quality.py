"""Grades of a month: each child once, each group by itself, recorders for the district and themselves."""

from __future__ import annotations

from datetime import date

import pytest

from registry.access.visible_places import PlaceNotVisible
from registry.actions.grade import grade_month
from registry.figures.quality import grade_groups, grades_of, reasons_of, taken_in
from registry.models import BirthDateBasis, Measurement, Position, QualityMonth, Role, Source, User, Village
from registry.statistics import CheckName, Level
from tests.factories import (
    make_child,
    make_district,
    make_measured,
    make_posyandu,
    make_user,
    make_village,
    measure,
    seen,
)

AUGUST = date(2024, 8, 1)


@pytest.fixture
def cadre(village: Village) -> User:
    return make_user(Role.CADRE, village, "sumarni")


@pytest.fixture
def rounded(cadre: User, village: Village) -> None:
    """Sixty children, every height a whole centimetre."""
    post = make_posyandu(village)
    observations = [seen(date(2024, 8, 5), f"{11 + n % 10 / 10:.1f}", f"{82 + n % 12}.0") for n in range(60)]
    make_measured(cadre, village, [({"posyandu_id": post.pk}, [one]) for one in observations])


def test_a_child_measured_twice_is_taken_once(cadre: User, village: Village) -> None:
    child = make_child(cadre, village)
    measure(child, date(2024, 8, 5), "11.0", "84.0")
    measure(child, date(2024, 8, 12), "11.2", "84.3")
    (taken,) = taken_in(AUGUST)
    assert str(taken.lenhei_cm) == "84.30"
    groups = {(g.posyandu_id, g.recorder_id): g.quality.count for g in grade_groups([taken])}
    assert groups == {(None, None): 1, (None, cadre.pk): 1}


def test_estimated_birth_dates_are_counted_against_the_quality(cadre: User, village: Village) -> None:
    known = {"birth_date_basis": BirthDateBasis.DAY, "birth_date": date(2022, 3, 14)}
    guessed = {"birth_date_basis": BirthDateBasis.MONTH, "birth_date": date(2022, 3, 14)}
    one = [seen(date(2024, 8, 5), "11.0", "84.0")]
    make_measured(cadre, village, [(known, one)] * 9 + [(guessed, one)] * 3)
    [of_village] = [g.quality for g in grade_groups(taken_in(AUGUST)) if g.recorder_id is None]
    check = of_village.check(CheckName.BIRTH_DATE_ESTIMATED)
    assert (check.value, check.count, check.level) == (25, 12, Level.PROBLEMATIC)
    assert ["birth_date_estimated", 25] in reasons_of(of_village)


def test_whole_centimetres_are_found_and_said(rounded: None, officer: User, village: Village) -> None:
    assert grade_month(AUGUST) == 3  # the village, its posyandu, its recorder
    rows = grades_of(village, AUGUST, officer)
    assert len(rows) == 3
    for row in rows:
        assert row.stored.count == 60
        assert CheckName.HEIGHT_DIGITS in [name for name, _value in row.reasons]
        assert CheckName.WEIGHT_DIGITS not in [name for name, _value in row.reasons]


def test_grading_again_takes_the_place_of_the_first(rounded: None) -> None:
    grade_month(AUGUST)
    grade_month(AUGUST)
    assert QualityMonth.objects.count() == 3


def test_a_recorders_grade_is_for_the_district_and_herself(
    rounded: None, officer: User, cadre: User, village: Village
) -> None:
    grade_month(AUGUST)

    def recorders(user: User) -> list[str]:
        found = grades_of(village, AUGUST, user)
        return [row.stored.recorder.username for row in found if row.stored.recorder]

    assert recorders(officer) == ["sumarni"]
    assert recorders(cadre) == ["sumarni"]
    assert recorders(make_user(Role.MIDWIFE, village)) == []
    assert recorders(make_user(Role.KECAMATAN, village.kecamatan)) == []


def test_the_worst_come_first_and_too_few_last(rounded: None, officer: User) -> None:
    small = make_village("33.01.02.2009", "Slarang")
    measure(make_child(by=officer, village=small), date(2024, 8, 5), "11.0", "84.0")
    grade_month(AUGUST)
    villages = [row for row in grades_of(make_district(), AUGUST, officer) if not row.stored.recorder]
    assert villages[-1].grade == Level.TOO_FEW
    assert villages[-1].stored.village == small


def test_another_place_is_not_shown(rounded: None, village: Village) -> None:
    neighbour = make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja"))
    with pytest.raises(PlaceNotVisible):
        grades_of(village, AUGUST, neighbour)


def test_a_group_too_small_to_grade_asks_for_no_help(officer: User, village: Village) -> None:
    child = make_child(by=officer, village=village)
    measure(child, date(2024, 8, 5), "11.0", "84.0", position=Position.LYING)
    grade_month(AUGUST)
    for row in grades_of(village, AUGUST, officer):
        assert (row.grade, row.reasons) == (Level.TOO_FEW, ())


def test_whoever_did_not_measure_there_gets_no_grade(officer: User, cadre: User, village: Village) -> None:
    """An officer who writes down a list, and a cadre whose file held what others measured."""
    for n, (by, source) in enumerate(
        ((cadre, Source.FORM), (officer, Source.FORM), (cadre, Source.FILE), (officer, Source.FILE))
    ):
        taken = measure(make_child(officer, village, name=f"Anak {n}"), date(2024, 8, 5), "11.0", "84.0")
        Measurement.objects.filter(pk=taken.measurement.pk).update(recorded_by=by, source=source)
    groups = {g.recorder_id: g.quality.count for g in grade_groups(taken_in(AUGUST))}
    assert groups == {None: 4, cadre.pk: 1}


def test_of_nine_children_nothing_is_judged_and_of_ten_their_positions(
    officer: User, cadre: User, village: Village
) -> None:
    one = [seen(date(2024, 8, 5), "11.0", "84.0", position=Position.UNKNOWN)]
    make_measured(cadre, village, [({}, one)] * 9)
    neighbour = make_village("33.01.02.2009", "Slarang")
    make_measured(make_user(Role.CADRE, neighbour, "wati"), neighbour, [({}, one)] * 10)
    grade_month(AUGUST)
    stored = {
        (row.stored.village_id, bool(row.stored.recorder)): (row.stored.count, row.grade, row.reasons)
        for row in grades_of(make_district(), AUGUST, officer)
    }
    unknown = (10, Level.TOO_FEW, ((CheckName.POSITION_UNKNOWN, 100.0),))
    assert stored == {
        (village.pk, False): (9, Level.TOO_FEW, ()),
        (village.pk, True): (9, Level.TOO_FEW, ()),
        (neighbour.pk, False): unknown,
        (neighbour.pk, True): unknown,
    }
