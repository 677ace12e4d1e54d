"""The pages of a parent's consent: what is on record, recording, withdrawing, the sheet to sign."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from registry.models import Child, Consent, ConsentText, ExportLog, User, Village
from tests.factories import agree, make_child, withdraw

pytestmark = pytest.mark.django_db

AGREED = {
    "relation": "mother",
    "person_name": "Sumarni",
    "on": "2024-08-03",
    "method": "spoken",
    "version": "1",
}


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, birth_date=date(2023, 3, 14))


def text_of(page: Client, child: Child, path: str = "") -> str:
    answer = page.get(f"/children/{child.pk}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_of_a_child_says_what_is_on_record(page: Client, child: Child) -> None:
    assert "<dt>Persetujuan</dt><dd>belum ada " in text_of(page, child)
    agree(child, date(2024, 8, 3))
    assert "<dt>Persetujuan</dt><dd>versi 1, 3 Agustus 2024, ibu " in text_of(page, child)
    withdraw(child, date(2024, 8, 19))
    assert "<dt>Persetujuan</dt><dd>dicabut 19 Agustus 2024, ibu " in text_of(page, child)


def test_a_cadre_records_it(page: Client, cadre: User, child: Child) -> None:
    answer = page.post(f"/children/{child.pk}/consent/", AGREED)
    assert (answer.status_code, answer["Location"]) == (302, f"/children/{child.pk}/")
    row = Consent.objects.get()
    assert (row.kind, row.on, row.person_name) == ("given", date(2024, 8, 3), "Sumarni")
    assert (row.relation, row.method, row.text, row.recorded_by) == (
        "mother",
        "spoken",
        ConsentText.objects.get(),
        cadre,
    )


@pytest.mark.parametrize("missing", AGREED)
def test_what_is_missing_is_said_at_its_field(page: Client, child: Child, missing: str) -> None:
    answer = page.post(f"/children/{child.pk}/consent/", AGREED | {missing: ""})
    assert answer.status_code == 422
    assert answer.content.decode().count('<p class="error" id="id_') == 1
    assert not Consent.objects.exists()


def test_withdrawing_is_a_question_first(page: Client, child: Child) -> None:
    agree(child, date(2024, 8, 3))
    question = text_of(page, child, "consent/withdraw/")
    assert "versi 1, 3 Agustus 2024, ibu" in question
    assert "Kader, bidan desa dan puskesmasnya tetap menyimpan catatannya" in question
    assert not Consent.objects.withdrawn().exists()
    said = {"relation": "father", "person_name": "Slamet", "on": "2024-08-20"}
    assert page.post(f"/children/{child.pk}/consent/withdraw/", said).status_code == 302
    assert Consent.objects.withdrawn().get().person_name == "Slamet"


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_to_withdraw_leads_back(page: Client, child: Child, method: str) -> None:
    answer = getattr(page, method)(f"/children/{child.pk}/consent/withdraw/")
    assert answer["Location"] == f"/children/{child.pk}/consent/"


def test_a_version_of_tomorrow_is_neither_shown_nor_chosen(page: Client, child: Child) -> None:
    ConsentText.objects.create(version=2, since=date(2024, 8, 21), text="Naskah kedua")
    form = text_of(page, child, "consent/")
    assert "Naskah versi 1" in form
    assert "Naskah kedua" not in form
    assert '<option value="2"' not in form
    ConsentText.objects.filter(version=2).update(since=date(2024, 8, 20))
    assert "Naskah kedua" in text_of(page, child, "consent/sheet/")
    page.post(f"/children/{child.pk}/consent/", AGREED | {"version": "2", "on": "2024-08-20"})
    assert "versi 2, 20 Agustus 2024, ibu" in text_of(page, child)


def test_the_sheet_has_the_text_and_lines_to_sign(page: Client, child: Child) -> None:
    sheet = text_of(page, child, "consent/sheet/")
    assert child.name in sheet
    assert "Saya boleh mencabut persetujuan ini kapan saja" in sheet
    assert "Nama dan tanda tangan ibu, ayah atau wali" in sheet


def test_the_sheet_speaks_the_language_of_its_reader(page: Client, child: Child) -> None:
    page.cookies["django_language"] = "en"
    assert "I may withdraw this consent at any time" in text_of(page, child, "consent/sheet/")


def test_all_rows_stay_readable(page: Client, child: Child) -> None:
    agree(child, date(2024, 8, 3))
    withdraw(child, date(2024, 8, 19))
    rows = text_of(page, child, "consent/")
    assert "versi 1, 3 Agustus 2024, ibu (Ibu Contoh), ditandatangani di kertas" in rows
    assert "dicabut 19 Agustus 2024, ibu (Ibu Contoh)" in rows


def test_the_history_of_the_child_says_it(page: Client, child: Child) -> None:
    agree(child, date(2024, 8, 3))
    withdraw(child, date(2024, 8, 19))
    history = text_of(page, child)
    assert "Persetujuan orang tua: kosong → versi 1, 3 Agustus 2024, ibu" in history
    assert "versi 1, 3 Agustus 2024, ibu → dicabut 19 Agustus 2024, ibu" in history


def test_the_list_of_the_village_counts_and_shows_who_was_not_asked(
    page: Client, cadre: User, village: Village, child: Child
) -> None:
    agreed = make_child(cadre, village, name="Budi", birth_date=date(2023, 3, 14))
    agree(agreed, date(2024, 8, 3))
    address = f"/children/?village={village.pk}&month=2024-08"
    assert "1 anak belum ada persetujuan orang tuanya" in page.get(address).content.decode()
    shown = page.get(f"{address}&consent=none").content.decode()
    assert child.name in shown
    assert "Budi" not in shown
    file = page.post(f"{address}&consent=none", {"format": "csv"})
    assert "no-consent" in file["Content-Disposition"]
    assert "Budi" not in file.content.decode()
    assert ExportLog.objects.get().page == "roster no-consent"


def test_no_consent_never_blocks_a_measurement(page: Client, child: Child) -> None:
    entry = {
        "id": "6f0f6d59-2b8a-4d0b-9d3e-1f4f7a3c5b11",
        "child": str(child.pk),
        "measured_on": "2024-08-20",
        "weight_kg": "10.2",
    }
    answer = page.post("/api/v1/measurements/", entry, content_type="application/json")
    assert answer.status_code == 201
