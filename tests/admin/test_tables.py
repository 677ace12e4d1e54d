"""Every table opens in the admin, nothing measured can be changed there, no NIK is whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kpm.models import (
    AuditCause,
    AuditDecision,
    Beneficiary,
    BeneficiaryStay,
    Case,
    CaseAudit,
    CaseStep,
    ConditionRecord,
    EventDecision,
    EventMaterial,
    Household,
    HouseholdChild,
    MoveRequest,
    Scorecard,
    ServiceRecord,
)
from registry.actions.change_log import FieldChange, log_changes
from registry.models import (
    Boundary,
    ChangeLog,
    ChangeSubject,
    Child,
    ColumnMapping,
    Consent,
    CountedMonth,
    ExportLog,
    FormerVillageCode,
    HeightSpread,
    Measurement,
    MergedChild,
    NikHashKey,
    QualityMonth,
    ReadLog,
    Residence,
    Role,
    RowDecision,
    Upload,
    User,
    Village,
    VillageMonth,
)
from registry.models.upload import UploadPlan
from tests.admin.conftest import NIK
from tests.admin.pages import address
from tests.factories import make_child, make_user, make_village, measure

pytestmark = pytest.mark.django_db

EVERY = sorted(admin.site._registry, key=lambda model: model._meta.label)
OF_REGISTER = [model for model in EVERY if model._meta.app_label == "registry"]
VIEW_ONLY = [
    AuditCause,
    AuditDecision,
    Beneficiary,
    BeneficiaryStay,
    Boundary,
    Case,
    CaseAudit,
    CaseStep,
    ChangeLog,
    Child,
    ColumnMapping,
    ConditionRecord,
    Consent,
    CountedMonth,
    EventDecision,
    EventMaterial,
    ExportLog,
    FormerVillageCode,
    HeightSpread,
    Household,
    HouseholdChild,
    Measurement,
    MergedChild,
    MoveRequest,
    QualityMonth,
    ReadLog,
    Residence,
    RowDecision,
    Scorecard,
    ServiceRecord,
    Upload,
    VillageMonth,
]


def test_the_log_says_here_what_was_changed_of_a_place_and_never_what_of_a_child(
    site: Client, child: Child
) -> None:
    log_changes(
        [FieldChange(ChangeSubject.VILLAGE, "33.01.02.2016", "name", "Kuripan", "Kuripan Lor")], by=None
    )
    of_child, of_place = ChangeLog.objects.order_by("subject")
    assert "Anak X" not in site.get(address(ChangeLog, "change", of_child.pk)).content.decode()
    assert "Kuripan → Kuripan Lor" in site.get(address(ChangeLog, "change", of_place.pk)).content.decode()


def first_of(model: type[Model]) -> Model:
    found = model._default_manager.first()
    assert found is not None, f"the fixture makes no {model._meta.label}"
    return found


def test_every_table_of_the_register_is_in_the_admin_but_what_only_programs_read() -> None:
    """The sealed plans of files, and the fingerprint of the key of NIK, which a command writes."""
    only_programs = {UploadPlan, NikHashKey}
    assert set(apps.get_app_config("registry").get_models()) - only_programs == set(OF_REGISTER)


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model._meta.label)
def test_the_list_opens_and_can_be_searched(site: Client, child: Child, model: type[Model]) -> None:
    assert site.get(address(model, "changelist")).status_code == 200
    assert site.get(address(model, "changelist"), {"q": "kesugihan"}).status_code == 200


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model._meta.label)
def test_no_search_looks_for_a_persons_name_or_phone(model: type[Model]) -> None:
    """What is searched for stands in the address, which is logged."""
    looked_in = [field.rpartition("__")[2] for field in admin.site.get_model_admin(model).search_fields]
    assert not {"full_name", "parent_name", "phone", "nik_hash"} & set(looked_in)
    assert model is not Child or "name" not in looked_in


@pytest.mark.parametrize("model", EVERY, ids=lambda model: model._meta.label)
def test_the_form_for_a_new_row_opens_where_rows_may_be_added(site: Client, model: type[Model]) -> None:
    view_only = model in VIEW_ONLY or model._meta.app_label in ("axes", "django_tasks_database")
    expected = 403 if view_only else 200
    assert site.get(address(model, "add")).status_code == expected


@pytest.mark.parametrize("model", VIEW_ONLY, ids=lambda model: model._meta.label)
def test_what_actions_write_is_neither_changed_nor_deleted(
    site: Client, child: Child, model: type[Model]
) -> None:
    row = first_of(model)
    before = model._default_manager.filter(pk=row.pk).values().get()
    assert site.post(address(model, "change", row.pk), {"name": "Lain", "state": "void"}).status_code == 403
    assert site.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    site.post(
        address(model, "changelist"), {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"}
    )
    assert model._default_manager.filter(pk=row.pk).values().get() == before


@pytest.mark.parametrize("model", OF_REGISTER, ids=lambda model: model._meta.label)
def test_list_and_row_show_no_whole_nik_or_hash(site: Client, child: Child, model: type[Model]) -> None:
    for page in (address(model, "changelist"), address(model, "change", first_of(model).pk)):
        answer = site.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert NIK not in text
        assert str(child.nik_hash) not in text
        assert child.nik_sealed not in text


def test_a_child_shows_its_nik_masked(site: Client, child: Child) -> None:
    assert "33010***********" in site.get(address(Child, "change", child.pk)).content.decode()


def test_a_nik_whose_key_is_lost_is_said_to_be_unreadable(site: Client, child: Child) -> None:
    Child.objects.update(nik_sealed="gAAAAA-not-ours")
    page = site.get(address(Child, "change", child.pk))
    assert "tidak dapat dibaca" in page.content.decode()


@pytest.mark.parametrize("model", [Child, Residence, Measurement], ids=lambda model: model._meta.label)
def test_children_are_listed_of_one_village_or_child_and_never_by_a_name(
    site: Client, child: Child, model: type[Model]
) -> None:
    elsewhere = make_child(village=make_village("33.01.02.2003", "Slarang"), name="Budi")
    measure(elsewhere, date(2024, 6, 12), "11.3")
    for typed, found in (
        ("", []),
        ("siti", []),
        (child.village_id, [child.name]),
        (str(elsewhere.pk), [elsewhere.name]),
    ):
        text = site.get(address(model, "changelist"), {"q": typed}).content.decode()
        assert [name for name in (child.name, elsewhere.name) if f">{name}<" in text] == found


@pytest.mark.parametrize("model", [Child, Residence, Measurement], ids=lambda model: model._meta.label)
def test_a_superuser_without_membership_sees_nobody(client: Client, child: Child, model: type[Model]) -> None:
    client.force_login(User.objects.create_superuser("teknisi", password="a-long-test-password"))
    assert child.name not in client.get(address(model, "changelist")).content.decode()
    assert client.get(address(model, "change", first_of(model).pk)).status_code == 302


@pytest.mark.parametrize("role", [Role.CADRE, Role.MIDWIFE])
def test_the_admin_is_closed_to_the_people_of_the_field(client: Client, role: Role) -> None:
    client.force_login(make_user(role, make_village()))
    assert client.get(address(Child, "changelist")).status_code == 302


def test_the_content_of_an_upload_is_not_even_read(site: Client, child: Child) -> None:
    pages = [address(Upload, "changelist"), address(Upload, "change", first_of(Upload).pk)]
    with CaptureQueriesContext(connection) as queries:
        for page in pages:
            assert site.get(page).status_code == 200
    assert not [query for query in queries if "content_sealed" in query["sql"]]


def queries_of(site: Client, page: str) -> int:
    site.get(page)  # whatever the first visit alone asks for
    with CaptureQueriesContext(connection) as queries:
        assert site.get(page).status_code == 200
    return len(queries)


def add_children(count: int) -> None:
    """More children, each in a village of its own with a cadre, measured once."""
    known = Village.objects.count()
    for number in range(known, known + count):
        village = make_village(f"33.01.02.{2100 + number}", f"Desa {number}")
        measure(make_child(village=village, birth_date=date(2023, 9, 1)), date(2024, 6, 12), "7.9", "70.5")


def test_a_list_of_30_asks_no_more_than_a_list_of_3(site: Client, child: Child) -> None:
    add_children(2)
    with_3 = {model: queries_of(site, address(model, "changelist")) for model in OF_REGISTER}
    add_children(27)
    assert {model: queries_of(site, address(model, "changelist")) for model in OF_REGISTER} == with_3


def test_the_admin_speaks_indonesian(site: Client) -> None:
    page = site.get(reverse("admin:index")).content.decode()
    assert "Register gizi balita Cilacap: pengaturan" in page
    assert "Apa yang ingin diatur?" in page


def test_the_admin_holds_no_way_to_write_past_the_actions() -> None:
    """Guards the list above: a new page of the admin that may write is named here on purpose."""
    writable = {model._meta.model_name for model in OF_REGISTER if model not in VIEW_ONLY}
    assert writable == {
        "consenttext",  # new versions are added, old ones never change
        "district",
        "kecamatan",
        "membership",
        "posyandu",
        "puskesmas",
        "surveyestimate",
        "target",
        "user",
        "village",
    }


@pytest.mark.usefixtures("child")
def test_a_file_that_went_out_after_midnight_has_the_day_here() -> None:
    out = ExportLog.objects.get()
    out.at = datetime(2026, 11, 30, 17, 30, tzinfo=UTC)
    assert str(out) == "eppgbm 33.01 2026-12-01"
