"""Every field of every table is in the record of processing: as somebody's data, or as nobody's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.apps import apps

FILE = Path(__file__).resolve().parents[1] / "docs" / "processing-record.md"
RENEW = "RENEW_RECORD=1 script/test --sqlite tests/test_processing_record.py"
_HEADING = "| table | whose | their data | term | other fields |\n|---|---|---|---|---|\n"

CHILD, STAFF = "child, parent", "user"
MOTHER = "pregnant woman, mother, or who else services are for"
TERM = "`RETENTION_YEARS`"
STAYS = "stays: who did what is proof"


@dataclass(frozen=True)
class Processed:
    """A table: whose data, which fields hold them, how long; and the fields that say nothing of anybody."""

    whose: str
    personal: str
    term: str
    rest: str = ""


TABLES = {
    "registry.Child": Processed(
        CHILD,
        "id nik_sealed nik_hash entry_digest name sort_name search_words sex birth_date birth_date_basis"
        " gestation_weeks birth_weight_kg birth_length_cm parent_name village posyandu rt rw address"
        " growth_book status status_date created_at created_by",
        f"{TERM}; birth date, sex, places and status stay, pseudonymous",
        "pseudonymised_at upload",
    ),
    "registry.Residence": Processed(CHILD, "child village since until", "stays, pseudonymous", "id"),
    "registry.Measurement": Processed(
        f"{CHILD}, {STAFF}",
        "id child village measured_on weight_kg lenhei_cm position muac_cm head_cm oedema age_days clenhei_cm"
        " position_disbelieved haz waz whz baz hcz acz haz_flag waz_flag whz_flag baz_flag hcz_flag acz_flag"
        " gain confirmed_doubts recorded_by received_at client_time state reason voided_by voided_at",
        f"stays, pseudonymous; `reason`: {TERM}",
        "source upload supersedes",
    ),
    "registry.Consent": Processed(
        f"{CHILD}, {STAFF}",
        "child kind text on person_name relation method recorded_by recorded_at",
        f"stays; `person_name`: {TERM}",
        "id",
    ),
    "registry.MergedChild": Processed(
        f"{CHILD}, {STAFF}",
        "id kept entry_digest snapshot_sealed by at",
        "the snapshot 30 days, the digest " + TERM,
    ),
    "registry.ChangeLog": Processed(
        f"{CHILD}, {STAFF}",
        "subject subject_id field values_sealed by at reason",
        f"stays; values and reasons of a child: {TERM}",
        "id",
    ),
    "registry.ReadLog": Processed(
        f"{CHILD}, {STAFF}",
        "user day at subject subject_id path reason",
        f"stays; reasons of a child: {TERM}",
        "id",
    ),
    "registry.RowDecision": Processed(
        f"{CHILD}, {STAFF}", "key choice child day user made_at", f"{TERM} where a child is named", "id"
    ),
    "registry.Upload": Processed(
        f"{CHILD}, {MOTHER}, {STAFF}",
        "user file_name sha256 content_sealed created_at report_sealed changes_sealed answers summary problem"
        " committed_at taken_back_at taken_back_by",
        f"file and report a week; `changes_sealed` until taken back, at most {TERM}",
        "id kind step moved_at problem_code answered_at",
    ),
    "registry.UploadPlan": Processed(CHILD, "sealed", "with its file, a week", "upload state"),
    "registry.ExportLog": Processed(
        STAFF,
        "user at kind page form place_code month_from month_to unmasked reason",
        STAYS,
        "id district rows children withheld",
    ),
    "registry.QualityMonth": Processed(
        STAFF,
        "recorder grade points reasons",
        "stays: figures of a month",
        "id village month posyandu count possible graded_at",
    ),
    "registry.ColumnMapping": Processed(
        STAFF, "user", "until it is deleted", "id name district columns header_row created_at"
    ),
    "registry.User": Processed(
        STAFF,
        "id password last_login username email full_name is_active date_joined must_change_password"
        " is_superuser is_staff",
        STAYS,
    ),
    "registry.Membership": Processed(
        STAFF, "user role district kecamatan puskesmas village since until", STAYS, "id"
    ),
    "registry.User_groups": Processed(STAFF, "user group", "with the account", "id"),
    "registry.User_user_permissions": Processed(STAFF, "user permission", "with the account", "id"),
    "kpm.Cadre": Processed(
        "KPM",
        "village full_name sex phone user musyawarah_desa_date decree_number decree_date term_start term_end"
        " handed_over_on handover_note",
        "stays: appointments of the village",
        "id",
    ),
    "kpm.Case": Processed(
        CHILD,
        "id child village lives_in kind reason worst urgency since opened_on closed_on outcome found_on spell"
        " visited_on referred_on arrived_on treated_on waiting_since waiting_for",
        "stays, pseudonymous; follows from measurements and steps",
    ),
    "kpm.CaseStep": Processed(
        f"{CHILD}, {STAFF}",
        "id child kind action referred_to on note by recorded_at taken_back_by taken_back_at",
        f"stays, pseudonymous; `note`: {TERM}",
    ),
    "kpm.CaseAudit": Processed(
        f"{CHILD}, {STAFF}",
        "child kind found_on chosen_on reason by concluded_on taken_back_by taken_back_at",
        f"stays, pseudonymous; `reason`: {TERM}",
        "id",
    ),
    "kpm.MoveRequest": Processed(
        f"{CHILD}, {STAFF}",
        "child from_village to_village moved_on by recorded_at answer answered_by answered_at",
        "stays, pseudonymous",
        "id",
    ),
    "kpm.AuditCause": Processed(
        f"{CHILD}, {STAFF}",
        "audit package contributes note by recorded_at",
        f"stays, pseudonymous; `note`: {TERM}",
        "id",
    ),
    "kpm.AuditDecision": Processed(
        f"{CHILD}, {STAFF}",
        "audit text responsible due_on done_on by recorded_at",
        f"days stay, pseudonymous; `text`, `responsible`: {TERM}",
        "id",
    ),
    "kpm.Beneficiary": Processed(
        f"{MOTHER}, {STAFF}",
        "id group name birth_date last_period village household rt rw ended_on ended_by created_by"
        " created_at",
        f"days and group stay, pseudonymous; `name`, `birth_date`, `rt`, `rw`: {TERM}",
    ),
    "kpm.BeneficiaryStay": Processed(MOTHER, "beneficiary village since until", "stays", "id"),
    "kpm.Household": Processed(f"{CHILD}, {MOTHER}", "id village created_at", "stays, names nobody"),
    "kpm.HouseholdChild": Processed(
        f"{CHILD}, {MOTHER}", "child household born_of added_at", "stays, pseudonymous", "id"
    ),
    "kpm.ServiceRecord": Processed(
        f"{CHILD}, {MOTHER}, {STAFF}",
        "id child beneficiary service quantity out_of on by recorded_at taken_back_by taken_back_at",
        "stays, pseudonymous",
    ),
    "kpm.ConditionRecord": Processed(
        f"{CHILD}, {MOTHER}, {STAFF}",
        "id household child beneficiary condition is_met on by recorded_at taken_back_by taken_back_at",
        "stays, pseudonymous",
    ),
    "kpm.Scorecard": Processed(
        STAFF,
        "published_by published_on",
        "stays: figures of a quarter",
        "id village year quarter people cells",
    ),
    "kpm.Attendance": Processed("KPM", "event cadre", "stays with the event", "id"),
    "kpm.Event_invited": Processed("KPM", "event cadre", "stays with the event", "id"),
    "kpm.EventDecision": Processed(
        "whom it names", "text responsible outcome", "stays with the event", "id event due_on done_on"
    ),
    "kpm.EventMaterial": Processed(
        STAFF,
        "file_name content_sealed uploaded_by uploaded_at taken_back_at",
        "stays with the event; a file taken back loses its content",
        "id event size",
    ),
    "admin.LogEntry": Processed(
        STAFF,
        "action_time user object_id object_repr change_message",
        STAYS,
        "id content_type action_flag",
    ),
    "sessions.Session": Processed(STAFF, "session_key session_data expire_date", "14 days"),
    "knox.AuthToken": Processed(STAFF, "digest token_key user created expiry", "until it expires"),
    "axes.AccessAttempt": Processed(
        STAFF,
        "user_agent ip_address username http_accept path_info attempt_time get_data post_data",
        "a week",
        "id failures_since_start",
    ),
    "axes.AccessFailureLog": Processed(
        STAFF, "user_agent ip_address username http_accept path_info attempt_time", "a week", "id locked_out"
    ),
    "axes.AccessLog": Processed(
        STAFF,
        "user_agent ip_address username http_accept path_info attempt_time logout_time session_hash",
        "30 days",
        "id",
    ),
    "account.EmailAddress": Processed(STAFF, "user email", "with the account", "id verified primary"),
    "account.EmailConfirmation": Processed(STAFF, "email_address key", "not used", "id created sent"),
    "mfa.Authenticator": Processed(
        STAFF, "user type data created_at last_used_at", "until its user or an administrator removes it", "id"
    ),
    "django_tasks_database.DBTaskResult": Processed(
        STAFF,
        "args_kwargs return_value traceback",
        "ids of files alone",
        "id status enqueued_at started_at finished_at priority task_path worker_ids queue_name backend_name"
        " run_after exception_class_path",
    ),
}
"""The tables that hold somebody's data."""

OF_NOBODY = {
    "registry.District": "code name",
    "registry.Kecamatan": "code name district",
    "registry.Puskesmas": "id name kecamatan",
    "registry.Village": (
        "code name kind kecamatan puskesmas latitude longitude calendar_serial has_community_page"
    ),
    "registry.FormerVillageCode": "code village changed_on",
    "registry.Posyandu": "id village name key day_of_month nth_weekday",
    "registry.Boundary": "code geometry source",
    "registry.ConsentText": "id version since text text_en",
    "registry.CountedMonth": "month opened_at",
    "registry.VillageMonth": (
        "id village month sex age_group registered measured haz_believed stunted severely_stunted"
        " waz_believed underweight severely_underweight whz_believed wasted severely_wasted overweight gained"
        " not_gained not_before first twice_not_gained missed_twice late"
    ),
    "registry.HeightSpread": "id village month count total squares bins",
    "registry.NikHashKey": "id fingerprint changed_at",
    "registry.Target": "id district year indicator percent source",
    "registry.SurveyEstimate": "id district year survey indicator percent source",
    "kpm.LokusVillage": "id year village decree_number decree_date",
    "kpm.GroupInUse": "id district group since",
    "kpm.ScorecardRule": (
        "id since weeks_due tablets_a_month tablets pregnancy_days postnatal_visits postnatal_days"
        " height_months lessons_percent"
    ),
    "kpm.Event": "id kind title date end_date place topic agenda village",
    "auth.Permission": "id name content_type codename",
    "auth.Group_permissions": "id group permission",
    "auth.Group": "id name",
    "contenttypes.ContentType": "id app_label model",
    "axes.AccessAttemptExpiration": "access_attempt expires_at",
}
"""Tables of places, figures, texts and the framework. A small count tells of people: pages hide it."""


def fields_by_table() -> dict[str, set[str]]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.label: {field.name for field in model._meta.concrete_fields} for model in models}


def make_tables() -> str:
    rows = [
        f"| `{label}` | {one.whose} | {one.personal.replace(' ', ', ')} | {one.term} |"
        f" {one.rest.replace(' ', ', ') or '–'} |\n"
        for label, one in TABLES.items()
    ]
    rows += [
        f"| `{label}` | nobody | – | stays | {names.replace(' ', ', ')} |\n"
        for label, names in OF_NOBODY.items()
    ]
    return _HEADING + "".join(rows)


def test_every_table_is_in_the_record_once() -> None:
    assert not TABLES.keys() & OF_NOBODY.keys()
    assert TABLES.keys() | OF_NOBODY.keys() == fields_by_table().keys()


@pytest.mark.parametrize("label", [*TABLES, *OF_NOBODY])
def test_every_field_is_somebodys_data_or_nobodys(label: str) -> None:
    known = TABLES.get(label) or Processed("", "", "", OF_NOBODY.get(label, ""))
    named = [*known.personal.split(), *known.rest.split()]
    assert len(named) == len(set(named))
    assert set(named) == fields_by_table()[label], f"say whose data it is here, then {RENEW}"


@pytest.mark.parametrize("label", TABLES)
def test_somebodys_data_have_a_term(label: str) -> None:
    assert TABLES[label].personal
    assert TABLES[label].term


def test_the_page_says_what_the_list_says() -> None:
    text = FILE.read_text(encoding="utf-8")
    above, _heading, _rows = text.partition(_HEADING)
    if os.environ.get("RENEW_RECORD") == "1":
        FILE.write_text(above + make_tables(), encoding="utf-8")
    assert FILE.read_text(encoding="utf-8").endswith(make_tables()), f"if that is meant: {RENEW}"
