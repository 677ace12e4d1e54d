"""The sheet of home visits of Kesugihan Kidul on 20 August 2024, and the same columns in the files."""

from __future__ import annotations

from datetime import date
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpm.case_actions import CaseStepEntry, record_case_step, take_back_case_step
from kpm.models import CaseStep, StepAction
from registry.models import Child, ReadLog, User, Village
from tests.factories import agree, make_child, make_posyandu, measure, signed_in, withdraw
from tests.kpm.test_exports_children import cells_of, rows_of, take

pytestmark = pytest.mark.both_databases

BORN = date(2023, 6, 20)
VISITS, FOLLOW_UP = "/follow-up/visits/?village=33.01.02.2009", "/follow-up/?village=33.01.02.2009"


def step(child: Child, by: User, action: StepAction, on: date, to: str = "") -> CaseStep:
    entry = CaseStepEntry(uuid4(), child.pk, action, on, referred_to=to)
    return record_case_step(by=by, entry=entry)


@pytest.fixture
def children(cadre: User, village: Village) -> list[Child]:
    """Ani is thin since 5 August, Budi and Cici short since 5 July and 5 June, Dewi unseen since May."""
    posyandu = make_posyandu(village)
    home = {"parent_name": "Sari", "rt": "004", "rw": "011", "posyandu_id": posyandu.pk}
    ani = make_child(cadre, village, name="Ani", birth_date=date(2023, 3, 14), **home)
    measure(ani, date(2024, 8, 5), "6.8", "78.5", confirmed=True)
    budi, cici, dewi = (
        make_child(cadre, village, name=name, birth_date=BORN) for name in ("Budi", "Cici", "Dewi")
    )
    measure(budi, date(2024, 7, 5), "8.0", "69.0", position="L")
    measure(cici, date(2024, 6, 5), "8.0", "67.0", position="L")
    measure(dewi, date(2024, 5, 6), "9.5", "75.0", position="L", confirmed=True)
    return [ani, budi, cici, dewi]


def rows_on(client: Client) -> list[list[str]]:
    return cells_of(client.get(VISITS).content.decode(), "visits")


def test_the_most_urgent_come_first_and_in_each_urgency_those_open_longest(
    children: list[Child], cadre: User, page: Client
) -> None:
    step(children[0], cadre, StepAction.REFERRED, date(2024, 8, 6), "midwife")
    taken = step(children[0], cadre, StepAction.VISITED, date(2024, 8, 7))
    take_back_case_step(by=cadre, step_id=taken.pk)
    rows = rows_on(page)
    assert rows[0][-2:] == ["Tanggal kunjungan", "Yang ditemukan"]
    assert [row[0] for row in rows if len(row) == 1] == [
        "Rujuk hari ini (1)",
        "Rujuk minggu ini (2)",
        "Kunjungi atau ukur ulang (1)",
    ]
    children_of_page = [row for row in rows[1:] if len(row) > 1]
    # 5 August, 5 June and 5 July to 20 August; June and July went by without Dewi.
    assert [(row[0].split()[0], row[3]) for row in children_of_page] == [
        ("Ani", "15"),
        ("Cici", "76"),
        ("Budi", "46"),
        ("Dewi", "19"),
    ]
    ani = children_of_page[0]
    assert ani[0] == "Ani Perempuan, 17 bulan Sari"
    assert ani[1] == "Melati 1 RT 004 / RW 011"
    assert ani[2].startswith("Gizi buruk")
    assert ani[4] == "6 Agustus 2024: dirujuk ke bidan desa"
    assert ani[5].startswith("Rujuk ke puskesmas hari ini")
    assert ani[6:] == ["", ""]
    assert children_of_page[1][4] == "belum ada"


def test_the_sheet_says_who_printed_it_and_when_and_the_reading_is_logged(
    children: list[Child], cadre: User, page: Client
) -> None:
    cadre.full_name = "Bu Sumarni"
    cadre.save()
    text = unescape(page.get(VISITS).content.decode())
    assert "Kunjungan rumah Kesugihan Kidul" in text
    assert "Dicetak 20 Agustus 2024 oleh Bu Sumarni." in text
    assert "4 anak dengan kasus terbuka" in text
    assert ReadLog.objects.filter(user=cadre).exists()
    assert VISITS in page.get(FOLLOW_UP).content.decode()


def test_a_child_without_an_open_case_is_not_on_it(children: list[Child], page: Client) -> None:
    assert "Dewi" in page.get(VISITS).content.decode()
    measure(children[3], date(2024, 8, 19), "10.5", "79.0", position="L", confirmed=True)
    assert "Dewi" not in page.get(VISITS).content.decode()


def test_a_village_without_cases_says_so(page: Client) -> None:
    text = page.get(VISITS).content.decode()
    assert "Tidak ada anak dengan kasus terbuka" in text
    assert "<table" not in text


def test_whose_parents_withdrew_consent_is_on_the_paper_of_those_who_care_alone(
    children: list[Child], page: Client, camat: User
) -> None:
    agree(children[0], date(2024, 3, 1))
    withdraw(children[0], date(2024, 8, 1))
    assert "Ani" in page.get(VISITS).content.decode()
    text = signed_in(camat).get(VISITS).content.decode()
    assert "1 anak tidak ditulis: orang tuanya mencabut persetujuan." in text
    assert ">Ani<" not in text
    assert ">Budi<" in text


def test_many_children_take_the_queries_of_few(
    children: list[Child],
    cadre: User,
    village: Village,
    page: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    page.get(VISITS)
    with django_assert_num_queries(11) as few:
        page.get(VISITS)
    for number in range(20):
        child = make_child(cadre, village, name=f"Anak {number}", birth_date=BORN)
        measure(child, date(2024, 7, 5), "8.0", "69.0", position="L")
        step(child, cadre, StepAction.VISITED, date(2024, 8, 6))
    with django_assert_num_queries(len(few)):
        assert page.get(VISITS).content.decode().count("6 Agustus 2024: dikunjungi") == 20


def test_the_files_say_how_long_a_case_is_open_and_what_was_done_last(
    children: list[Child], cadre: User, page: Client
) -> None:
    step(children[0], cadre, StepAction.REFERRED, date(2024, 8, 6), "midwife")
    for address, table in ((FOLLOW_UP, "follow-up"), ("/cases/", "cases")):
        rows = {row["Nama anak"]: row for row in rows_of(take(page, address, table))}
        names = ("RT", "RW", "Posyandu", "Hari terbuka", "Langkah terakhir", "Tanggal langkah terakhir")
        assert [rows["Ani"][name] for name in names] == [
            *("004", "011", "Melati 1", "15"),
            *("dirujuk ke bidan desa", "2024-08-06"),
        ]
        assert [rows["Cici"][name] for name in names[3:]] == ["76", "", ""]
