"""Who administers the kabupaten, and one row in every table for the admin to show."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from kpm.models import (
    AuditCause,
    AuditDecision,
    Beneficiary,
    BeneficiaryStay,
    CaseAudit,
    CaseStep,
    ConditionRecord,
    Event,
    EventDecision,
    EventMaterial,
    GroupInUse,
    Household,
    HouseholdChild,
    LokusVillage,
    MoveRequest,
    Scorecard,
    ScorecardRule,
    ServiceRecord,
)
from registry.actions.change_log import FieldChange, log_changes
from registry.actions.grade import grade_month
from registry.models import (
    Boundary,
    ChangeSubject,
    Child,
    ColumnMapping,
    Consent,
    ConsentText,
    CountedMonth,
    ExportLog,
    FormerVillageCode,
    MergedChild,
    Posyandu,
    ReadLog,
    Role,
    RowDecision,
    SurveyEstimate,
    Target,
    Upload,
    User,
    VillageMonth,
)
from tests.factories import (
    make_cadre,
    make_child,
    make_district,
    make_puskesmas,
    make_user,
    make_village,
    measure,
)

NIK = "3301024109230002"


@pytest.fixture
def boss() -> User:
    """A superuser who administers the kabupaten."""
    return make_user(Role.ADMIN, make_district(), username="bu-admin")


@pytest.fixture
def site(client: Client, boss: User) -> Client:
    client.force_login(boss)
    return client


@pytest.fixture
def child(boss: User) -> Child:
    """One row in every table of the register."""
    village = make_village()
    make_puskesmas()
    Posyandu.objects.create(village=village, name="Melati I", key="MELATI 1")
    child = make_child(make_cadre(village), village, nik=NIK, birth_date=date(2023, 9, 1))
    measure(child, date(2024, 6, 12), "7.9", "70.5")
    Consent.objects.create(
        child=child,
        kind="given",
        text=ConsentText.objects.get(),
        on=date(2024, 6, 12),
        person_name="Ibu Contoh",
        relation="mother",
        method="signed",
        recorded_by=boss,
    )
    VillageMonth.objects.get_or_create(
        village=village, month=date(2024, 6, 1), sex=2, age_group="06-11", defaults={"registered": 1}
    )
    CountedMonth.objects.get_or_create(month=date(2024, 6, 1))
    ReadLog.objects.create(user=boss, day=date(2024, 6, 12), subject="child", subject_id=str(child.pk))
    Upload.objects.create(user=boss, file_name="juni.xlsx", sha256="0" * 64, content_sealed=b"sealed rows")
    ExportLog.objects.create(
        user=boss, kind="eppgbm", form="csv", district=make_district(), place_code="33.01", rows=1, children=1
    )
    RowDecision.objects.create(key="0" * 64, choice="new", user=boss)
    ColumnMapping.objects.create(
        name="Buku posyandu", district=make_district(), user=boss, columns={"name": 1}, header_row=2
    )
    Target.objects.create(district=make_district(), year=2024, percent="14")
    SurveyEstimate.objects.create(district=make_district(), year=2023, survey="ski", percent="18.5")
    log_changes([FieldChange(ChangeSubject.CHILD, child.pk, "name", child.name, "Anak X")], by=boss)
    MergedChild.objects.create(id=uuid4(), kept=child, by=boss)
    found = date(2024, 6, 12)
    audit = CaseAudit.objects.create(child=child, kind="stunting", found_on=found, chosen_on=found, by=boss)
    AuditCause.objects.create(audit=audit, package="kia", contributes=True, by=boss)
    AuditDecision.objects.create(
        audit=audit, text="Jamban", responsible="Kepala desa", due_on=date(2024, 9, 1), by=boss
    )
    MoveRequest.objects.create(
        child=child,
        from_village=village,
        to_village=make_village("33.01.02.2998", "Tujuan"),
        moved_on=date(2024, 6, 20),
        by=boss,
    )
    LokusVillage.objects.create(year=2024, village=village, decree_number="1", decree_date=date(2024, 1, 5))
    CaseStep.objects.create(id=uuid4(), child=child, action="visited", on=date(2024, 6, 20), by=boss)
    event = Event.objects.create(kind="musdes", title="Musdes", date=date(2024, 6, 20), village=village)
    EventDecision.objects.create(event=event, text="Sumur", responsible="Kepala desa")
    EventMaterial.objects.create(
        event=event, file_name="a.pdf", size=5, content_sealed=b"sealed", uploaded_by=boss
    )
    _make_services(child, boss)
    grade_month(date(2024, 6, 1))
    Boundary.objects.create(code=village.pk, geometry={"type": "Polygon", "coordinates": []})
    FormerVillageCode.objects.create(code="33.01.02.2999", village=village, changed_on=date(2024, 7, 1))
    return child


def _make_services(child: Child, boss: User) -> None:
    """One row in every table of services and scores."""
    village, june = child.village, date(2024, 6, 20)
    home = Household.objects.create(village=village)
    mother = Beneficiary.objects.create(
        id=uuid4(),
        group="pregnant",
        name="Wati",
        last_period=date(2024, 3, 1),
        village=village,
        household=home,
        created_by=boss,
    )
    BeneficiaryStay.objects.create(beneficiary=mother, village=village, since=date(2024, 3, 1))
    HouseholdChild.objects.create(child=child, household=home)
    ServiceRecord.objects.create(id=uuid4(), child=child, service="counselling", on=june, by=boss)
    ConditionRecord.objects.create(
        id=uuid4(), household=home, condition="latrine", is_met=True, on=june, by=boss
    )
    GroupInUse.objects.create(district=make_district(), group="teenage_girl", since=june)
    ScorecardRule.objects.create(since=june)
    Scorecard.objects.create(
        village=village, year=2024, quarter=1, published_on=june, published_by=boss, people=1
    )
