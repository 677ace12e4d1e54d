"""What a cadre typed and never sent is recorded in her name once her account is closed; 20 August 2024."""

from __future__ import annotations

import base64
import json
import os
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kpm.models import Attendance, Cadre, CaseStep, Event, ServiceRecord
from kpm.workspace_keys import workspace_keys
from registry.models import (
    ChangeLog,
    ChangeSubject,
    Child,
    District,
    Kecamatan,
    Measurement,
    Role,
    User,
    Village,
)
from tests.factories import make_child, make_district, make_user, make_village, signed_in
from tests.kpm.convergence.test_actions import register

PAGE = "kpm:outbox_file"


def seal(
    owner: User, kind: str, body: dict[str, Any], name: str = "Siti Contoh", **more: str
) -> dict[str, Any]:
    """An entry as the phone's own file has it: AES-GCM under the user's key."""
    iv = os.urandom(12)
    said = {"body": body, "child": body.get("child", body["id"]), "name": name, **more}
    content = json.dumps(said).encode()
    data = AESGCM(base64.b64decode(workspace_keys(owner)[0])).encrypt(iv, content, None)
    sealed = {"iv": base64.b64encode(iv).decode(), "data": base64.b64encode(data).decode()}
    return {"id": body["id"], "user": owner.pk, "kind": kind, "state": "waiting", "at": 1, "sealed": sealed}


def file_of(owner: User, *records: dict[str, Any]) -> str:
    return json.dumps({"format": "register-outbox-1", "user": owner.pk, "records": records})


def weighing(child_id: object, weight_kg: float = 9.4, **more: Any) -> dict[str, Any]:
    values = {"measured_on": "2024-08-19", "weight_kg": weight_kg, "lenhei_cm": 77.5, "position": "L"}
    return {"id": str(uuid4()), "child": str(child_id), **values, **more}


def new_child(village: Village, **more: Any) -> dict[str, Any]:
    who = {"name": "Anak Baru", "sex": "P", "birth_date": "2023-05-02"}
    return {"id": str(uuid4()), "village": village.pk, **who, **more}


def step(child_id: object, action: str = "visited", on: str = "2024-08-19", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "child": str(child_id), "action": action, "on": on, **more}


def service(name: str, on: str = "2024-08-19", **more: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "service": name, "on": on, **more}


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village)


@pytest.fixture
def closed(cadre: User, child: Child) -> User:
    """The cadre, whose account the administrator has closed."""
    cadre.is_active = False
    cadre.save()
    return cadre


def send(officer: User, text: str, **more: Any) -> Any:
    chosen = SimpleUploadedFile("kiriman-2024-08-20.json", text.encode())
    data = {"text": text, **more} if more else {"file": chosen}
    return signed_in(officer).post(reverse(PAGE), data)


def test_the_file_is_shown_first_and_nothing_is_stored(closed: User, officer: User, child: Child) -> None:
    page = send(officer, file_of(closed, seal(closed, "measurement", weighing(child.pk))))
    assert page.status_code == 200
    for words in ("Siti Contoh", "9,4", "dapat dicatat", "Catat atas nama sumarni"):
        assert words in page.content.decode()
    assert not Measurement.objects.exists()
    assert not ChangeLog.objects.exists()


def test_all_is_recorded_in_her_name_a_new_child_first_and_only_once(
    closed: User, officer: User, child: Child, village: Village
) -> None:
    born = new_child(village)
    text = file_of(
        closed,
        seal(closed, "measurement", weighing(born["id"], 10.1)),
        seal(closed, "measurement", weighing(child.pk)),
        seal(closed, "child", born, "Anak Baru"),
    )
    for _time in range(2):
        page = send(officer, text, record="1")
        assert "3 kiriman tercatat atas nama sumarni." in page.content.decode()
    assert Child.objects.get(pk=born["id"]).created_by == closed
    assert {(m.recorded_by, m.source) for m in Measurement.objects.all()} == {(closed, "form")}
    assert Measurement.objects.count() == 2


def test_steps_are_shown_in_words_and_recorded_last_in_her_name(
    closed: User, officer: User, child: Child, village: Village
) -> None:
    born = new_child(village)
    visit = step(born["id"])
    text = file_of(
        closed,
        seal(closed, "step", visit, "Anak Baru", words="19 Agustus 2024: dikunjungi"),
        seal(closed, "child", born, "Anak Baru"),
        seal(closed, "measurement", weighing(child.pk)),
    )
    page = send(officer, text).content.decode()
    assert "19 Agustus 2024: dikunjungi" in page
    assert page.count("dapat dicatat") == 3
    assert not CaseStep.objects.exists()
    for _time in range(2):
        page = send(officer, text, record="1").content.decode()
        assert "3 kiriman tercatat atas nama sumarni." in page
    stored = CaseStep.objects.get()
    assert (str(stored.pk), str(stored.child_id), stored.by) == (visit["id"], born["id"], closed)
    again = send(officer, text)
    assert [answer.is_known for answer in again.context["answers"]] == [True, True, True]


def test_services_of_a_mother_and_of_a_new_child_are_recorded_once_in_her_name(
    closed: User, officer: User, village: Village
) -> None:
    mother, born = register(closed, village), new_child(village)
    tablets = service("iron_tablets", beneficiary=str(mother.pk), quantity=60)
    class_of_child = service("parenting_class", child=born["id"])
    text = file_of(
        closed,
        seal(closed, "service", class_of_child, "Anak Baru", words="19 Agustus 2024: kelas pengasuhan"),
        seal(closed, "service", tablets, "Wati Contoh", words="19 Agustus 2024: tablet tambah darah, 60"),
        seal(closed, "child", born, "Anak Baru"),
    )
    page = send(officer, text).content.decode()
    assert "19 Agustus 2024: tablet tambah darah, 60" in page
    assert not ServiceRecord.objects.exists()
    for _time in range(2):
        page = send(officer, text, record="1").content.decode()
        assert "3 kiriman tercatat atas nama sumarni." in page
    found = {str(one.pk): one for one in ServiceRecord.objects.all()}
    assert found.keys() == {tablets["id"], class_of_child["id"]}
    given = found[tablets["id"]]
    assert (given.beneficiary, given.service, given.quantity, given.by) == (
        mother,
        "iron_tablets",
        60,
        closed,
    )
    assert (str(found[class_of_child["id"]].child_id), found[class_of_child["id"]].by) == (born["id"], closed)
    again = send(officer, text)
    assert [answer.is_known for answer in again.context["answers"]] == [True, True, True]


def test_who_came_is_marked_from_the_file_and_what_was_marked_is_known(
    closed: User, officer: User, village: Village
) -> None:
    kpm = Cadre.objects.create(village=village, full_name="Sumarni", term_start=date(2023, 1, 1))
    musdes = Event.objects.create(kind="musdes", title="Musdes", date=date(2024, 8, 19), village=village)
    came = {"id": str(uuid4()), "event": str(musdes.pk), "cadre": kpm.pk, "present": True}
    text = file_of(closed, seal(closed, "attendance", came, "Sumarni", words="Musdes: hadir"))
    page = send(officer, text).content.decode()
    assert "Musdes: hadir" in page
    assert not Attendance.objects.exists()
    assert "1 kiriman tercatat" in send(officer, text, record="1").content.decode()
    assert Attendance.objects.get().cadre == kpm
    assert [answer.is_known for answer in send(officer, text).context["answers"]] == [True]


def test_a_service_that_is_refused_says_why(closed: User, officer: User, child: Child) -> None:
    refused = [
        service("counselling", child=str(child.pk), on="2024-08-21"),
        service("weighing", child=str(child.pk)),
        service("counselling", child=str(uuid4())),
        service("cured", child=str(child.pk)),
    ]
    page = send(officer, file_of(closed, *(seal(closed, "service", one) for one in refused)), record="1")
    text = page.content.decode()
    assert "0 kiriman tercatat" in text
    assert text.count("perlu dilihat") == 4
    assert "Tanggal itu tidak boleh setelah hari ini." in text
    assert "Layanan ini tidak dicatat dengan tangan di sini." in text


def test_a_step_that_is_refused_says_why(closed: User, officer: User, child: Child) -> None:
    refused = [
        step(child.pk, on="2024-08-21"),
        step(child.pk, "arrived"),
        step(child.pk, "cured"),
        step(uuid4()),
    ]
    text = file_of(closed, *(seal(closed, "step", one, words="x") for one in refused))
    page = send(officer, text, record="1").content.decode()
    assert "0 kiriman tercatat" in page
    assert page.count("perlu dilihat") == 4
    assert "Tanggal langkah tidak boleh setelah hari ini." in page
    assert "Hanya bidan desa dan petugas gizi puskesmas" in page


def test_an_answer_of_who_was_a_midwife_is_recorded(officer: User, child: Child) -> None:
    midwife = make_user(Role.MIDWIFE, child.village, "bidan-lama")
    midwife.is_active = False
    midwife.save()
    text = file_of(midwife, seal(midwife, "step", step(child.pk, "arrived")))
    send(officer, text, record="1")
    assert CaseStep.objects.get().by == midwife


def test_a_file_opened_again_says_what_is_recorded_already(
    closed: User, officer: User, child: Child, village: Village
) -> None:
    born, first = new_child(village), weighing(child.pk)
    records = [seal(closed, "child", born, "Anak Baru"), seal(closed, "measurement", first)]
    send(officer, file_of(closed, *records), record="1")
    again = send(officer, file_of(closed, *records))
    assert [answer.is_known for answer in again.context["answers"]] == [True, True]
    assert "dapat dicatat" not in again.content.decode()
    assert 'name="record"' not in again.content.decode()
    records.append(seal(closed, "measurement", weighing(born["id"])))
    more = send(officer, file_of(closed, *records)).content.decode()
    assert more.count("dapat dicatat") == 1
    assert 'name="record"' in more


def test_how_it_lay_and_what_she_confirmed_is_shown(closed: User, officer: User, child: Child) -> None:
    sure = weighing(child.pk, 24.0, confirmed=["waz_flag"])
    text = send(officer, file_of(closed, seal(closed, "measurement", sure))).content.decode()
    assert "24,0&nbsp;kg, 77,5&nbsp;cm telentang, nilai dipastikan" in text


def test_who_brought_it_is_logged(closed: User, officer: User, child: Child) -> None:
    send(officer, file_of(closed, seal(closed, "measurement", weighing(child.pk))), record="1")
    log = ChangeLog.objects.get(field="outbox_file")
    assert (log.subject, log.subject_id, log.by) == (ChangeSubject.ACCOUNT, str(closed.pk), officer)
    assert log.values == ("", "1/1")


def test_a_doubtful_value_waits_for_a_tick_and_keeps_nothing_else_out(
    closed: User, officer: User, child: Child
) -> None:
    other = make_child(officer, child.village, name="Budi Lain")
    doubtful = weighing(child.pk, 24.0)
    text = file_of(
        closed, seal(closed, "measurement", doubtful), seal(closed, "measurement", weighing(other.pk))
    )
    page = send(officer, text, record="1").content.decode()
    assert "1 kiriman tercatat" in page
    assert "Berat ini hampir tidak mungkin" in page
    tick = next(line for line in page.split('"') if line.startswith(doubtful["id"] + " "))
    send(officer, text, record="1", confirm=tick)
    assert Measurement.objects.count() == 2
    assert Measurement.objects.get(child=child).confirmed_doubts


@pytest.mark.parametrize("typed", ["9,1x", float("nan")])
def test_a_value_that_is_no_number_is_shown_and_keeps_nothing_else_out(
    closed: User, officer: User, child: Child, typed: object
) -> None:
    wrong = weighing(child.pk, measured_on="2024-08-18") | {"weight_kg": typed}
    text = file_of(
        closed, seal(closed, "measurement", wrong), seal(closed, "measurement", weighing(child.pk))
    )
    page = send(officer, text, record="1").content.decode()
    assert "1 kiriman tercatat" in page
    assert f"{typed}&nbsp;kg" in page
    assert "perlu dilihat" in page


def test_a_new_child_with_its_mothers_nik_waits_for_a_tick(
    closed: User, officer: User, village: Village
) -> None:
    born = new_child(village, nik="3301024205950001")
    text = file_of(closed, seal(closed, "child", born, "Anak Baru"))
    page = send(officer, text, record="1").content.decode()
    assert "NIK ibu atau ayahnya?" in page
    assert not Child.objects.filter(pk=born["id"]).exists()
    tick = next(line for line in page.split('"') if line.startswith(born["id"] + " "))
    send(officer, text, record="1", confirm=tick)
    assert Child.objects.filter(pk=born["id"]).exists()


def test_an_open_account_reads_its_file_itself(cadre: User, officer: User, child: Child) -> None:
    page = send(officer, file_of(cadre, seal(cadre, "measurement", weighing(child.pk))))
    assert page.status_code == 422
    assert "masih aktif" in page.content.decode()


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[1]", '{"format": "register-outbox-1"}', "[" * 100_000, "\x00\xff", '{"format": "other"}'],
)
def test_what_is_no_such_file_is_refused_in_words(closed: User, officer: User, text: str) -> None:
    page = send(officer, text)
    assert page.status_code == 422
    assert "berkas" in page.content.decode().lower()


def test_what_her_key_has_not_sealed_is_refused(closed: User, officer: User, child: Child) -> None:
    other = make_user(Role.CADRE, child.village, "lain")
    record = seal(other, "measurement", weighing(child.pk))
    open_one = {**record, "sealed": {"content": {"body": weighing(child.pk), "name": "Siti"}}}
    for forged in (record, open_one):
        assert send(officer, file_of(closed, forged), record="1").status_code == 422
    assert not Measurement.objects.exists()


def test_a_child_where_the_officer_does_not_work_stays_closed(closed: User, child: Child) -> None:
    admin = make_user(Role.DISTRICT, make_district(), "dinas-lain")
    banyumas = District.objects.create(code="33.02", name="Banyumas")
    lumbir = Kecamatan.objects.create(code="33.02.01", name="Lumbir", district=banyumas)
    elsewhere = make_village("33.02.01.2001", "Cirahab", lumbir)
    stranger = make_child(make_user(Role.CADRE, elsewhere, "jauh"), elsewhere)
    text = file_of(closed, seal(closed, "measurement", weighing(stranger.pk)))
    page = send(admin, text, record="1")
    assert "0 kiriman tercatat" in page.content.decode()
    assert not Measurement.objects.exists()


def test_the_page_is_for_the_district_and_linked_from_the_cadres(officer: User, camat: User) -> None:
    assert reverse(PAGE) in signed_in(officer).get(reverse("kpm:cadres")).content.decode()
    assert reverse(PAGE) not in signed_in(camat).get(reverse("kpm:cadres")).content.decode()
    assert signed_in(camat).get(reverse(PAGE)).status_code == 404
    assert Client().get(reverse(PAGE)).status_code == 302
