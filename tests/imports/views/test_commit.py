"""What is saved is what was looked at: by the form that saves, with every choice made beside it."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from registry.imports import workflow
from registry.imports.answers import LEAVE_OUT
from registry.models import Child, Measurement, RowDecision, Upload, User, Village
from tests.factories import make_cadre, make_child, signed_in
from tests.imports.conftest import Looking
from tests.imports.files import SAMPLES, csv_file, row
from tests.imports.test_views import hand_in, text
from tests.imports.views.test_answering import NIK, NO_PLACE, fields_of, page_of, similar

pytestmark = pytest.mark.django_db


def form_of(page: str) -> dict[str, str]:
    """The hidden fields of the form of the rows, as the browser sends them with each of its buttons."""
    form = page[page.index('id="rows-form"') :]
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', form[: form.index("</form>")])
    return dict(found)


# --- Only the button that saves saves -----------------------------------------------------------------------


def test_the_button_that_takes_the_rows_away_never_saves(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    plain = signed_in(User.objects.get())
    answer = plain.post(f"{address}commit/", {"table": "rows", "format": "csv"})
    assert answer["Location"] == address
    assert not Child.objects.exists()


def test_after_a_refused_commit_the_page_is_at_its_own_address(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    [field] = fields_of(page_of(browser, address))
    browser.post(f"{address}decisions/", {field: "skip"})
    answer = browser.post(f"{address}commit/", follow=True)
    assert answer.redirect_chain == [(address, 302)]
    assert "Periksa lagi dulu, baru simpan." in text(answer.content)
    taken = browser.post(address, {"format": "csv", "table": "rows"})
    assert taken["Content-Disposition"].startswith("attachment")
    assert not Child.objects.exists()


# --- Choices beside the button ------------------------------------------------------------------------------


def test_every_button_that_goes_on_with_the_file_belongs_to_the_form_of_the_choices(browser: Client) -> None:
    page = page_of(browser, hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L"))))
    outside = page.replace(page[page.index('<form method="post" id="rows-form"') :].split("</form>")[0], "")
    for deed in ("commit", "check"):
        assert re.findall(rf'<form[^>]*action="[^"]*/{deed}/"', outside) == []
        assert re.search(rf'<button[^>]*form="rows-form"[^>]*formaction="[^"]*/{deed}/"', outside)
    assert len(re.findall(r'name="outcomes"[^>]*form="rows-form"', page)) == 1


def test_a_row_ticked_beside_the_part_that_is_saved_is_not_saved(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    page = page_of(browser, address)
    first = fields_of(page)[0]
    sent = {**form_of(page), first: "skip", "part": "1", "outcomes": ["new_child"]}
    browser.post(f"{address}commit/", sent)
    assert not Child.objects.exists()
    assert "Dilewati atas pilihan Anda." in page_of(browser, address)
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"]})
    assert [child.name for child in Child.objects.all()] == ["BUDI"]


def test_the_part_that_was_ticked_is_still_ticked_when_it_could_not_be_saved_yet(browser: Client) -> None:
    rows = [row(), row(Nama="BUDI", JK="L", **{"Desa/Kel": "SLARANG"}), row(Nama="CITRA", Berat="4.0")]
    address = hand_in(browser, csv_file(*rows))
    page = page_of(browser, address)
    assert len(re.findall(r'name="outcomes"[^>]* checked', page)) == 2
    assert 'name="places" form="rows-form" value="33.01.02.2002">' in page
    part = {"part": "1", "outcomes": ["doubtful"], "places": ["33.01.02.2002"]}
    browser.post(f"{address}commit/", {**form_of(page), fields_of(page)[0]: "skip", **part})
    browser.post(f"{address}check/")
    page = page_of(browser, address)
    assert re.findall(r'name="outcomes"[^>]*value="(\w+)" checked', page) == ["doubtful"]
    assert re.findall(r'name="places"[^>]*value="([\d.]+)" checked', page) == ["33.01.02.2002"]
    assert '<details class="data" open>' in page


def test_checking_again_keeps_the_choices_of_the_page(browser: Client) -> None:
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    page = page_of(browser, address)
    browser.post(f"{address}check/", {**form_of(page), fields_of(page)[0]: "skip"})
    assert RowDecision.objects.count() == 1
    assert "Dilewati atas pilihan Anda." in page_of(browser, address)


# --- The check that was looked at ---------------------------------------------------------------------------


@pytest.fixture
def cadre(home: Village) -> Client:
    cadre = Looking()
    cadre.force_login(make_cadre(home))
    return cadre


def test_what_a_colleague_decides_after_the_check_is_not_saved_unseen(
    browser: Client, cadre: Client, officer: User, home: Village
) -> None:
    similar(officer, home)
    content = csv_file(row(), row(Nama="BUDI", JK="L"))
    hers, his = hand_in(cadre, content), hand_in(browser, content)
    seen = page_of(cadre, hers)
    assert "Simpan 1 baris" in text(seen.encode())
    browser.post(f"{his}decisions/", {fields_of(seen)[0]: "new", "check": "1"})
    answer = cadre.post(f"{hers}commit/", form_of(seen), follow=True)
    assert Child.objects.count() == 1
    assert "sejak berkas ini diperiksa. Periksa lagi" in text(answer.content)
    assert not re.search(r"Simpan \d+ baris", text(answer.content))
    cadre.post(f"{hers}check/")
    cadre.post(f"{hers}commit/", form_of(page_of(cadre, hers)))
    assert Child.objects.count() == 3


def test_what_another_tab_has_checked_since_is_looked_at_first(browser: Client, home: Village) -> None:
    slarang = Village.objects.get(name="Slarang")
    address = hand_in(browser, csv_file(row(), header=NO_PLACE))
    browser.post(f"{address}answers/", {"village": home.pk})
    first_tab = form_of(page_of(browser, address))
    browser.post(f"{address}answers/", {"village": slarang.pk})
    answer = browser.post(f"{address}commit/", first_tab, follow=True)
    assert not Child.objects.exists()
    assert "Berkas ini diperiksa lagi sejak halaman itu dibuka." in text(answer.content)
    browser.post(f"{address}commit/", form_of(page_of(browser, address)))
    assert Child.objects.get().village == slarang


def test_a_check_that_finds_the_same_does_not_disturb_the_other_tab(browser: Client) -> None:
    address = hand_in(browser, csv_file(row()))
    first_tab = form_of(page_of(browser, address))
    browser.post(f"{address}check/")
    browser.post(f"{address}commit/", first_tab)
    assert Measurement.objects.count() == 1


def test_a_register_that_has_changed_is_looked_at_first(
    browser: Client, officer: User, home: Village
) -> None:
    """The new child of the file has been enrolled by somebody meanwhile, and another has become doubtful."""
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    make_child(officer, home, name="SITI CONTOH", parent_name="IBU AMINAH")
    browser.post(f"{address}commit/")
    assert not Measurement.objects.exists()
    page = text(browser.get(address).content)
    assert "Register berubah sejak berkas ini diperiksa" in page
    assert "Simpan 2 baris" not in page
    browser.post(f"{address}check/")
    assert "Pengukuran baru 1" in text(browser.get(address).content).replace("(", "").replace(")", "")
    browser.post(f"{address}commit/")
    assert (Measurement.objects.count(), Child.objects.count()) == (2, 2)


def test_a_part_is_compared_with_what_was_looked_at_too(
    browser: Client, officer: User, home: Village
) -> None:
    address = hand_in(browser, csv_file(row(), row(Nama="BUDI", JK="L")))
    make_child(officer, home, name="SITI CONTOH", parent_name="IBU AMINAH")
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"]})
    assert not Measurement.objects.exists()
    assert "Register berubah sejak berkas ini diperiksa" in text(browser.get(address).content)


def test_what_is_decided_while_the_file_waits_to_be_saved_is_looked_at_first(
    officer: User, home: Village
) -> None:
    upload = workflow.create_upload(by=officer, file_name="juni.csv", content=csv_file(row()))
    workflow.check(upload)
    workflow.enqueue_commit(by=officer, upload_id=upload.pk, mark=upload.summary["mark"])
    [seen] = workflow.preview(upload).rows
    workflow.save_decision(by=officer, keys=seen.keys, decision=LEAVE_OUT)
    with pytest.raises(workflow.Conflict, match="Register berubah sejak berkas ini diperiksa"):
        workflow.commit(by=officer, upload_id=upload.pk)
    assert not Child.objects.exists()


@pytest.mark.both_databases
@pytest.mark.parametrize("name", [p.name for p in sorted(SAMPLES.iterdir()) if p.suffix != ".md"])
def test_every_sample_is_written_as_it_was_checked(officer: User, home: Village, name: str) -> None:
    upload = workflow.create_upload(by=officer, file_name=name, content=(SAMPLES / name).read_bytes())
    Upload.objects.update(answers={"village": home.pk, "measured_on": "2024-06-12"})
    upload.refresh_from_db()
    workflow.check(upload)
    if upload.problem_code:
        return
    seen = upload.summary["outcomes"]
    written = workflow.commit(by=officer, upload_id=upload.pk)
    assert written.summary["outcomes"] == seen


# --- A part -------------------------------------------------------------------------------------------------


def test_a_part_leaves_the_reasons_of_the_other_rows(browser: Client, officer: User, home: Village) -> None:
    """Refused while it is read, by its village and by what is stored; asked; the same as another."""
    similar(officer, home)
    budi = {"Nama": "BUDI", "JK": "L", "NIK": "3301021403220007", "Nama Ortu": "IBU LAIN"}
    rows = [
        row(**budi),
        row(Nama="CITRA", Berat="seratus"),
        row(Nama="DEWI", **{"Desa/Kel": "ENTAH"}),
        row(),
        row(**budi, Berat="11.9"),
        row(**budi),
        row(Nama="EKO", JK="L", **{"Desa/Kel": "SLARANG"}),
    ]
    address = hand_in(browser, csv_file(*rows))
    before = Upload.objects.get().summary["outcomes"]
    assert before == {"new_child": 2, "refused": 3, "ask": 1, "same": 1}
    browser.post(f"{address}commit/", {"part": "1", "outcomes": ["new_child"], "places": ["33.01.02.2002"]})
    upload = Upload.objects.get()
    assert upload.summary["outcomes"] == {"new_child": 1, "skipped": 1, "refused": 3, "ask": 1, "same": 1}
    page = text(browser.get(address).content)
    assert "Berat “seratus” bukan angka." in page
    assert "juga mengukur anak ini pada" in page
    assert "Mirip SITI CONTOR" in page
    assert sorted(Child.objects.values_list("name", flat=True)) == ["EKO", "SITI CONTOR"]
    assert NIK not in page
