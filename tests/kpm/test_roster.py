"""The roster of Kesugihan Kidul in August 2024, as the cadre sees it on the 20th."""

import gzip
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from kpm.roster import Roster, matches, next_to_measure, roster
from registry.actions import close_child, move_child
from registry.figures import summary
from registry.models import ChildStatus, Role, User, Village
from tests.factories import make_child, make_puskesmas, make_user, make_village, measure
from tests.kpm.conftest import signed_in

AUGUST = date(2024, 8, 1)


def of(user: User, village: Village, search: str = "") -> Roster:
    return roster(user=user, village=village, month=AUGUST, on=timezone.localdate(), search=search)


def names(rows: list) -> list[str]:
    return [row.child.name for row in rows]


def test_a_child_moves_from_unmeasured_to_measured(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, name="Siti", birth_date=date(2023, 6, 20))
    assert (names(of(cadre, village).todo), of(cadre, village).measured) == (["Siti"], 0)
    measure(child, date(2024, 8, 5), "9.1", "76.0", position="L")
    found = of(cadre, village)
    assert (names(found.todo), names(found.done), found.measured, found.registered) == ([], ["Siti"], 1, 1)


def test_a_flagged_value_asks_to_measure_again_and_still_counts_as_measured(
    cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, name="Bagus", birth_date=date(2023, 6, 20))
    measure(child, date(2024, 8, 5), "24.0", "76.0", confirmed=True)
    found = of(cadre, village)
    assert (names(found.again), names(found.done), found.measured) == (["Bagus"], [], 1)
    assert found.again[0].word == "Perlu ukur ulang"


def test_the_last_weight_and_height_are_of_the_newest_measurement_in_force(
    cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 6, 20))
    measure(child, date(2024, 6, 5), "8.7", "74.0")
    measure(child, date(2024, 7, 5), "9.0", "75.1")
    last = of(cadre, village).todo[0].last
    assert last is not None
    assert last.measured_on == date(2024, 7, 5)


def test_a_child_missed_for_two_months_says_so(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 6, 20))
    measure(child, date(2024, 5, 5), "8.7", "74.0")
    row = of(cadre, village).todo[0]
    assert (row.kind, row.word) == ("watch", "2 bulan tidak diukur")


def test_died_and_moved_children_are_not_waited_for(cadre: User, village: Village) -> None:
    gone = make_child(cadre, village, birth_date=date(2023, 6, 20))
    close_child(by=cadre, child_id=gone.pk, status=ChildStatus.DIED, on=date(2024, 8, 2))
    assert of(cadre, village).is_empty


def test_who_moved_away_on_the_last_day_of_a_month_belongs_to_the_new_village(
    village: Village, officer: User
) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    child = make_child(officer, village, birth_date=date(2023, 6, 20))
    move_child(by=officer, child_id=child.pk, village_code=slarang.pk, moved_on=date(2024, 7, 31))
    july = {"user": officer, "month": date(2024, 7, 1), "on": date(2024, 7, 31)}
    assert roster(village=village, **july).is_empty  # type: ignore[arg-type]
    assert roster(village=slarang, **july).registered == 1  # type: ignore[arg-type]


def test_who_turned_five_before_this_month_is_nowhere(cadre: User, village: Village) -> None:
    # Day 1827 was 31 July 2024.
    make_child(cadre, village, birth_date=date(2024, 7, 31) - timedelta(days=1827))
    assert of(cadre, village).is_empty


def test_who_turns_five_this_month_stands_apart_and_counts_only_when_measured(
    cadre: User, village: Village
) -> None:
    # Day 1827 is 14 August 2024.
    child = make_child(cadre, village, name="Tua", birth_date=date(2024, 8, 14) - timedelta(days=1827))
    found = of(cadre, village)
    assert (names(found.leaving), found.registered) == (["Tua"], 0)
    measure(child, date(2024, 8, 13), "16.0", "103.0")
    assert (of(cadre, village).measured, of(cadre, village).registered) == (1, 1)


def test_a_child_measured_this_month_before_it_moved_here_is_not_measured_twice(
    village: Village, officer: User
) -> None:
    other = make_village("33.01.02.2010", "Slarang")
    child = make_child(officer, other, birth_date=date(2023, 6, 20))
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    move_child(by=officer, child_id=child.pk, village_code=village.pk, moved_on=date(2024, 8, 10))
    assert of(officer, village).is_empty


def test_the_counts_are_those_of_the_districts_figures(cadre: User, village: Village) -> None:
    for serial in range(5):
        child = make_child(cadre, village, name=f"Anak {serial}", birth_date=date(2022 + serial % 3, 2, 3))
        if serial < 3:
            measure(child, date(2024, 8, 5), "9.0", "78.0", confirmed=True)
    counts = summary(village, AUGUST, cadre).counts
    found = of(cadre, village)
    assert (found.measured, found.registered) == (3, 5)
    assert (counts.measured, counts.registered) == (3, 5)


@pytest.mark.parametrize(
    ("name", "search", "found"),
    [
        ("Siti Nurhaliza", "nur", True),
        ("Siti Nurhaliza", "SI nu", True),
        ("Siti Nurhaliza", "haliza", False),
        ("M. Ali-Akbar", "ak", True),
        ("Siti", "", True),
        ("Siti", "s i t", False),
    ],
)
def test_search_takes_the_first_letters_of_any_word(name: str, search: str, found: bool) -> None:
    assert matches(name, search) is found


def test_the_next_child_is_the_next_by_name_and_then_from_the_start(cadre: User, village: Village) -> None:
    born = date(2023, 6, 20)
    ani, budi, cici = (make_child(cadre, village, name=n, birth_date=born) for n in ("Ani", "Budi", "Cici"))
    found = of(cadre, village)
    assert next_to_measure(found, after=ani) == budi
    assert next_to_measure(found, after=cici) == ani
    for child in (ani, cici):
        measure(child, date(2024, 8, 5), "9.1", "76.0")
    assert next_to_measure(of(cadre, village), after=budi) is None


def test_the_page_shows_the_sections_and_the_progress(page: Client, cadre: User, village: Village) -> None:
    born = date(2023, 6, 20)
    measured = make_child(cadre, village, name="Ani", birth_date=born)
    make_child(cadre, village, name="Budi", birth_date=born)
    measure(measured, date(2024, 8, 5), "9,1".replace(",", "."), "76.0")
    text = page.get("/roster/").content.decode()
    assert "1 dari 2" in text
    assert "Belum diukur (1)" in text
    assert "Sudah diukur (1)" in text
    assert "9,1&nbsp;kg" in text


def test_search_narrows_the_page_and_an_empty_one_says_what_to_do(
    page: Client, cadre: User, village: Village
) -> None:
    make_child(cadre, village, name="Siti Nurhaliza", birth_date=date(2023, 6, 20))
    assert "Siti Nurhaliza" in page.get("/roster/?q=nur").content.decode()
    text = page.get("/roster/?q=zzz").content.decode()
    assert "Tidak ada nama yang cocok" in text
    assert "Siti Nurhaliza" not in text


def test_an_earlier_month_shows_who_was_measured_then(page: Client, cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 6, 20))
    measure(child, date(2024, 7, 5), "9.0", "75.1")
    assert "Sudah diukur (1)" in page.get("/roster/?month=2024-07").content.decode()
    assert "Belum diukur (1)" in page.get("/roster/?month=2024-06").content.decode()


def test_a_month_that_is_none_is_400_with_a_sentence(page: Client) -> None:
    answer = page.get("/roster/?month=2024-13")
    assert answer.status_code == 400
    assert "misalnya 2024-08" in answer.content.decode()


def test_another_village_is_404(page: Client) -> None:
    make_village("33.01.02.2010", "Slarang")
    assert page.get("/roster/?village=33.01.02.2010").status_code == 404
    assert page.get("/roster/?village=x").status_code == 404


def test_whoever_works_in_several_villages_chooses_one(village: Village) -> None:
    puskesmas = make_puskesmas()
    for place in (village, make_village("33.01.02.2010", "Slarang")):
        place.puskesmas = puskesmas
        place.save()
    client = signed_in(make_user(Role.PUSKESMAS, puskesmas))
    text = client.get("/roster/").content.decode()
    assert "Pilih desa" in text
    assert "?village=33.01.02.2010" in text
    assert "Slarang, Agustus 2024" in client.get("/roster/?village=33.01.02.2010").content.decode()


def test_two_hundred_children_take_the_queries_of_two_and_under_30_kb(
    page: Client, cadre: User, village: Village, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def fill(count: int) -> None:
        for serial in range(count):
            child = make_child(
                cadre, village, name=f"Anak Contoh {serial} {village.name}", birth_date=date(2023, 6, 20)
            )
            if serial % 2:
                measure(child, date(2024, 8, 5), "9.1", "76.0")

    fill(2)
    page.get("/roster/")
    with django_assert_num_queries(8):
        page.get("/roster/")
    fill(198)
    with django_assert_num_queries(8):
        answer = page.get("/roster/")
    assert answer.content.decode().count('<li><a href="/children/') == 200
    assert len(gzip.compress(answer.content)) < 30_000
