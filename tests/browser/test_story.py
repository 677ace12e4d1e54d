"""The whole way once: from two files and a cadre's form to the district's rate, the API and the chart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from registry.models import District, Measurement, Role, Village
from registry.places.load import load_places
from tests.browser.conftest import DESK, sign_in
from tests.browser.phone import send_now
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


def hand_in(page: Page, file_name: str) -> None:
    """Upload a file, look at its report, and save it."""
    page.goto("/import/")
    page.set_input_files("input[type=file]", SAMPLES / file_name)
    page.get_by_role("button", name="Unggah dan periksa").click()
    expect(page.get_by_role("heading", name="Periksa sebelum disimpan")).to_be_visible()
    page.get_by_role("button", name="Simpan").first.click()
    expect(page.get_by_role("heading", name="Berkas sudah disimpan")).to_be_visible()


def rate(page: Page) -> Locator:
    """The register's rate, the first number of the dashboard."""
    return page.locator(".figure", has_text="Prevalensi stunting menurut register").locator(".figure__value")


def test_a_measurement_travels_from_the_cadre_to_the_district(
    new_context: Callable[..., BrowserContext],
) -> None:
    load_places()
    brebeg = Village.objects.get(name="Brebeg")
    officer = make_user(Role.DISTRICT, District.objects.get())
    cadre = make_user(Role.CADRE, brebeg)
    desk, phone = new_context(viewport=DESK).new_page(), new_context().new_page()

    # The officer brings in both files. June 2024: six children with a believed height for age, one stunted
    # (Contoh Anak Tiga, -3.73); the swapped row is refused and the five-year-old is out of the rate.
    sign_in(desk, officer)
    hand_in(desk, "02_eppgbm_2023_original_nbsp.xlsx")
    hand_in(desk, "03_eppgbm_2024_comma_us_dates_outliers.csv")
    desk.goto("/dashboard/?month=2024-06")
    expect(rate(desk)).to_have_text("16,7%")

    # July 2024 has no measurement yet: no data, not 0 %.
    desk.goto("/dashboard/?month=2024-07")
    expect(rate(desk)).to_have_text("belum ada data")

    # The cadre weighs the same child in July, in her own village, on a phone.
    sign_in(phone, cadre)
    phone.goto("/roster/?month=2024-07")
    phone.get_by_role("link", name="CONTOH ANAK TIGA").click()
    phone.get_by_label("Berat badan").fill("6,1")
    phone.get_by_label("Panjang atau tinggi badan").fill("58,5")
    phone.get_by_label("Tanggal ukur").fill("2024-07-10")
    phone.get_by_role("button", name="Simpan", exact=True).click()
    # 163 days old, 58.5 cm lying: far below -3 SD (WHO's -3 SD is 59.9 cm at that age).
    expect(phone.locator(".result__word")).to_contain_text("Sangat pendek")
    send_now(phone)
    expect(phone.locator("#sync-words")).to_contain_text("Semua terkirim")
    saved = Measurement.objects.get(measured_on="2024-07-10")
    assert saved.haz is not None
    assert saved.haz < -3

    # The district's rate moves.
    desk.goto("/dashboard/?month=2024-07")
    expect(rate(desk)).to_have_text("100,0%")

    # Another system pulls the village's summary over REST.
    token = desk.request.post("/api/v1/token/", data={"username": officer.username, "password": PASSWORD})
    answer = new_context().request.get(
        f"/api/v1/villages/{brebeg.pk}/summary/?month=2024-07",
        headers={"Authorization": f"Token {token.json()['token']}"},
    )
    assert answer.status == 200
    stunted = answer.json()["indicators"]["stunted"]
    assert (stunted["numerator"], stunted["denominator"]) == (1, 1)

    # And the child's chart has its point.
    phone.get_by_role("link", name="Lihat anak dan grafiknya").click()
    chart = phone.locator("figure.chart", has_text="Panjang Badan menurut Umur")
    expect(chart.locator("svg .point")).to_have_count(2)
    expect(chart.locator("svg .point title").last).to_have_text("10 Jul 2024: 58,5")
