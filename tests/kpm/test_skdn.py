"""The page of the weighing report: its numbers in their cells, its months, and who may read it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from registry.models import Child, Role, User, Village
from tests.exports.files import csv_rows
from tests.factories import make_child, make_posyandu, make_user, make_village, measure, signed_in

BORN = date(2023, 3, 14)  # 17 months in August 2024: at least 200 g a month


def girl(village: Village, name: str, *weights: tuple[int, str], **identity: object) -> Child:
    """A girl weighed on the fifth of these months of 2024."""
    child = make_child(village=village, name=name, birth_date=BORN, **identity)  # type: ignore[arg-type]
    for month, kg in weights:
        measure(child, date(2024, month, 5), kg, None, confirmed=True)
    return child


def read(page: Client, query: str = "month=2024-08") -> str:
    answer = page.get(f"/skdn/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def cells(text: str, name: str) -> list[str]:
    """The cells of the last table row that is called ``name``, without their tags."""
    row = [row for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL) if f'scope="row">{name}</th>' in row][
        -1
    ]
    return [re.sub(r"<.*?>", "", cell) for cell in re.findall(r"<td.*?</td>", row)]


@pytest.fixture
def three(village: Village) -> list[Child]:
    """N; T for the second time; and one who did not come."""
    post = make_posyandu(village).pk
    return [
        girl(village, "Ani", (7, "9.0"), (8, "9.2"), posyandu_id=post),
        girl(village, "Budi", (6, "9.0"), (7, "9.1"), (8, "9.2"), posyandu_id=post),
        girl(village, "Cici"),
    ]


@pytest.mark.usefixtures("three")
def test_the_total_line_has_every_number_in_its_column(page: Client) -> None:
    # S 3, K for the pen, D 2, N 1, T 1, O 0, B 0, 2T 1, BGM 0; D/S is 2 of 3, N/D 1 of 2.
    total = ["3", "belum ditanya", "2", "1", "1", "0", "0", "1", "0", "66,7%", "50,0%"]
    text = read(page)
    assert cells(text, "L+P") == total
    assert cells(text, "P") == total
    assert cells(text, "L") == ["0", "belum ditanya", *["0"] * 7, "–", "–"]
    assert cells(text, "Melati 1")[:5] == ["2", "belum ditanya", "2", "1", "1"]
    assert cells(text, "Tanpa posyandu") == ["1", "belum ditanya", *["–"] * 9]
    assert "Tanda –: belum ada penimbangan yang tercatat di sana" in text


@pytest.mark.usefixtures("three")
def test_every_number_says_how_it_is_counted(page: Client) -> None:
    text = read(page)
    names = re.findall(r'figure__label">(.*?)</p>', text)
    assert [name.split(":")[0] for name in names] == [
        *("S", "K", "D", "N", "T", "O", "B", "2T", "BGM", "D/S", "N/D", "N/D′")
    ]
    values = re.findall(r'figure__value">(.*?)</p>', text)
    # As in the total line, and N/D′: 1 of N + T = 2.
    assert values == ["3", "–", "2", "1", "1", "0", "0", "1", "0", "66,7%", "50,0%", "50,0%"]
    assert text.count("Bagaimana ini dihitung?") == len(names)
    assert "K kosong: belum ada anak yang ditanya" in text


def test_k_counts_the_growth_books_that_were_asked_about(page: Client, three: list[Child]) -> None:
    # Ani has one, Budi has none, of Cici nobody has asked.
    for child, book in zip(three, (True, False), strict=False):
        child.growth_book = book
        child.save()
    text = read(page)
    assert cells(text, "L+P")[:3] == ["3", "1", "2"]
    assert cells(text, "Melati 1")[:2] == ["2", "1"]
    assert cells(text, "Tanpa posyandu")[:2] == ["1", "0"]
    assert "1 anak belum ditanya" in text


def test_n_of_those_compared_is_a_line_of_its_own(page: Client, village: Village) -> None:
    girl(village, "Ani", (7, "9.0"), (8, "9.2"))
    girl(village, "Baru", (8, "9.2"))
    # N 1, D 2, B 1: N/D 1 of 2, N/D′ 1 of 1.
    text = read(page)
    assert "N/D: keberhasilan = 50,0% (1 dari 2)." in text
    assert "N/D′ = 100,0% (1 dari 1)." in text


def test_who_is_2t_or_bgm_is_named_with_a_link(page: Client, three: list[Child]) -> None:
    text = read(page)
    assert re.findall(r'href="(/children/.*?)"', text) == [f"/children/{three[1].pk}/"]
    assert ">Budi</b><small>12-23 bulan, Melati 1</small>" in text
    assert "Anak 2T dan BGM" in text
    july = read(page, "month=2024-07")  # one T is not two
    assert "Tidak ada anak 2T atau BGM bulan ini." in july


@pytest.mark.usefixtures("three")
def test_the_months_lead_on_but_not_past_this_one(page: Client, village: Village) -> None:
    assert 'rel="next"' not in read(page)
    text = read(page, "month=2024-07")
    assert f"?village={village.pk}&amp;month=2024-06" in text
    assert f"?village={village.pk}&amp;month=2024-08" in text
    assert page.get("/skdn/?month=kemarin").status_code == 400


def test_a_village_without_children_says_what_to_do(page: Client) -> None:
    text = read(page)
    assert "Tidak ada anak di bulan ini" in text
    assert "<table" not in text


def test_whoever_has_several_villages_chooses_one(officer: User, village: Village) -> None:
    other = make_village("33.01.02.2003", "Kesugihan")
    text = read(signed_in(officer))
    for one in (village, other):
        assert f'href="?village={one.pk}&amp;month=2024-08"' in text
    assert "<table" not in text


def test_another_village_has_no_report_here(page: Client) -> None:
    other = make_village("33.01.02.2003", "Kesugihan")
    assert page.get(f"/skdn/?village={other.pk}").status_code == 404


def test_a_client_gets_no_names(village: Village) -> None:
    assert signed_in(make_user(Role.CLIENT)).get(f"/skdn/?village={village.pk}").status_code == 404


@pytest.mark.usefixtures("three")
def test_the_paper_has_lines_to_sign(page: Client) -> None:
    text = read(page)
    signatures = text[text.index('class="signatures only-print"') :]
    assert "Kader posyandu" in signatures
    assert "Bidan desa" in signatures


def test_the_report_takes_the_same_queries_for_one_child_and_for_eight(
    page: Client, village: Village, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    post = make_posyandu(village).pk
    girl(village, "Ani", (6, "9.0"), (7, "9.0"), (8, "9.0"), posyandu_id=post)
    read(page)
    cache.clear()
    with django_assert_max_num_queries(16) as few:
        read(page)
    for n in range(7):
        girl(village, f"Anak {n}", (6, "9.0"), (7, "9.0"), (8, "9.0"), posyandu_id=post)
    cache.clear()
    with django_assert_max_num_queries(16) as many:
        read(page)
    assert len(many) == len(few)


def test_without_any_weighing_d_and_n_are_not_known_and_not_zero(page: Client, village: Village) -> None:
    child = girl(village, "Ani", posyandu_id=make_posyandu(village).pk)
    measure(child, date(2024, 8, 5), None, "76.0")  # a length is no weighing
    text = read(page)
    unknown = ["1", "belum ditanya", *["–"] * 9]
    assert cells(text, "L+P") == unknown
    assert cells(text, "Melati 1") == unknown
    values = re.findall(r'figure__value">(.*?)</p>', text)
    assert values == ["1", "–", *["–"] * 10]
    assert "bukan 0" in text
    assert "Tidak ada anak 2T" not in text
    rows = csv_rows(page.get("/skdn/?month=2024-08&format=csv&table=posyandu").content)
    assert [(row["S"], row["D"], row["N"], row["D/S (%)"]) for row in rows] == [("1", "", "", "")]


def test_one_weighing_makes_the_others_zero(page: Client, village: Village) -> None:
    girl(village, "Ani", (8, "9.0"))
    girl(village, "Budi")
    assert cells(read(page), "L+P") == [
        "2",
        "belum ditanya",
        "1",
        "0",
        "0",
        "0",
        "1",
        "0",
        "0",
        "50,0%",
        "0,0%",
    ]
