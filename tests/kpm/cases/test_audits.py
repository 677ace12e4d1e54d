"""Audits of cases: who chooses one, what is recorded of it, who reads it. On 20 August 2024."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from kpm.audit_actions import (
    CauseFinding,
    choose_case,
    conclude_audit,
    forget_audit_texts,
    record_causes,
    store_decision,
    take_back_audit,
)
from kpm.models import AuditDecision, Case, CaseAudit
from kpm.parent_record import ParentRecord
from kpm.scorecard.indicators import ServicePackage
from registry.actions.merge import merge_children
from registry.actions.undo_merge import undo_merge
from registry.errors import Invalid, NotFound
from registry.models import Child, ExportLog, ReadLog, Role, User, Village
from tests.factories import make_child, make_puskesmas, make_user, make_village, measure, signed_in

pytestmark = pytest.mark.both_databases

BORN, TODAY = date(2023, 6, 20), date(2024, 8, 20)


@pytest.fixture
def health_worker(village: Village) -> User:
    """The nutrition officer of the village's puskesmas."""
    village.puskesmas = make_puskesmas()
    village.save()
    return make_user(Role.PUSKESMAS, village.puskesmas, "tpg")


@pytest.fixture
def case(cadre: User, village: Village) -> Case:
    """A girl of 69 cm at 12 months: HAZ −2,1."""
    child = make_child(cadre, village, name="Ani", birth_date=BORN)
    measure(child, date(2024, 7, 5), "8.0", "69.0", position="L")
    return Case.objects.get(child=child, kind="stunting")


@pytest.fixture
def audit(health_worker: User, case: Case) -> CaseAudit:
    return choose_case(by=health_worker, case_id=case.pk)


def decide(by: User, audit: CaseAudit, **values: object) -> AuditDecision:
    said = {"text": "Jamban keluarga", "responsible": "Kepala desa", "due_on": date(2024, 9, 30)} | values
    return store_decision(by=by, audit_id=audit.pk, **said)  # type: ignore[arg-type]


def test_a_puskesmas_chooses_a_case_once(health_worker: User, case: Case) -> None:
    audit = choose_case(by=health_worker, case_id=case.pk)
    assert (audit.kind, audit.found_on, audit.chosen_on) == ("stunting", date(2024, 7, 5), TODAY)
    assert choose_case(by=health_worker, case_id=case.pk) == audit
    conclude_audit(by=health_worker, audit_id=audit.pk, on=TODAY)
    assert choose_case(by=health_worker, case_id=case.pk) != audit


def test_officers_choose_with_a_reason_and_cadres_and_others_never(
    case: Case, cadre: User, officer: User, camat: User
) -> None:
    with pytest.raises(NotFound):
        choose_case(by=cadre, case_id=case.pk, reason="coba")
    with pytest.raises(NotFound):
        choose_case(by=make_user(Role.PUSKESMAS, make_puskesmas("Lain")), case_id=case.pk)
    for by in (officer, camat):
        with pytest.raises(Invalid):
            choose_case(by=by, case_id=case.pk, reason=" ")
    assert choose_case(by=camat, case_id=case.pk, reason="belum membaik").reason == "belum membaik"


def test_causes_are_recorded_and_put_right_a_package_at_a_time(health_worker: User, audit: CaseAudit) -> None:
    water, health = ServicePackage.WATER_SANITATION, ServicePackage.HEALTH
    record_causes(
        by=health_worker,
        audit_id=audit.pk,
        findings=[CauseFinding(water, True, " tanpa  jamban "), CauseFinding(health, False)],
    )
    record_causes(by=health_worker, audit_id=audit.pk, findings=[CauseFinding(health, True, "ANC 2 kali")])
    found = {cause.package: (cause.contributes, cause.note) for cause in audit.causes.all()}
    assert found == {"air_sanitasi": (True, "tanpa jamban"), "kia": (True, "ANC 2 kali")}
    conclude_audit(by=health_worker, audit_id=audit.pk, on=TODAY)
    with pytest.raises(Invalid, match="sudah selesai"):
        record_causes(by=health_worker, audit_id=audit.pk, findings=[CauseFinding(health, False)])


def test_a_decision_is_done_after_the_audit_is_over(health_worker: User, audit: CaseAudit) -> None:
    decision = decide(health_worker, audit)
    conclude_audit(by=health_worker, audit_id=audit.pk, on=TODAY)
    for day in (date(2024, 7, 4), date(2024, 8, 21)):
        with pytest.raises(Invalid, match="Tanggal dikerjakan"):
            decide(health_worker, audit, decision_id=decision.pk, done_on=day)
    decide(health_worker, audit, decision_id=decision.pk, done_on=TODAY)
    assert AuditDecision.objects.get().done_on == TODAY
    with pytest.raises(NotFound):
        decide(health_worker, audit, decision_id=decision.pk + 1)


def test_an_audit_is_concluded_from_its_day_to_today_and_opened_again(
    health_worker: User, audit: CaseAudit
) -> None:
    for day in (date(2024, 8, 19), date(2024, 8, 21)):
        with pytest.raises(Invalid, match="Tanggal selesai"):
            conclude_audit(by=health_worker, audit_id=audit.pk, on=day)
    conclude_audit(by=health_worker, audit_id=audit.pk, on=TODAY)
    assert conclude_audit(by=health_worker, audit_id=audit.pk, on=None).concluded_on is None


def test_one_taken_back_is_gone_for_readers_and_stays_in_the_record(
    health_worker: User, audit: CaseAudit
) -> None:
    take_back_audit(by=health_worker, audit_id=audit.pk)
    assert signed_in(health_worker).get(f"/audits/{audit.pk}/").status_code == 404
    assert choose_case(by=health_worker, case_id=Case.objects.get(kind="stunting").pk) != audit
    assert CaseAudit.objects.count() == 2


def test_the_record_for_the_parent_holds_all_of_it_by_role(health_worker: User, audit: CaseAudit) -> None:
    record_causes(
        by=health_worker, audit_id=audit.pk, findings=[CauseFinding(ServicePackage.HEALTH, True, "ANC")]
    )
    decide(health_worker, audit)
    (section,) = (one for one in ParentRecord(audit.child).sections() if one.title == "Audit kasus")
    days, words, roles = zip(*section.rows, strict=True)
    assert days[0] == "20 Agustus 2024"
    assert words == (
        "Jenis: stunting; Pertama ditemukan pada: 5 Juli 2024; Dipilih oleh: Nutrisionis (TPG) puskesmas",
        "Paket layanan: KIA; Berperan: ya; Penjelasan: ANC; Dicatat oleh: Nutrisionis (TPG) puskesmas",
        "Keputusan: Jamban keluarga; Penanggung jawab: Kepala desa; Batas waktu: 30 September 2024; "
        "Dicatat oleh: Nutrisionis (TPG) puskesmas",
    )
    assert len(set(roles)) == 1


def test_texts_go_with_the_name_and_days_stay(officer: User, case: Case) -> None:
    audit = choose_case(by=officer, case_id=case.pk, reason="belum membaik")
    record_causes(by=officer, audit_id=audit.pk, findings=[CauseFinding(ServicePackage.HEALTH, True, "ANC")])
    decide(officer, audit)
    forget_audit_texts([audit.child_id])
    audit.refresh_from_db()
    decision, cause = audit.decisions.get(), audit.causes.get()
    assert (audit.reason, cause.note, decision.text, decision.responsible) == ("", "", "", "")
    assert (cause.contributes, decision.due_on) == (True, date(2024, 9, 30))


def test_an_audit_goes_with_its_child_into_the_kept_record_and_back(
    health_worker: User, cadre: User, audit: CaseAudit
) -> None:
    kept = make_child(cadre, audit.child.village, name="Ani", birth_date=BORN)
    gone = audit.child_id
    merge_children(by=health_worker, kept_id=kept.pk, merged_id=gone)
    audit.refresh_from_db()
    assert audit.child_id == kept.pk
    assert signed_in(health_worker).get(f"/audits/{audit.pk}/").status_code == 200
    undo_merge(by=health_worker, merged_id=gone)
    audit.refresh_from_db()
    assert audit.child_id == gone


def test_the_pages_lead_from_the_case_to_a_concluded_audit(health_worker: User, case: Case) -> None:
    browser = signed_in(health_worker)
    step_page = f"/children/{case.child_id}/steps/"
    assert f"/cases/{case.pk}/audit/" in browser.get(step_page).content.decode()
    where = browser.post(f"/cases/{case.pk}/audit/", {"reason": ""})["Location"]
    assert f'href="{where}"' in browser.get(step_page).content.decode()
    assert f'href="{where}"' in browser.get("/cases/").content.decode()
    wrong = browser.post(f"{where}causes/", {"kia_note": "ANC 2 kali"})
    assert (wrong.status_code, "Pilih berperan atau tidak." in wrong.content.decode()) == (422, True)
    browser.post(f"{where}causes/", {"kia": "yes", "kia_note": "ANC 2 kali", "paud": "no"})
    decision = {"text": "Jamban", "responsible": "Kepala desa", "due_on": "2024-08-19"}
    assert browser.post(f"{where}decisions/", decision)["Location"] == where
    page = browser.get(where).content.decode()
    assert "<strong>berperan</strong>: ANC 2 kali" in page
    assert "1 keputusan belum dikerjakan, 1 lewat batas." in page
    pk = AuditDecision.objects.get().pk
    browser.post(f"{where}decisions/{pk}/", decision | {"done_on": "2024-08-20"})
    browser.post(f"{where}conclude/", {"on": "2024-08-20"})
    assert "Selesai 20 Agustus 2024.</p>" in browser.get(where).content.decode()
    assert ReadLog.objects.filter(subject_id=str(case.child_id)).exists()


def listed(browser: Client, address: str) -> int:
    return browser.get(address).content.decode().count("follow__name")


def test_an_officer_lists_names_of_many_villages_with_a_reason_as_cases_are(
    officer: User, audit: CaseAudit, village: Village, health_worker: User
) -> None:
    browser = signed_in(officer)
    assert listed(browser, "/audits/") == 0
    assert browser.get("/audits/?reason=").status_code == 422
    assert listed(browser, "/audits/?reason=audit kasus stunting") == 1
    assert listed(browser, f"/audits/?place={village.pk}") == 1
    assert listed(signed_in(health_worker), "/audits/") == 1
    assert ReadLog.objects.filter(user=officer, reason="audit kasus stunting").exists()
    elsewhere = make_village("33.01.01.2002", "Bumireja")
    assert listed(browser, f"/audits/?place={elsewhere.pk}") == 0


def test_the_list_is_a_file_with_a_decision_a_row_and_is_logged(
    health_worker: User, audit: CaseAudit
) -> None:
    decide(health_worker, audit)
    decide(health_worker, audit, text="PMT")
    answer = signed_in(health_worker).post("/audits/", {"table": "audits", "format": "csv"})
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3
    assert "Jamban keluarga" in rows[1]
    log = ExportLog.objects.get()
    assert (log.page, log.rows, log.children) == ("audits", 2, 1)


def test_audits_of_other_children_stay_out_of_sight(audit: CaseAudit, cadre: User) -> None:
    stranger = make_user(Role.PUSKESMAS, make_puskesmas("Lain"), "lain")
    assert signed_in(stranger).get(f"/audits/{audit.pk}/").status_code == 404
    assert signed_in(cadre).get(f"/audits/{audit.pk}/").status_code == 404
    with pytest.raises(NotFound):
        conclude_audit(by=cadre, audit_id=audit.pk, on=TODAY)
    assert signed_in(stranger).get(f"/cases/{uuid4()}/audit/").status_code == 404
    assert Child.objects.count() == 1
