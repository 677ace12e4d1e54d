"""Measuring a child in the browser, on 20 August 2024."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from registry.actions import close_child, correct_measurement, move_child
from registry.models import Child, ChildStatus, Measurement, Role, User, Village
from tests.factories import make_child, make_user, make_village, measure, seen, send_other_values, signed_in


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    """A girl of 14 months."""
    return make_child(cadre, village, name="Siti Nurhaliza", birth_date=date(2023, 6, 20))


def test_the_result_says_a_word_and_what_to_do_next(page: Client, child: Child) -> None:
    short = measure(child, date(2024, 8, 20), "9.1", "66", position="L", confirmed=True).measurement
    text = page.get(f"/measurements/{short.pk}/").content.decode()
    # WHO 2006, girls of 14 months (426 days): 66 cm is below -3 SD (about 68.3 cm).
    assert "Sangat pendek" in text
    assert "Rujuk ke bidan desa atau puskesmas minggu ini." in text
    assert "Segera ke puskesmas rawat inap atau rumah sakit kalau anak tidak bisa minum" in text
    assert "Pertama kali ditimbang (B)." in text
    assert "Rincian z-score" in text


def test_a_child_of_another_village_is_not_there(page: Client, village: Village) -> None:
    slarang = make_village("33.01.02.2010", "Slarang")
    foreign = make_child(make_user(Role.CADRE, slarang), slarang, birth_date=date(2023, 6, 20))
    seen = measure(foreign, date(2024, 8, 5), "9.0", "76.0").measurement
    for path in ("", "measure/", "edit/", "move/", "close/"):
        assert page.get(f"/children/{foreign.pk}/{path}").status_code == 404
    for path in ("", "void/"):
        assert page.get(f"/measurements/{seen.pk}/{path}").status_code == 404


def correct_weight(child: Child, old: Measurement) -> Measurement:
    """Correct one of 5 August to 9.4 kg, since the weight was mistyped."""
    return correct_measurement(
        by=child.created_by,
        id=uuid4(),
        measurement_id=old.pk,
        observation=seen(date(2024, 8, 5), "9.4", "76.0"),
        reason="salah ketik berat",
    ).measurement


def test_a_correction_keeps_the_old_one_visible_with_the_reason(page: Client, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    correct_weight(child, old)
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert "Diganti: salah ketik berat" in text


def test_a_result_leads_to_its_correction(page: Client, child: Child) -> None:
    taken = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    for path in ("", "void/"):
        text = page.get(f"/measurements/{taken.pk}/{path}").content.decode()
        assert f'href="/children/{child.pk}/measure/?corrects={taken.pk}"' in text


def test_a_void_needs_a_reason_and_stays_visible(page: Client, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    assert page.post(f"/measurements/{old.pk}/void/", {"reason": " "}).status_code == 422
    answer = page.post(f"/measurements/{old.pk}/void/", {"reason": "tertukar"}, follow=True)
    text = answer.content.decode()
    assert "Dibatalkan oleh sumarni: tertukar" in text
    assert "Belum pernah diukur" in text


def test_the_void_of_a_correction_says_before_and_after_what_counts(page: Client, child: Child) -> None:
    measure(child, date(2024, 7, 5), "8.8", "75.0")
    old = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    newer = correct_weight(child, old)
    url = f"/measurements/{newer.pk}/void/"
    before = page.get(url).content.decode()
    assert "nilai sebelum koreksi tidak berlaku lagi:</strong> 9,1&nbsp;kg, 76,0&nbsp;cm" in before
    after = page.post(url, {"reason": "tertukar"}, follow=True).content.decode()
    assert "Untuk 5 Agustus 2024 sekarang tidak ada hasil yang berlaku." in after
    assert (
        "Hasil terakhir yang berlaku: 8,8\N{NO-BREAK SPACE}kg, 75,0\N{NO-BREAK SPACE}cm, 5 Juli 2024."
        in after
    )
    assert "Untuk 5 Agustus 2024" in page.get(f"/measurements/{old.pk}/").content.decode()


def test_a_measurement_that_was_corrected_says_what_counts_now(page: Client, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    correct_weight(child, old)
    text = page.get(f"/measurements/{old.pk}/").content.decode()
    assert "Yang berlaku sekarang: 9,4\N{NO-BREAK SPACE}kg, 76,0\N{NO-BREAK SPACE}cm, 5 Agustus 2024." in text


def test_what_is_no_longer_in_force_leads_to_no_correction(page: Client, child: Child) -> None:
    old = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    page.post(f"/measurements/{old.pk}/void/", {"reason": "tertukar"})
    text = page.get(f"/measurements/{old.pk}/").content.decode()
    assert "tidak dihitung" in text
    assert "corrects=" not in text


def test_the_child_page_takes_the_same_queries_for_one_measurement_and_for_six(
    page: Client, child: Child, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    measure(child, date(2024, 2, 5), "8.0", "70.0")
    page.get(f"/children/{child.pk}/")
    with django_assert_num_queries(9):  # one of them looks whether today's reading is logged
        page.get(f"/children/{child.pk}/")
    for month in range(3, 8):
        measure(child, date(2024, month, 5), f"{8 + month / 10}", f"{70 + month}", confirmed=True)
    with django_assert_num_queries(9):
        page.get(f"/children/{child.pk}/")


def test_twice_without_rising_is_said_on_the_result(page: Client, child: Child) -> None:
    for month in (5, 6, 7):
        last = measure(child, date(2024, month, 5), "8.9", f"{70 + month}.0", confirmed=True)
    text = page.get(f"/measurements/{last.measurement.pk}/").content.decode()
    assert "2T" in text


def test_the_child_page_shows_charts_with_a_title_and_a_reading(page: Client, child: Child) -> None:
    measure(child, date(2024, 7, 5), "8.9", "75.5")
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert text.count("<svg viewBox") == 3
    assert "1 pengukuran; yang terakhir 5 Jul 2024: 8,9 kg" in text
    assert "style=" not in text


def test_signing_in_is_asked_of_whoever_is_not(child: Child) -> None:
    answer = Client().get(f"/children/{child.pk}/measure/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")


@pytest.fixture
def taken_elsewhere(camat: User, child: Child) -> Measurement:
    """A measurement of the neighbouring village, from which the child has moved to the cadre's."""
    neighbour = make_village("33.01.02.2016", "Kesugihan")
    with_child = make_child(camat, neighbour, name="Baru Pindah", birth_date=date(2023, 6, 20))
    taken = measure(with_child, date(2024, 7, 5), "8.9", "75.5").measurement
    move_child(by=camat, child_id=with_child.pk, village_code=child.village_id, moved_on=date(2024, 8, 1))
    return taken


def test_a_measurement_of_another_village_is_read_but_not_voided(
    page: Client, taken_elsewhere: Measurement
) -> None:
    assert page.get(f"/measurements/{taken_elsewhere.pk}/").status_code == 200
    answer = page.post(f"/measurements/{taken_elsewhere.pk}/void/", {"reason": "tertukar"})
    assert answer.status_code == 422
    assert "anak ini tinggal di Kesugihan. Minta petugas di sana" in answer.content.decode()
    taken_elsewhere.refresh_from_db()
    assert taken_elsewhere.is_in_force


@pytest.fixture
def two_values(child: Child) -> tuple[Measurement, Measurement]:
    """What counts now, and what another phone sent for the same day."""
    first = measure(child, date(2024, 8, 5), "9.1", "76.0").measurement
    newer = send_other_values(child.created_by, child.pk, seen(date(2024, 8, 5), "9.3", "76.0")).measurement
    return first, newer


def test_two_values_of_a_day_are_both_shown_and_the_midwife_chooses(
    page: Client, child: Child, village: Village, two_values: tuple[Measurement, Measurement]
) -> None:
    _first, newer = two_values
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert "Menunggu pilihan bidan desa" in text
    assert "Ada lebih dari satu hasil untuk 5 Agustus 2024" in text
    assert f'href="/measurements/{newer.pk}/"' in text
    text = page.get(f"/measurements/{newer.pk}/").content.decode()
    assert "Bidan desa akan memilih" in text
    assert "Pakai nilai ini" not in text

    midwife = signed_in(make_user(Role.MIDWIFE, village))
    text = midwife.get(f"/measurements/{newer.pk}/").content.decode()
    assert text.count("Pakai nilai ini") == 2
    answer = midwife.post(f"/measurements/{newer.pk}/choose/", follow=True)
    assert "Nilai ini yang dipakai" in answer.content.decode()
    newer.refresh_from_db()
    assert newer.is_in_force


def test_the_value_that_counts_says_that_there_is_another(
    page: Client, two_values: tuple[Measurement, Measurement]
) -> None:
    text = page.get(f"/measurements/{two_values[0].pk}/").content.decode()
    assert "Ada lebih dari satu hasil untuk tanggal ini" in text


def test_a_cadre_who_chooses_is_told_who_does(
    page: Client, two_values: tuple[Measurement, Measurement]
) -> None:
    answer = page.post(f"/measurements/{two_values[1].pk}/choose/", follow=True)
    assert "Bidan desa atau petugas puskesmas yang memilih" in answer.content.decode()
    assert two_values[0].is_in_force


def test_who_died_is_not_asked_back(page: Client, child: Child) -> None:
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    address = f"/children/{child.pk}/"
    assert "Timbang dan ukur lagi bulan depan" in page.get(address).content.decode()
    close_child(by=child.created_by, child_id=child.pk, status=ChildStatus.DIED, on=date(2024, 8, 10))
    assert "Timbang dan ukur lagi bulan depan" not in page.get(address).content.decode()
    whole = page.get(f"/work/roster.json?child={child.pk}&corrects=x").json()["whole"]
    assert whole["gone"] is True
