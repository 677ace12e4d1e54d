"""A child born early, on 20 August 2024: both ages are said, and the age from birth says how urgent it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from kpm.advice_rules import Step
from kpm.history import history_of, latest_advice
from registry.models import Child, Measurement, Position, Sex, User, Village
from tests.exports.files import csv_rows
from tests.factories import make_child, measure

BORN, MEASURED = date(2024, 2, 13), date(2024, 8, 14)  # 183 days: 6 months; corrected 127 days: 4 months


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(
        cadre, village, name="Bima", sex=Sex.BOY, birth_date=BORN, gestation_weeks=32,
        birth_weight_kg=Decimal("1.7"),
    )  # fmt: skip


def test_both_are_said_and_the_referral_stays(child: Child) -> None:
    measure(child, MEASURED, "6.0", "61.5", position=Position.LYING)
    advice = latest_advice(history_of(child))
    assert advice is not None
    assert advice.word == "Pendek, Berat badan kurang"
    assert advice.steps[0] == Step.REFER
    assert advice.notes == (
        "Lahir pada kehamilan 32 minggu: umur koreksi 4 bulan. Menurut umur koreksi: PB/U −1,32 (Normal), "
        "BB/U −1,47 (Berat badan normal). Kategori dan angka tetap memakai umur sejak lahir (aturan WHO).",
        "Menurut umur koreksi PB/U, BB/U tidak di bawah −2. Tetap lakukan langkah di atas, dan sampaikan "
        "keduanya kepada petugas.",
    )


def test_what_is_stored_is_by_the_age_from_birth(child: Child) -> None:
    measure(child, MEASURED, "6.0", "61.5", position=Position.LYING)
    assert (Measurement.objects.get().age_days, Measurement.objects.get().haz) == (183, -2.87)


@pytest.mark.parametrize("weeks", [37, 40, None])
def test_of_a_child_born_at_term_nothing_is_said(child: Child, weeks: int | None) -> None:
    child.gestation_weeks = weeks
    measure(child, MEASURED, "6.0", "61.5", position=Position.LYING)
    advice = latest_advice(history_of(child))
    assert advice is not None
    assert advice.notes == ()


def test_before_the_day_it_was_due_nothing_is_corrected(child: Child, page: Client) -> None:
    measure(child, date(2024, 4, 8), "2.9", "46.0", position=Position.LYING)  # 55 days, due at 56
    advice = latest_advice(history_of(child))
    assert advice is not None
    assert advice.notes == ()
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert 'class="correction"' not in text
    assert "kehamilan 32 minggu" in text


def test_a_measurement_of_the_arm_alone_says_the_age_and_no_z_score(child: Child) -> None:
    measure(child, MEASURED, muac_cm=Decimal("13.0"))
    advice = latest_advice(history_of(child))
    assert advice is not None
    [note] = advice.notes
    assert "umur koreksi 4 bulan. Kategori" in note


def test_the_childs_page_shows_the_corrected_age_and_its_z_scores(child: Child, page: Client) -> None:
    measure(child, MEASURED, "6.0", "61.5", position=Position.LYING)
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert "<dt>Umur koreksi</dt><dd>4 bulan</dd>" in text
    assert "koreksi −1,32" in text.replace("\n", " ")
    # On both charts by age the point stands again at its corrected age, and its number in the table.
    assert text.count('class="correction"') == 2
    assert "Umur koreksi 4 bulan, PB/U −1,32" in text
    assert text.count("z-score umur koreksi") == 2
    assert "aturan WHO" in text


def test_the_corrected_point_lies_on_the_day_it_belongs_to(child: Child, page: Client) -> None:
    measure(child, MEASURED, "6.0", "61.5", position=Position.LYING)
    charts = {chart.key: chart for chart in page.get(f"/children/{child.pk}/").context["charts"]}
    [mark] = charts["haz"].corrections
    [point] = charts["haz"].points
    # 304 pixels are 730.5 days: 183 days lie at 30 + 76.2, and 127 at 30 + 52.9.
    assert (mark.from_x, mark.x, mark.y) == (106.2, 82.9, point.y)
    assert point.corrected_z == -1.32
    assert charts["whz"].corrections == []


def test_the_file_of_a_chart_has_the_corrected_z_score(child: Child, page: Client) -> None:
    measure(child, MEASURED, "6.0", "61.5", position=Position.LYING)
    answer = page.post(f"/children/{child.pk}/", {"table": "haz", "format": "csv"})
    [row] = csv_rows(answer.content)
    assert (row["z-score"], row["z-score umur koreksi"]) == ("-2.87", "-1.32")


def test_weeks_of_pregnancy_are_kept_by_the_form_and_put_right(child: Child, page: Client) -> None:
    typed = {"name": "Bima", "sex": "1", "birth_date": BORN.isoformat(), "birth_weight_kg": "1,7"}
    assert 'value="32"' in page.get(f"/children/{child.pk}/edit/").content.decode()
    assert page.post(f"/children/{child.pk}/edit/", {**typed, "gestation_weeks": "35"}).status_code == 302
    child.refresh_from_db()
    assert child.gestation_weeks == 35
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert "Umur kehamilan saat lahir (minggu penuh): 32 → 35" in text
    for wrong in ("3", "50", "32,5", "x"):
        answer = page.post(f"/children/{child.pk}/edit/", {**typed, "gestation_weeks": wrong})
        assert answer.status_code == 422
        assert "minggu penuh, 22 sampai 44" in answer.content.decode()
    child.refresh_from_db()
    assert child.gestation_weeks == 35
    assert page.post(f"/children/{child.pk}/edit/", typed).status_code == 302
    child.refresh_from_db()
    assert child.gestation_weeks is None
