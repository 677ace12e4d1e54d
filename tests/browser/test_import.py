"""The pages of a file in a real browser: no choice is left behind unasked, and nobody waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Dialog, Page, expect

from registry.imports import workflow
from registry.imports.views import upload_views
from registry.models import Child, RowDecision, Upload, UploadStep, User, Village
from tests.imports.files import csv_file, row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def content(village: Village) -> bytes:
    place = {"Kec": village.kecamatan.name, "Desa/Kel": village.name}
    return csv_file(row(**place), row(Nama="BUDI", JK="L", **place))


@pytest.fixture
def upload(cadre: User, content: bytes) -> Upload:
    upload = workflow.create_upload(by=cadre, file_name="juni.csv", content=content)
    workflow.check(upload)
    return upload


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], cadre: User, upload: Upload) -> Page:
    return new_context(user=cadre).new_page()


def dialogs_of(page: Page) -> list[str]:
    """The kinds of dialogs the browser shows, each of them answered with staying."""
    found: list[str] = []

    def stay(dialog: Dialog) -> None:
        found.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    return found


def tick(page: Page) -> None:
    page.get_by_label("Lewati baris ini").first.check()


# --- Choices that were made and not sent --------------------------------------------------------------------


def test_a_ticked_row_goes_along_with_the_part_that_is_saved(page: Page, upload: Upload) -> None:
    dialogs = dialogs_of(page)
    page.goto(f"/import/{upload.pk}/")
    tick(page)
    page.get_by_text("Simpan sebagian saja").click()
    page.get_by_role("button", name="Simpan yang dicentang").click()
    expect(page.get_by_text("pilihan Anda berubah, jadi berkas ini diperiksa lagi dulu")).to_be_in_viewport()
    assert not Child.objects.filter(name__in=("SITI CONTOH", "BUDI")).exists()
    assert RowDecision.objects.count() == 1
    page.get_by_role("button", name="Simpan 1 baris").first.click()
    expect(page.get_by_role("heading", name="Berkas sudah disimpan")).to_be_visible()
    assert Child.objects.filter(name="BUDI").exists()
    assert not Child.objects.filter(name="SITI CONTOH").exists()
    assert dialogs == []


def test_checking_again_takes_the_ticks_along_without_asking(page: Page, upload: Upload) -> None:
    dialogs = dialogs_of(page)
    page.goto(f"/import/{upload.pk}/")
    tick(page)
    page.get_by_role("button", name="Periksa lagi", exact=True).first.click()
    expect(page.get_by_text("Dilewati atas pilihan Anda.")).to_be_visible()
    assert dialogs == []


@pytest.mark.parametrize("leaves", ["Ya, hapus berkas ini", "English"])
def test_a_button_that_would_leave_the_ticks_behind_is_asked_about(
    page: Page, upload: Upload, leaves: str
) -> None:
    dialogs = dialogs_of(page)
    page.goto(f"/import/{upload.pk}/")
    tick(page)
    page.get_by_text("Hapus berkas ini").first.click()
    page.get_by_role("button", name=leaves).first.click()
    expect(page.get_by_role("heading", name="Periksa sebelum disimpan")).to_be_visible()
    page.wait_for_timeout(300)
    assert dialogs == ["beforeunload"]
    assert page.get_by_label("Lewati baris ini").first.is_checked()
    assert Upload.objects.count() == 1


def test_taking_the_rows_away_asks_nothing_and_keeps_the_ticks(page: Page, upload: Upload) -> None:
    dialogs = dialogs_of(page)
    page.goto(f"/import/{upload.pk}/")
    tick(page)
    with page.expect_download():
        page.get_by_role("button", name="Unduh CSV").click()
    assert dialogs == []
    assert page.get_by_label("Lewati baris ini").first.is_checked()
    page.wait_for_timeout(3200)
    page.get_by_role("link", name="Unggah berkas").first.click()
    page.wait_for_timeout(300)
    assert dialogs == ["beforeunload"]


def test_choices_kept_for_later_are_told_where_the_reader_lands(
    page: Page, upload: Upload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_views, "MOST_CHECKED_AT_ONCE", 1)
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(f"/import/{upload.pk}/")
    tick(page)
    page.get_by_role("button", name="Simpan pilihan di halaman ini").click()
    expect(page.get_by_text("1 pilihan diingat.")).to_be_in_viewport()


def test_enter_in_an_answer_checks_and_never_saves(page: Page, cadre: User, content: bytes) -> None:
    no_day = csv_file(row(), header=["Nama", "JK", "Tgl Lahir", "Berat", "Tinggi", "NIK"])
    upload = workflow.create_upload(by=cadre, file_name="juni.csv", content=no_day)
    workflow.check(upload)
    page.goto(f"/import/{upload.pk}/")
    day = page.get_by_label("Tanggal pengukuran semua baris")
    day.fill("2024-06-12")
    day.press("Enter")
    expect(page.get_by_role("button", name="Simpan 1 baris").first).to_be_visible()
    assert not Child.objects.filter(name="SITI CONTOH").exists()
    day.fill("2024-07-12")
    page.get_by_role("button", name="Simpan 1 baris").first.click()
    expect(page.get_by_text("pilihan Anda berubah, jadi berkas ini diperiksa lagi dulu")).to_be_in_viewport()
    expect(page.get_by_text("12 Juli 2024").first).to_be_visible()
    assert not Child.objects.filter(name="SITI CONTOH").exists()


# --- Waiting ------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(page: Page, upload: Upload) -> Page:
    Upload.objects.update(step=UploadStep.CHECKING, moved_at=timezone.now())
    page.goto(f"/import/{upload.pk}/?outcome=refused")
    expect(page.get_by_role("status").first).to_have_text("Sedang diperiksa")
    return page


def test_work_that_stopped_can_be_begun_again_from_the_page_that_waits(waiting: Page) -> None:
    again = waiting.get_by_role("button", name="Mulai lagi")
    expect(again).to_be_hidden()
    Upload.objects.update(moved_at=timezone.now() - timedelta(minutes=11))
    expect(again).to_be_visible()
    again.click()
    expect(waiting.get_by_role("heading", name="Periksa sebelum disimpan")).to_be_visible()


def test_the_page_goes_on_by_itself_to_the_rows_that_were_asked_for(waiting: Page) -> None:
    Upload.objects.update(step=UploadStep.CHECKED)
    expect(waiting.get_by_role("heading", name="Periksa sebelum disimpan")).to_be_visible()
    assert waiting.url.endswith("?outcome=refused")


def test_a_session_that_ended_is_told_and_leads_to_signing_in(waiting: Page) -> None:
    waiting.context.clear_cookies()
    expect(waiting.get_by_text("Anda tidak lagi masuk")).to_be_visible()
    waiting.get_by_role("link", name="Masuk lagi").click()
    waiting.wait_for_url(lambda url: "/accounts/login/" in url)


def test_a_file_thrown_away_in_another_tab_is_told_and_nobody_asks_for_it_again(
    waiting: Page, upload: Upload
) -> None:
    asked: list[str] = []
    Upload.objects.all().delete()
    expect(waiting.get_by_text("Berkas ini tidak ada lagi")).to_be_visible()
    waiting.on("request", lambda request: asked.append(request.url))
    waiting.wait_for_timeout(2500)
    assert asked == []
    waiting.get_by_role("link", name="Ke daftar berkas Anda").click()
    expect(waiting.get_by_role("heading", name="Unggah berkas")).to_be_visible()


def test_without_a_line_it_looks_less_and_less_often(waiting: Page) -> None:
    asked: list[str] = []
    waiting.route("**/state/", lambda route: (asked.append(route.request.url), route.abort()))
    expect(waiting.get_by_text("Tidak ada sambungan; pekerjaan berjalan terus.")).to_be_visible()
    waiting.wait_for_timeout(7500)
    assert 2 <= len(asked) <= 4
    waiting.unroute("**/state/")
    waiting.evaluate("window.dispatchEvent(new Event('online'))")
    expect(waiting.get_by_text("Tidak ada sambungan; pekerjaan berjalan terus.")).to_be_hidden()
