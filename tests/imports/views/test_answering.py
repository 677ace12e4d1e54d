"""What a file leaves open is asked on its page, once; what is decided is remembered and can be undone."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from registry.models import Child, ExportLog, Measurement, Role, RowDecision, Upload, User, Village
from tests.factories import make_cadre, make_child, make_user, signed_in
from tests.imports.files import csv_file, row
from tests.imports.test_views import hand_in, text

pytestmark = pytest.mark.django_db

NIK, OTHER_NIK = "3301025403220001", "3301025403220009"
NO_PLACE = ["Nama", "JK", "Tgl Lahir", "Tanggal Pengukuran", "Berat", "Tinggi", "NIK"]
NO_DAY = ["Nama", "JK", "Tgl Lahir", "Berat", "Tinggi", "NIK"]


def page_of(browser: Client, address: str) -> str:
    return browser.get(address).content.decode()


def fields_of(page: str) -> list[str]:
    """The names of the choices of the rows, in the order of the page."""
    return list(dict.fromkeys(re.findall(r'name="(row-[0-9a-f]{64}-[0-9a-f]{64})"', page)))


# --- One answer for all rows --------------------------------------------------------------------------------


def test_a_file_that_names_no_village_asks_for_it_and_is_read_with_the_answer(
    browser: Client, home: Village
) -> None:
    address = hand_in(browser, csv_file(row(), header=NO_PLACE))
    page = page_of(browser, address)
    assert "Berkas ini tidak menyebut desanya." in page
    assert f'<option value="{home.pk}">Kesugihan Kidul</option>' in page
    assert browser.post(f"{address}answers/", {"village": home.pk}).status_code == 302
    assert "Simpan 1 baris" in text(browser.get(address).content)
    browser.post(f"{address}commit/")
    assert Child.objects.get().village == home


def test_no_village_and_one_outside_the_area_are_refused_with_a_sentence(
    home: Village, client: Client
) -> None:
    client.force_login(make_user(Role.KECAMATAN, home.kecamatan))
    address = hand_in(client, csv_file(row(), header=NO_PLACE))
    answer = client.post(f"{address}answers/", {"village": ""}, follow=True)
    assert "Pilih desanya dulu." in text(answer.content)
    outside = Village.objects.exclude(kecamatan=home.kecamatan).first()
    assert outside is not None
    client.post(f"{address}answers/", {"village": outside.pk})
    assert "village" not in Upload.objects.get().answers


def test_whoever_works_in_one_village_is_not_asked_which(home: Village, client: Client) -> None:
    client.force_login(make_cadre(home))
    page = page_of(client, hand_in(client, csv_file(row(), header=NO_PLACE)))
    assert "Simpan 1 baris" in text(page.encode())
    assert 'name="village"' not in page


def test_the_order_of_dates_is_asked_with_a_date_of_the_file_and_can_be_changed(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(Tanggal_Pengukuran="6/12/2024")))
    page = text(browser.get(address).content)
    assert "hari dulu: “6/12/2024” adalah 6 Desember 2024" in page
    assert "bulan dulu: “6/12/2024” adalah 12 Juni 2024" in page
    for order, day in (("month_first", "12 Juni 2024"), ("day_first", "6 Desember 2024")):
        browser.post(f"{address}answers/", {"measured_order": order})
        assert f"Kesugihan Kidul, {day}" in text(browser.get(address).content)


def test_the_day_of_a_list_without_one_is_asked_and_cannot_be_to_come(browser: Client, home: Village) -> None:
    address = hand_in(browser, csv_file(row(), header=NO_DAY))
    browser.post(f"{address}answers/", {"village": home.pk})
    wrong = {"village": home.pk, "measured_on": "2999-01-01"}
    answer = browser.post(f"{address}answers/", wrong, follow=True)
    assert "Tanggal ini tidak boleh setelah hari ini." in text(answer.content)
    browser.post(f"{address}answers/", {"village": home.pk, "measured_on": "2024-06-12"})
    assert "Kesugihan Kidul, 12 Juni 2024" in text(browser.get(address).content)


# --- Who a row is about -------------------------------------------------------------------------------------


def similar(officer: User, home: Village) -> Child:
    return make_child(officer, home, name="SITI CONTOR", parent_name="IBU AMINAH", nik=NIK)


def test_a_row_that_may_be_of_a_child_shows_what_tells_them_apart(
    browser: Client, officer: User, home: Village
) -> None:
    child = similar(officer, home)
    page = page_of(browser, hand_in(browser, csv_file(row())))
    shown = text(page.encode())
    assert "Mirip SITI CONTOR yang lahir pada hari yang sama." in shown
    assert "Di berkas: P, lahir 14 Maret 2022, orang tua IBU AMINAH, KESUGIHAN KIDUL" in shown
    assert "lahir 14 Maret 2022, Kesugihan Kidul, orang tua IBU AMINAH, NIK 33010***********" in shown
    assert NIK not in page
    assert f'value="{child.pk}"' in page


def test_a_decision_holds_for_every_row_and_file_that_writes_the_child_so_until_it_is_undone(
    browser: Client, officer: User, home: Village
) -> None:
    child = similar(officer, home)
    address = hand_in(browser, csv_file(row(), row(Tanggal_Pengukuran="2024-07-10")))
    first, second = fields_of(page_of(browser, address))
    chosen = {first: str(child.pk), f"was-{first}": "", second: "", f"was-{second}": "", "check": "1"}
    assert browser.post(f"{address}decisions/", chosen)["Location"] == address
    assert "Simpan 2 baris" in text(browser.get(address).content)
    browser.post(f"{address}commit/")
    assert child.measurements.count() == 2
    assert Child.objects.count() == 1

    later = hand_in(browser, csv_file(row(Tanggal_Pengukuran="2024-08-10")))
    page = page_of(browser, later)
    assert "SITI CONTOR, sesuai pilihan yang diingat." in page
    [field] = fields_of(page)
    browser.post(f"{later}decisions/", {field: "", f"was-{field}": str(child.pk), "check": "1"})
    assert "Mirip SITI CONTOR" in page_of(browser, later)
    assert not RowDecision.objects.exists()


def test_a_twin_is_enrolled_by_choice_and_a_row_left_out_by_choice_comes_back(
    browser: Client, officer: User, home: Village
) -> None:
    similar(officer, home)
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    twin, other = fields_of(page_of(browser, address))
    browser.post(f"{address}decisions/", {twin: "new", other: "skip", "check": "1"})
    page = text(browser.get(address).content)
    assert "Anak lain, sesuai pilihan yang diingat." in page
    assert "Dilewati atas pilihan Anda." in page
    browser.post(f"{address}decisions/", {other: "", f"was-{other}": "skip", "check": "1"})
    browser.post(f"{address}commit/")
    assert set(Child.objects.values_list("name", flat=True)) == {"SITI CONTOR", "SITI CONTOH", "BUDI"}


def test_nothing_is_saved_on_decisions_that_are_not_checked(
    browser: Client, officer: User, home: Village
) -> None:
    child = similar(officer, home)
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    field = fields_of(page_of(browser, address))[0]
    answer = browser.post(f"{address}decisions/", {field: str(child.pk), "outcome": "ask", "page": "1"})
    assert answer["Location"] == f"{address}?outcome=ask&page=1#rows"
    assert "Ada pilihan Anda yang belum diperiksa." in page_of(browser, address)
    refused = browser.post(f"{address}commit/", follow=True)
    assert "Periksa lagi dulu, baru simpan." in text(refused.content)
    assert not Measurement.objects.exists()
    browser.post(f"{address}check/")
    browser.post(f"{address}commit/")
    assert child.measurements.count() == 1


def test_what_another_has_decided_holds_too_but_nobody_learns_of_a_child_outside_the_area(
    browser: Client, officer: User, home: Village
) -> None:
    elsewhere = Village.objects.get(name="Slarang")
    child = make_child(officer, elsewhere, name="NAMA RAHASIA", parent_name="ORANG LAIN")
    content = csv_file(row())
    address = hand_in(browser, content)
    [field] = fields_of(page_of(browser, address))
    browser.post(f"{address}decisions/", {field: str(child.pk), "check": "1"})
    assert "NAMA RAHASIA, sesuai pilihan yang diingat." in page_of(browser, address)

    colleague, cadre = Client(), Client()
    colleague.force_login(make_user(Role.DISTRICT))
    assert "NAMA RAHASIA, sesuai pilihan yang diingat." in page_of(colleague, hand_in(colleague, content))
    cadre.force_login(make_cadre(home))
    page = page_of(cadre, hand_in(cadre, content))
    assert "Anak yang dulu dipilih untuk baris ini tidak ada di wilayah kerja Anda." in page
    assert "RAHASIA" not in page


def test_who_a_child_is_has_one_answer_that_anybody_who_meets_it_can_change(
    browser: Client, officer: User, home: Village
) -> None:
    child, content = similar(officer, home), csv_file(row())
    cadre = signed_in(make_cadre(home))
    address = hand_in(cadre, content)
    [field] = fields_of(page_of(cadre, address))
    cadre.post(f"{address}decisions/", {field: str(child.pk), "check": "1"})
    seen = hand_in(browser, content)
    assert "SITI CONTOR, sesuai pilihan yang diingat." in page_of(browser, seen)
    browser.post(f"{seen}decisions/", {field: "", f"was-{field}": str(child.pk), "check": "1"})
    assert "Mirip SITI CONTOR" in page_of(browser, seen)
    browser.post(f"{seen}decisions/", {field: "new", "check": "1"})
    cadre.post(f"{address}check/")
    assert "Anak lain, sesuai pilihan yang diingat." in page_of(cadre, address)
    assert RowDecision.objects.get().user == officer


def test_choices_beside_the_button_that_saves_are_not_lost_with_the_file(
    browser: Client, officer: User, home: Village
) -> None:
    child = similar(officer, home)
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    field = fields_of(page_of(browser, address))[0]
    assert 'form="rows-form" formaction' in page_of(browser, address)
    browser.post(f"{address}commit/", {field: str(child.pk), f"was-{field}": ""})
    assert not Measurement.objects.exists()
    assert "Simpan 2 baris" in text(browser.get(address).content)
    browser.post(f"{address}commit/", {field: str(child.pk), f"was-{field}": str(child.pk)})
    assert child.measurements.count() == 1


def test_rows_that_were_not_saved_keep_their_reasons_and_can_be_taken_away(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", Berat="seratus", NIK=OTHER_NIK)))
    browser.post(f"{address}commit/")
    page = page_of(browser, address)
    assert "BUDI" in page
    assert "Berat “seratus” bukan angka." in page
    assert "not_a_number" not in page
    assert OTHER_NIK not in page
    taken = browser.post(address, {"format": "csv", "table": "left"}).content.decode("utf-8-sig")
    assert "BUDI" in taken
    assert len(taken.splitlines()) == 2
    Upload.objects.update(committed_at=timezone.now() - timedelta(days=8))
    hand_in(browser, csv_file(row(Nama="CITRA")))
    assert "BUDI" not in page_of(browser, address)
    assert "Baris 3 (not_a_number)" in text(browser.get(address).content)


def test_both_orders_are_asked_at_once_and_such_rows_wait(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(Tgl_Lahir="6/7/2022", Tanggal_Pengukuran="8/9/2024")))
    page = page_of(browser, address)
    assert 'name="born_order"' in page
    assert 'name="measured_order"' in page
    assert "Perlu diputuskan (1)" in text(page.encode())
    assert "siapa anak ini?" not in page


def test_a_forged_choice_is_not_found_and_changes_nothing(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    [field] = fields_of(page_of(browser, address))
    assert browser.post(f"{address}decisions/", {field: "anybody"}).status_code == 404
    assert browser.post(f"{address}decisions/", {"row-x": "new", "check": "1"}).status_code == 302
    assert not RowDecision.objects.exists()


def test_once_taken_in_nothing_can_be_answered_any_more(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    [field] = fields_of(page_of(browser, address))
    browser.post(f"{address}commit/")
    browser.post(f"{address}decisions/", {field: "skip", "check": "1"})
    assert not RowDecision.objects.exists()
    assert "Berkas sudah disimpan" in page_of(browser, address)


def test_a_file_of_measurements_alone_never_offers_to_enrol(
    browser: Client, officer: User, home: Village
) -> None:
    for day in (14, 15):
        make_child(officer, home, name="CONTOH ENAM", birth_date=date(2022, 3, day))
    head = "no,nik,nama_anak,tanggal_pengukuran,berat,tinggi,lila,lingkar_kepala,pitting_edema,cara_ukur"
    content = f"{head}\n1,,CONTOH ENAM,2024-06-12,11.4,84.5,,,tidak,berdiri\n".encode()
    address = hand_in(browser, content)
    browser.post(f"{address}answers/", {"village": home.pk})
    page = page_of(browser, address)
    assert "Ada 2 anak bernama CONTOH ENAM" in page
    assert "Anak lain, daftarkan baru" not in page
    assert "Lewati baris ini" in page


# --- Part of a file -----------------------------------------------------------------------------------------


def test_only_the_chosen_kinds_and_villages_are_saved(browser: Client) -> None:
    rows = [
        row(),
        row(Nama="BUDI", JK="L", **{"Desa/Kel": "SLARANG"}),
        row(Nama="CITRA", Berat="4.0", **{"Desa/Kel": "SLARANG"}),
    ]
    address = hand_in(browser, csv_file(*rows))
    page = text(browser.get(address).content)
    assert "Kesugihan Kidul (1)" in page
    assert "Slarang (2)" in page
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"], "places": ["33.01.02.2002"]})
    assert [child.name for child in Child.objects.all()] == ["BUDI"]
    assert "Tidak dicentang 2" in text(browser.get(address).content)


def test_a_new_child_that_is_not_chosen_is_not_enrolled_by_its_second_row(browser: Client) -> None:
    rows = [row(), row(Tanggal_Pengukuran="2024-07-10"), row(Nama="BUDI", JK="L")]
    address = hand_in(browser, csv_file(*rows))
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["measured", "doubtful"]})
    assert not Child.objects.exists()
    assert "Tidak dicentang 3" in text(browser.get(address).content)


@pytest.mark.parametrize("ticked", [{}, {"outcomes": "same"}, {"outcomes": "anything"}])
def test_a_part_without_anything_ticked_saves_nothing_and_says_so(
    browser: Client, ticked: dict[str, str]
) -> None:
    address = hand_in(browser, csv_file(row()))
    browser.post(f"{address}commit/", {"part": "1", **ticked})
    assert "Centang dulu apa yang disimpan." in page_of(browser, address)
    assert not Child.objects.exists()


def test_the_rows_read_otherwise_and_those_with_another_z_can_be_looked_at_alone(browser: Client) -> None:
    upload = SimpleUploadedFile("x.csv", csv_file(row(Berat="11,4 kg"), row(Nama="B", **{"ZS TB/U": "-3.9"})))
    address = browser.post("/import/", {"file": upload})["Location"]
    assert "Z-score berbeda (1)" in text(browser.get(address).content)
    alone = page_of(browser, f"{address}?outcome=z")
    assert len(fields_of(alone)) == 1
    assert "di berkas −3,90" in text(alone.encode())


def test_the_rows_that_are_shown_can_be_taken_away_and_that_is_logged(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(NIK=NIK), row(Nama="BUDI", Berat="seratus")))
    answer = browser.post(f"{address}?outcome=refused", {"format": "csv", "table": "rows"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 2
    assert "BUDI" in lines[1]
    log = ExportLog.objects.get()
    assert (log.page, log.rows, log.children) == ("import refused", 1, 1)
    everything = browser.post(address, {"format": "xlsx", "table": "rows"})
    assert everything["Content-Disposition"].endswith('.xlsx"')
    assert NIK.encode() not in everything.content
    assert browser.get(f"{address}?format=csv&table=rows").status_code == 400
