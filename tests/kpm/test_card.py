"""The family's growth card: what it shows, what it says to a family, and what it leaves out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpm.advice_rules import Step
from kpm.card import family_steps, family_words
from registry.actions import close_child
from registry.models import Child, ChildStatus, Role, User, Village
from tests.factories import make_child, make_posyandu, make_user, make_village, measure, signed_in

NIK = "3301025403230001"
DAYS_OF_5_MONTHS, DAYS_OF_6_MONTHS = 180, 190  # 180 x 16 // 487 = 5, 190 x 16 // 487 = 6


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    """A girl of 17 months on 20 August 2024."""
    return make_child(
        cadre,
        village,
        name="Siti Contoh",
        birth_date=date(2023, 3, 14),
        nik=NIK,
        parent_name="Ibu Contoh",
        posyandu_id=make_posyandu(village).pk,
    )


def card(page: Client, child: Child) -> str:
    answer = page.get(f"/children/{child.pk}/card/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_card_says_who_it_is_about_and_never_the_nik(page: Client, child: Child) -> None:
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    text = card(page, child)
    for words in ("Siti Contoh", "Perempuan", "14 Maret 2023", "Ibu Contoh", "Kesugihan Kidul", "Melati 1"):
        assert words in text
    assert NIK not in text
    assert child.nik_masked
    assert child.nik_masked not in text
    assert "NIK" not in text


def test_the_weight_chart_comes_first_with_the_red_line_named_and_the_aim_of_next_month(
    page: Client, child: Child
) -> None:
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    text = card(page, child)
    titles = ["Berat Badan menurut Umur", "Panjang Badan menurut Umur", "Berat Badan menurut Panjang Badan"]
    places = [text.index(f"<figcaption>{title}") for title in titles]
    assert places == sorted(places)
    assert text.count(">BGM</text>") == 1
    # A girl of 17 months: 200 g.
    assert (
        text.count("<li>Target 5 Sep 2024: berat paling sedikit 9,3 kg, atau naik 200 gram (KBM).</li>") == 1
    )


def test_a_weighing_nine_days_after_the_last_says_that_it_is_no_month_yet(page: Client, child: Child) -> None:
    measure(child, date(2024, 7, 27), "9.0", "75.8")
    last = measure(child, date(2024, 8, 5), "9.1", "76.0")
    said = "Belum sebulan sejak penimbangan terakhir (9 hari): kenaikan berat belum dinilai (O)."
    text = card(page, child)
    assert said in text
    assert "<td>belum sebulan (O)</td>" in text
    assert "bulan lalu tidak ditimbang" not in text
    assert "Datang setiap bulan" not in text
    assert said in page.get(f"/measurements/{last.measurement.pk}/").content.decode()


def test_a_weighing_two_months_after_the_last_says_that_last_month_is_missing(
    page: Client, child: Child
) -> None:
    measure(child, date(2024, 6, 5), "9.0", "75.8")
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    text = card(page, child)
    assert "<td>bulan lalu tidak ditimbang (O)</td>" in text
    assert "Datang setiap bulan" in text
    assert "Belum sebulan" not in text


def test_the_table_has_the_newest_twelve_in_words_and_says_how_many_are_older(
    page: Client, child: Child
) -> None:
    # Every month from June 2023 to August 2024: 15 weighings, 3 of them older than the newest twelve.
    for i in range(15):
        on = date(2023 + (5 + i) // 12, (5 + i) % 12 + 1, 5)
        measure(child, on, f"{6 + i * 0.3:.1f}", None, confirmed=True)
    text = card(page, child)
    table = text[text.index("<tbody>") : text.index("</tbody>")]
    assert table.count("<tr>") == 12
    assert "5 Agu 2024" in table
    assert "5 Sep 2023" in table
    assert "5 Agu 2023" not in table
    assert "3 pengukuran yang lebih lama" in text
    # 300 g a month. Day 175 (5 September 2023, 5 months) asks 500 g and day 205 (5 October, 6 months) 400 g:
    # both T. From day 236 (7 months) on a girl is asked 300 g or 200 g: N.
    assert (table.count("<td>tidak naik (T)</td>"), table.count("<td>naik (N)</td>")) == (2, 10)


def test_what_did_not_rise_is_said_in_words(page: Client, child: Child) -> None:
    measure(child, date(2024, 7, 5), "9.1", "75.0")
    measure(child, date(2024, 8, 5), "9.2", "76.0")  # 100 g of the 200 g asked for
    text = card(page, child)
    assert "tidak naik (T)" in text
    assert "Bawa anak ke bidan desa atau puskesmas minggu ini." in text
    assert "Rujuk ke bidan" not in text  # that is said to a cadre


def test_only_what_is_in_force_is_shown(page: Client, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    page.post(f"/measurements/{old.pk}/void/", {"reason": "tertukar"})
    assert "Belum pernah diukur" in card(page, child)


def test_without_a_measurement_the_card_says_what_to_do(page: Client, child: Child) -> None:
    text = card(page, child)
    assert "Belum pernah diukur" in text
    assert f"/children/{child.pk}/measure/" in text
    assert "<svg viewBox" not in text


def test_a_child_that_died_is_asked_nothing(page: Client, child: Child, cadre: User) -> None:
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    close_child(by=cadre, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 8, 10))
    text = card(page, child)
    assert "Langkah berikutnya" not in text
    assert "Siti Contoh" in text


def test_the_food_is_that_of_the_childs_age() -> None:
    assert "ASI saja" in family_words(Step.MILK_ONLY)
    assert "telur" in family_words(Step.FOOD_FROM_6)
    assert "ASI saja" not in family_words(Step.FOOD_FROM_6)


def test_every_step_has_words_for_a_family() -> None:
    words = [family_words(step) for step in Step]
    assert all(words)
    assert len(set(words)) == len(Step)


def test_past_five_nobody_is_called_back_to_the_posyandu() -> None:
    # Day 1826 is the last one under five.
    assert len(family_steps([Step.REFER, Step.KEEP_ON], 1826)) == 2
    assert family_steps([Step.REFER, Step.KEEP_ON], 1827) == [family_words(Step.REFER)]


def test_a_child_past_five_is_given_no_aim(page: Client, cadre: User, village: Village) -> None:
    born = date(2024, 8, 20) - timedelta(days=1830)
    child = make_child(cadre, village, birth_date=born)
    measure(child, date(2024, 7, 1), "17.0", "106.0")
    measure(child, date(2024, 8, 1), "17.1", "106.0")  # T, and day 1811: its stroke ends at 60 months
    text = card(page, child)
    assert "Bawa anak ke bidan desa atau puskesmas minggu ini." in text
    assert "<li>Pada " not in text
    assert 'class="least"' in text


def test_the_child_page_leads_to_the_card(page: Client, child: Child) -> None:
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    assert f'href="/children/{child.pk}/card/"' in page.get(f"/children/{child.pk}/").content.decode()


def test_a_child_of_another_village_has_no_card_here(child: Child) -> None:
    other = make_user(Role.CADRE, make_village("33.01.02.2003", "Kesugihan"), "lain")
    assert signed_in(other).get(f"/children/{child.pk}/card/").status_code == 404


def test_the_card_takes_the_same_queries_for_one_measurement_and_for_six(
    page: Client, child: Child, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    measure(child, date(2024, 2, 5), "8.0", "70.0")
    card(page, child)
    with django_assert_num_queries(7):  # one of them looks whether today's reading is logged
        card(page, child)
    for month in range(3, 8):
        measure(child, date(2024, month, 5), f"{8 + month / 10}", f"{70 + month}", confirmed=True)
    with django_assert_num_queries(7):
        card(page, child)
