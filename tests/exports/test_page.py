"""The page where data is taken away: the file, its log, and sentences for what may not be."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from django.test import Client

from registry.models import ExportLog, Role, User
from tests.exports.conftest import NIK_SATU as NIK
from tests.factories import make_child, make_user, measure

pytestmark = pytest.mark.django_db

EXPORT = "/export/"
ASKED = {"kind": "eppgbm", "place": "33.01.02.2016", "form": "csv"}


def text(answer: object) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def rows(answer: object) -> list[dict[str, str]]:
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_every_place_of_the_officer_can_be_chosen(browser: Client) -> None:
    page = browser.get(EXPORT).content.decode()
    for value in ("33.01", "33.01.02", "33.01.02.2016"):
        assert f'<option value="{value}"' in page
    assert "Belum ada yang diunduh" in page


def test_a_cadre_can_choose_her_village_alone(client: Client, officer: User) -> None:
    village = make_child(officer).village
    client.force_login(make_user(Role.CADRE, village))
    page = client.get(EXPORT).content.decode()
    assert re.findall(r'<option value="(33[^"]*)"', page) == [village.pk]
    other = client.post(EXPORT, ASKED | {"place": "33.01.01.2001"})
    assert other.status_code == 400
    assert not ExportLog.objects.exists()


def test_the_file_comes_with_the_nik_masked_and_is_logged(browser: Client, officer: User) -> None:
    child = make_child(officer, nik=NIK)
    measure(child, date(2024, 8, 5), "11.0", "84.0")
    answer = browser.post(EXPORT, ASKED | {"month_from": "2024-08", "month_to": "2024-08"})
    (row,) = rows(answer)
    assert (row["Nama"], row["Berat"]) == (child.name, "11")
    assert NIK not in row["NIK"]
    assert "attachment" in answer["Content-Disposition"]
    log = ExportLog.objects.get()
    assert (log.user, log.rows, log.children, log.unmasked) == (officer, 1, 1, False)
    assert "1 baris, 1 anak" in text(browser.get(EXPORT))


def test_whole_nik_ask_for_a_reason(browser: Client, officer: User) -> None:
    measure(make_child(officer, nik=NIK), date(2024, 8, 5), "11.0", "84.0")
    refused = browser.post(EXPORT, ASKED | {"unmasked": "on", "reason": "perlu"})
    assert refused.status_code == 400
    assert "paling sedikit 10 huruf" in text(refused)
    assert not ExportLog.objects.exists()
    (row,) = rows(browser.post(EXPORT, ASKED | {"unmasked": "on", "reason": "unggah ke Sigizi"}))
    assert row["NIK"] == NIK
    assert "NIK utuh unggah ke Sigizi" in text(browser.get(EXPORT))


def test_a_layout_without_nik_takes_no_wish_for_it(browser: Client, officer: User) -> None:
    wished = {"kind": "anthro", "unmasked": "on", "reason": "unggah ke Anthro"}
    refused = browser.post(EXPORT, ASKED | wished)
    assert refused.status_code == 400
    assert "tidak memuat NIK" in text(refused)
    assert not ExportLog.objects.exists()


def test_months_that_cannot_be_are_refused_in_words(browser: Client, officer: User) -> None:
    turned = browser.post(EXPORT, ASKED | {"month_from": "2024-08", "month_to": "2024-07"})
    assert turned.status_code == 400
    assert "Tukar keduanya." in text(turned)
    odd = browser.post(EXPORT, ASKED | {"month_from": "Agustus"})
    assert "misalnya 2024-08" in text(odd)


def test_what_was_taken_can_be_taken_as_a_file_itself(browser: Client, officer: User) -> None:
    make_child(officer)
    browser.post(EXPORT, ASKED | {"kind": "sigizi-identitas"})
    answer = browser.get(f"{EXPORT}?format=csv&table=taken")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row["Pengguna"], row["Isi berkas"], row["Kode wilayah"]) == (
        *(officer.username, "Sigizi, identitas"),
        "33.01.02.2016",
    )
    assert (row["Baris"], row["Anak"], row["NIK utuh"]) == ("1", "1", "Tidak")
    assert ExportLog.objects.count() == 1  # it names no child
    assert "format=csv&amp;table=taken" in browser.get(EXPORT).content.decode()


def test_a_list_of_a_page_is_no_layout_to_choose(browser: Client) -> None:
    assert "daftar-halaman" not in browser.get(EXPORT).content.decode()
    assert browser.post(EXPORT, ASKED | {"kind": "daftar-halaman"}).status_code == 400


def test_the_log_speaks_of_lists_and_places_by_their_names(browser: Client, officer: User) -> None:
    village = make_child(officer).village
    logged = {"user": officer, "kind": "daftar-halaman", "form": "csv", "rows": 2, "children": 1}
    logged["district"] = village.kecamatan.district
    for page, code in (
        ("import refused", village.pk),
        ("follow-up stunted", village.kecamatan_id),
        ("roster", "33.01"),
        ("chart-lhfa", "99.99.99.9999"),
    ):
        ExportLog.objects.create(**logged, page=page, place_code=code)
    page = text(browser.get(EXPORT))
    assert f"Daftar di halaman (baris berkas: Ditolak), {village.name} ({village.kecamatan.name})" in page
    assert f"Daftar di halaman (tindak lanjut: Pendek), Kecamatan {village.kecamatan.name}" in page
    assert "Daftar di halaman (daftar anak bulan ini), Kabupaten Cilacap" in page
    assert "Daftar di halaman (grafik pertumbuhan anak), 99.99.99.9999" in page
    taken = browser.get(f"{EXPORT}?format=csv&table=taken").content.decode("utf-8-sig")
    assert "baris berkas: Ditolak" in taken


def test_whole_nik_is_offered_to_those_alone_who_may_have_it(client: Client, officer: User) -> None:
    child = make_child(officer, nik=NIK)
    client.force_login(make_user(Role.CADRE, child.village))
    page = client.get(EXPORT).content.decode()
    assert "NIK utuh" not in page
    assert 'name="reason"' not in page
    measure(child, date(2024, 8, 5), "11.0", "84.0")
    (row,) = rows(client.post(EXPORT, ASKED | {"unmasked": "on", "reason": "unggah ke Sigizi"}))
    assert NIK not in row["NIK"]


def test_a_box_to_tick_is_ticked_by_its_words(browser: Client) -> None:
    page = browser.get(EXPORT).content.decode()
    assert re.search(
        r'<label class="choice"><input type="checkbox" name="unmasked"[^>]*>Dengan NIK utuh</label>', page
    )
