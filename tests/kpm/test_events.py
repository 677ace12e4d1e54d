"""What an event is of, decides and hands out; who came, pasted. On 20 August 2024."""

from __future__ import annotations

import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client, override_settings

from kpm.actions import appoint_cadre
from kpm.attendance_paste import read_pasted_attendance
from kpm.event_actions import (
    add_decision,
    add_material,
    hold_event,
    set_attendance,
    settle_decision,
    take_back_material,
)
from kpm.figures import attendance
from kpm.models import Cadre, Event, EventDecision, EventKind, EventMaterial
from registry.actions.key_rotation import reseal_columns
from registry.errors import Invalid, NotFound
from registry.models import ExportLog, Role, User, Village
from registry.nik import unseal_bytes
from tests.factories import make_child, make_kecamatan, make_user, make_village, measure, signed_in

PDF = b"%PDF-1.4 satu halaman"


def office(*names: str) -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in ("[Content_Types].xml", *names):
            archive.writestr(name, "x")
    return content.getvalue()


def hold(by: User, kind: EventKind = EventKind.RAKOR, on: date = date(2024, 8, 9), **values: Any) -> Event:
    return hold_event(by=by, id=uuid4(), kind=kind, title=f"{kind.label} {on:%d}", on=on, **values)


def decide(by: User, event: Event, text: str = "Perbaiki sumur", **values: Any) -> EventDecision:
    return add_decision(by=by, event_id=event.pk, id=uuid4(), text=text, responsible="Kepala desa", **values)


@pytest.fixture
def musdes(cadre: User, village: Village) -> Event:
    return hold(cadre, EventKind.MUSDES, village_code=village.pk, agenda="Pembukaan\nRembuk")


def test_a_village_holds_its_own_events_and_no_other(cadre: User, village: Village, officer: User) -> None:
    other = make_village("33.01.02.2010", "Slarang")
    with pytest.raises(NotFound):
        hold(cadre, EventKind.MUSDES, village_code=other.pk)
    with pytest.raises(NotFound):
        hold(cadre)
    with pytest.raises(Invalid, match="dicatat petugas kabupaten"):
        hold(cadre, EventKind.TRAINING, village_code=village.pk)
    with pytest.raises(Invalid, match="Pilih desa"):
        hold(officer, EventKind.MUSDES)
    assert hold(officer, EventKind.REMBUK).village is None
    assert hold(officer, EventKind.REMBUK, village_code=village.pk).village == village


@pytest.mark.both_databases
@pytest.mark.parametrize("kind", [EventKind.RAKOR, EventKind.TRAINING])
def test_the_database_keeps_kind_and_place_together(village: Village, kind: EventKind) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(kind=kind, title="x", date=date(2024, 8, 9), village=village)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(kind=EventKind.MUSDES, title="x", date=date(2024, 8, 9))


@pytest.mark.both_databases
def test_who_works_in_the_village_sees_its_events(
    musdes: Event, cadre: User, officer: User, camat: User, village: Village
) -> None:
    rakor = hold(officer)
    far = make_user(
        Role.CADRE, make_village("33.01.01.2002", "Bumireja", make_kecamatan("33.01.01", "Kedungreja"))
    )
    midwife = make_user(Role.MIDWIFE, village)
    seen = {user: set(Event.objects.visible_to(user)) for user in (cadre, midwife, far, officer, camat)}
    assert seen == {
        cadre: {musdes},
        midwife: {musdes},
        far: set(),
        officer: {musdes, rakor},
        camat: {musdes, rakor},
    }
    for user, status in ((cadre, 404), (midwife, 404), (officer, 200), (camat, 200)):
        assert signed_in(user).get(f"/events/{rakor.pk}/").status_code == status


def test_a_cadre_puts_her_musdes_down_and_ticks_herself(
    page: Client, officer: User, village: Village
) -> None:
    one = appoint_cadre(by=officer, village_code=village.pk, full_name="Sumarni", term_start=date(2023, 1, 1))
    appoint_cadre(
        by=officer,
        village_code=make_village("33.01.02.2010", "Slarang").pk,
        full_name="Wagiyem",
        term_start=date(2023, 1, 1),
    )
    form = page.get("/events/new/").content.decode()
    assert 'value="rakor"' not in form
    values = {
        "id": str(uuid4()),
        "kind": "musdes",
        "title": "Musdes",
        "on": "2024-08-09",
        "village_code": village.pk,
    }
    answer = page.post("/events/new/", values | {"agenda": "Pembukaan\nRembuk"})
    text = page.post(answer["Location"], {"cadre": [str(one.pk)]}, follow=True).content.decode()
    assert "1 KPM hadir." in text
    assert "Pembukaan<br>Rembuk" in text
    assert "Wagiyem" not in text


def test_what_was_left_open_is_asked_at_the_next_event_of_that_kind_and_place(
    officer: User, cadre: User, village: Village, musdes: Event
) -> None:
    june, may = hold(officer, on=date(2024, 6, 3)), hold(officer, EventKind.REMBUK, on=date(2024, 5, 2))
    late = decide(officer, june, "Kirim data", due_on=date(2024, 7, 31))
    in_time = decide(officer, june, "Cetak buku", due_on=date(2024, 8, 31))
    before = decide(officer, june, "Undang camat")
    settle_decision(by=officer, decision_id=before.pk, done_on=date(2024, 7, 1), outcome="Sudah")
    decide(officer, may, "Dari rembuk")
    decide(cadre, musdes, "Dari desa")
    august = hold(officer)
    decide(officer, august, "Milik sendiri")
    assert list(EventDecision.objects.asked_at(august)) == [late, in_time]
    assert not EventDecision.objects.asked_at(hold(cadre, EventKind.REMBUK, village_code=village.pk)).exists()
    assert [one.is_overdue(august.date) for one in (late, in_time)] == [True, False]
    page = signed_in(officer).get(f"/events/{august.pk}/").content.decode()
    assert page.count("lewat waktu") == 1
    answer = signed_in(officer).post(
        f"/events/{august.pk}/decisions/{late.pk}/", {"done_on": "2024-08-09", "outcome": "Terkirim"}
    )
    assert answer.status_code == 302
    late.refresh_from_db()
    assert (late.done_on, late.outcome, late.is_overdue(august.date)) == (date(2024, 8, 9), "Terkirim", False)
    # It stays on the page of the event where it was ticked, and is not asked for again at the next.
    assert list(EventDecision.objects.asked_at(august)) == [late, in_time]
    assert list(EventDecision.objects.asked_at(hold(officer, on=date(2024, 8, 19)))) == [
        in_time,
        EventDecision.objects.get(text="Milik sendiri"),
    ]


def test_a_decision_needs_words_somebody_and_an_outcome(officer: User) -> None:
    event = hold(officer)
    with pytest.raises(Invalid, match="apa yang diputuskan"):
        decide(officer, event, " ")
    with pytest.raises(Invalid, match="tidak boleh sebelum kegiatan"):
        decide(officer, event, due_on=date(2024, 8, 8))
    one = decide(officer, event)
    with pytest.raises(Invalid, match="apa hasilnya"):
        settle_decision(by=officer, decision_id=one.pk, done_on=date(2024, 8, 10), outcome=" ")
    for day in (date(2024, 8, 8), date(2024, 8, 21)):
        with pytest.raises(Invalid, match="dari hari kegiatan sampai hari ini"):
            settle_decision(by=officer, decision_id=one.pk, done_on=day, outcome="Sudah")
    settle_decision(by=officer, decision_id=one.pk, done_on=date(2024, 8, 20), outcome="Sudah")
    assert settle_decision(by=officer, decision_id=one.pk, done_on=None, outcome="Sudah").outcome == ""


def test_a_kecamatan_reads_what_the_district_decided_and_writes_none(officer: User, camat: User) -> None:
    event = hold(officer)
    one = decide(officer, event)
    page = signed_in(camat).get(f"/events/{event.pk}/").content.decode()
    assert one.text in page
    assert "Catat keputusan" not in page
    with pytest.raises(NotFound):
        decide(camat, event)
    with pytest.raises(NotFound):
        settle_decision(by=camat, decision_id=one.pk, done_on=date(2024, 8, 9), outcome="Sudah")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PDF", PDF),
        ("a.jpg", b"\xff\xd8\xff\xe0"),
        ("a.png", b"\x89PNG\r\n\x1a\n"),
        ("a.docx", office("word/document.xml")),
        ("a.xlsx", office("xl/workbook.xml")),
        ("a.pptx", office("ppt/presentation.xml")),
    ],
)
def test_papers_and_pictures_are_taken(musdes: Event, cadre: User, name: str, content: bytes) -> None:
    material = add_material(by=cadre, event_id=musdes.pk, id=uuid4(), file_name=name, content=content)
    assert unseal_bytes(bytes(material.content_sealed)) == content
    assert content not in bytes(material.content_sealed)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.html", b"<script>", "salah satu dari"),
        ("a.docm", office("word/document.xml"), "salah satu dari"),
        ("pdf", PDF, "salah satu dari"),
        ("a.pdf", b"MZ\x90", "bukan pdf"),
        ("a.docx", office("word/document.xml", "word/vbaProject.bin"), "tanpa makro"),
        ("a.docx", office("xl/workbook.xml"), "bukan docx"),
        ("a.docx", b"PK\x03\x04 rusak", "bukan docx"),
        ("a.pdf", b"%PDF-" + b" " * 5 * 1024 * 1024, "5 MB"),
    ],
)
def test_anything_else_is_refused(musdes: Event, cadre: User, name: str, content: bytes, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        add_material(by=cadre, event_id=musdes.pk, id=uuid4(), file_name=name, content=content)


def test_an_event_carries_ten_files(musdes: Event, cadre: User) -> None:
    for _number in range(10):
        add_material(by=cadre, event_id=musdes.pk, id=uuid4(), file_name="a.pdf", content=PDF)
    with pytest.raises(Invalid, match="10 berkas"):
        add_material(by=cadre, event_id=musdes.pk, id=uuid4(), file_name="a.pdf", content=PDF)


def test_a_file_goes_out_as_an_attachment_and_is_logged(
    musdes: Event, page: Client, village: Village
) -> None:
    sent = SimpleUploadedFile('undangan "baru".pdf', PDF, "text/html")
    answer = page.post(f"/events/{musdes.pk}/materials/", {"id": str(uuid4()), "file": sent})
    assert answer.status_code == 302
    material = musdes.materials.get()
    address = f"/events/{musdes.pk}/materials/{material.pk}/"
    assert page.get(address).status_code == 405
    answer = page.post(address)
    assert answer.content == PDF
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert answer["X-Content-Type-Options"] == "nosniff"
    log = ExportLog.objects.get()
    assert (log.page, log.form, log.place_code, log.user.username) == (
        "material",
        "pdf",
        village.pk,
        "sumarni",
    )


def test_a_file_of_the_district_is_logged_where_its_reader_works(officer: User, camat: User) -> None:
    event = hold(officer)
    material = add_material(by=officer, event_id=event.pk, id=uuid4(), file_name="a.pdf", content=PDF)
    assert signed_in(camat).post(f"/events/{event.pk}/materials/{material.pk}/").status_code == 200
    assert ExportLog.objects.get().place_code == "33.01.02"


def test_a_file_taken_back_is_gone_and_who_brought_it_stays(musdes: Event, page: Client, cadre: User) -> None:
    material = add_material(by=cadre, event_id=musdes.pk, id=uuid4(), file_name="salah.pdf", content=PDF)
    address = f"/events/{musdes.pk}/materials/{material.pk}/"
    page.post(f"{address}take-back/")
    assert page.post(address).status_code == 404
    assert "salah.pdf" not in page.get(f"/events/{musdes.pk}/").content.decode()
    kept = EventMaterial._base_manager.get()
    assert (bytes(kept.content_sealed), kept.uploaded_by) == (b"", cadre)
    with pytest.raises(NotFound):
        take_back_material(by=cadre, event_id=musdes.pk, material_id=material.pk)


@pytest.mark.both_databases
def test_a_file_is_sealed_again_under_a_new_key(musdes: Event, cadre: User, settings: Any) -> None:
    material = add_material(by=cadre, event_id=musdes.pk, id=uuid4(), file_name="a.pdf", content=PDF)
    new = Fernet.generate_key().decode()
    with override_settings(NIK_KEYS=[new, *settings.NIK_KEYS]):
        found = {(one.table, one.column): one.changed for one in reseal_columns()}
    assert found["kpm_eventmaterial", "content_sealed"] == 1
    material.refresh_from_db()
    with override_settings(NIK_KEYS=[new]):
        assert unseal_bytes(bytes(material.content_sealed)) == PDF


def test_a_file_that_no_key_opens_says_so(musdes: Event, cadre: User, page: Client) -> None:
    material = add_material(by=cadre, event_id=musdes.pk, id=uuid4(), file_name="a.pdf", content=PDF)
    with override_settings(NIK_KEYS=[Fernet.generate_key().decode()]):
        answer = page.post(f"/events/{musdes.pk}/materials/{material.pk}/", follow=True)
    assert answer.redirect_chain
    assert not ExportLog.objects.exists()


@pytest.fixture
def called(officer: User, village: Village) -> dict[str, Cadre]:
    """The KPM of three villages, two of which have one name."""
    kedungreja = make_kecamatan("33.01.01", "Kedungreja")
    homes = [
        village,
        make_village("33.01.02.2010", "Slarang"),
        make_village("33.01.01.2003", "Slarang", kedungreja),
    ]
    return {
        name: appoint_cadre(by=officer, village_code=home.pk, full_name=name, term_start=date(2023, 1, 1))
        for name, home in zip(("Sumarni", "Wagiyem", "Tri Astuti"), homes, strict=True)
    }


def test_a_pasted_list_ticks_whom_it_means(officer: User, called: dict[str, Cadre]) -> None:
    event = hold(officer)
    pasted = read_pasted_attendance(
        "Ds. Kesugihan Kidul\n\n3301022010\nSLARANG\nSumarni\nSlarang; TRI ASTUTI\nPak Camat\n",
        attendance(event=event, user=officer),
    )
    assert pasted.found == {one.pk for one in called.values()}
    assert pasted.unknown == ["Pak Camat"]
    assert pasted.unclear == ["SLARANG"]
    assert pasted.repeated == ["Sumarni"]


def test_a_pasted_list_is_looked_at_before_it_is_saved(officer: User, called: dict[str, Cadre]) -> None:
    event = hold(officer)
    set_attendance(by=officer, event_id=event.pk, cadre_ids=[called["Wagiyem"].pk])
    text = signed_in(officer).post(f"/events/{event.pk}/", {"pasted": "Sumarni\nPak Camat"}).content.decode()
    assert "1 KPM dikenali" in text
    assert "Pak Camat" in text
    ticked = {name for name, one in called.items() if f'value="{one.pk}" checked' in text}
    assert ticked == {"Sumarni", "Wagiyem"}
    assert set(event.cadres.all()) == {called["Wagiyem"]}


def test_the_pack_has_what_a_meeting_needs_on_paper(
    musdes: Event, cadre: User, officer: User, village: Village, page: Client
) -> None:
    appoint_cadre(by=officer, village_code=village.pk, full_name="Sumarni", term_start=date(2023, 1, 1))
    earlier = hold(cadre, EventKind.MUSDES, date(2024, 3, 4), village_code=village.pk)
    decide(cadre, earlier, "Perbaiki sumur", due_on=date(2024, 4, 1))
    for number in range(3):
        child = make_child(cadre, village, name=f"Anak {number}", birth_date=date(2023, 3, 14))
        if number:
            measure(child, date(2024, 7, 5), "7.0", "66" if number == 1 else "76", confirmed=True)
    text = page.get(f"/events/{musdes.pk}/print/").content.decode()
    for words in ("Pembukaan<br>Rembuk", "Perbaiki sumur", "lewat waktu", "Sumarni", "Tanda tangan"):
        assert words in text
    assert "2 dari 3 balita diukur (66,7%)" in text
    # Under 30 children a village has counts and no rate.
    assert "1 dari 2 balita dengan tinggi yang valid</dd>" in text
    assert "Anak 1" not in text


def test_the_pack_of_the_district_has_a_sheet_for_each_kecamatan_of_the_reader(
    officer: User, camat: User, called: dict[str, Cadre]
) -> None:
    event = hold(officer)
    for user, kecamatan in ((officer, ["Kedungreja", "Kesugihan"]), (camat, ["Kesugihan"])):
        text = signed_in(user).get(f"/events/{event.pk}/print/").content.decode()
        assert re.findall(r'<h3 id="kecamatan-\d">(\w+)</h3>', text) == kecamatan
        assert ("Angka Cilacap" if user == officer else "Angka Kesugihan") in text
