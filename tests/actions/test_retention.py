"""Records whose term is over no longer say who the child is, anywhere; every figure stays."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client

from registry.actions import (
    close_child,
    correct_measurement,
    merge_children,
    record_measurement,
    update_child,
    void_measurement,
)
from registry.actions.identity import identity_of
from registry.actions.retention import list_expired, pseudonymise_expired
from registry.actions.undo_log import ImportChanges
from registry.errors import Conflict, NotFound
from registry.models import (
    ChangeLog,
    Child,
    ChildStatus,
    Consent,
    Measurement,
    MergedChild,
    ReadLog,
    Role,
    RowDecision,
    Source,
    Upload,
    User,
    VillageMonth,
)
from registry.nik import InvalidToken, nik_hash, unseal_bytes
from tests.actions.figures import wrong_figures
from tests.factories import agree, make_child, make_user, make_village, measure, seen, signed_in

pytestmark = pytest.mark.django_db

NIK = "3301025403210001"
SECRETS = ["Zulaikha", "Zuleha", "Martoyo", "Jalan Kenanga 7", NIK, "Rt telu", "Bu Tumini", "cucu Pak Lurah"]
"""What says who the child is: names, parents, address, NIK, and free texts."""


@pytest.fixture(autouse=True)
def _one_year(settings: object) -> None:
    settings.RETENTION_YEARS = 1  # type: ignore[attr-defined]


@pytest.fixture
def child() -> Child:
    """One that left on 1 July 2023, with something in every table that may name it."""
    village = make_village()
    by = make_user(Role.MIDWIFE, village)
    child = make_child(
        by,
        village,
        name="Zulaikha",
        birth_date=date(2022, 3, 14),
        nik=NIK,
        parent_name="Martoyo",
        address="Jalan Lama",
        rt="003",
    )
    right = replace(identity_of(child), address="Jalan Kenanga 7")
    update_child(by=by, child_id=child.pk, identity=right, reason="Rt telu pindah")
    measure(child, date(2023, 3, 6), "8.4", "72.5", confirmed=True)
    wrong = measure(child, date(2023, 4, 5), "9.4", "73.5", confirmed=True).measurement
    correct_measurement(
        by=by,
        id=uuid4(),
        measurement_id=wrong.pk,
        observation=seen(date(2023, 4, 5), "8.7", "73.5"),
        reason="cucu Pak Lurah",
        confirmed=True,
    )
    void = measure(child, date(2023, 5, 5), "9.9", "74.5", confirmed=True).measurement
    void_measurement(by=by, measurement_id=void.pk, reason="Itu Zuleha")
    agree(child, date(2023, 3, 6), name="Bu Tumini")
    other = make_child(by, village, name="Zuleha", birth_date=date(2022, 3, 14), parent_name="Martoyo")
    merge_children(by=by, kept_id=child.pk, merged_id=other.pk, reason="Zuleha juga")
    child.refresh_from_db()
    close_child(by=by, child_id=child.pk, status=ChildStatus.MOVED, on=date(2023, 7, 1), reason="Rt telu")
    ReadLog.objects.create(
        user=by, day=date(2023, 6, 1), subject="child", subject_id=str(child.pk), reason="Bu Tumini bertanya"
    )
    RowDecision.objects.create(key="0" * 64, choice="same_as", child=child.pk, user=by)
    changes = ImportChanges()
    changes.fill(child.pk, {"address": "Jalan Kenanga 7"})
    Upload.objects.create(user=by, file_name="a.csv", sha256="0" * 64, changes_sealed=changes.seal())
    child.refresh_from_db()
    return child


def texts_of_the_database() -> Iterator[tuple[str, str]]:
    """Every value of every column of every table as text, what is sealed also unsealed."""
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            for field in model._meta.concrete_fields:
                value = getattr(row, field.attname)
                where = f"{model._meta.label}.{field.name}"
                if isinstance(value, (bytes, memoryview)):
                    value = bytes(value).decode("latin-1")
                text = (
                    json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)
                )
                yield where, text
                for token in re.findall(r"gAAAA[\w-]{60,}={0,2}", text):
                    try:
                        yield f"{where} (sealed)", opened(token)
                    except InvalidToken:
                        continue


def opened(token: str) -> str:
    """What a token holds, and what tokens in it hold."""
    text = unseal_bytes(token.encode()).decode()
    return text + "".join(opened(inner) for inner in re.findall(r"gAAAA[\w-]{60,}={0,2}", text))


def places_of_secrets(also: list[str]) -> set[str]:
    wanted = [secret.lower() for secret in (*SECRETS, *also)]
    return {where for where, text in texts_of_the_database() if any(one in text.lower() for one in wanted)}


def run() -> int:
    return sum(pseudonymise_expired(by=None))


def test_nothing_in_the_database_says_who_it_was(child: Child) -> None:
    digests = [str(nik_hash(NIK)), child.entry_digest]
    before = places_of_secrets(digests)
    assert {
        "registry.Child.name",
        "registry.Child.nik_sealed (sealed)",
        "registry.Child.nik_hash",
        "registry.Child.entry_digest",
        "registry.Child.search_words",
        "registry.Child.sort_name",
        "registry.Child.parent_name",
        "registry.Child.address",
        "registry.ChangeLog.values_sealed (sealed)",
        "registry.ChangeLog.reason",
        "registry.Measurement.reason",
        "registry.MergedChild.snapshot_sealed (sealed)",
        "registry.Consent.person_name",
        "registry.ReadLog.reason",
        "registry.Upload.changes_sealed (sealed)",
    } <= before
    assert run() == 1
    assert places_of_secrets(digests) == set()
    dump = "".join(serializers.serialize("json", model._base_manager.all()) for model in apps.get_models())
    assert not [secret for secret in SECRETS if secret.lower() in dump.lower()]
    assert not RowDecision.objects.exists()


def test_figures_and_measurements_are_as_before(child: Child) -> None:
    figures = list(VillageMonth.objects.order_by("pk").values())
    measured = [
        model_values(one, but={"reason"}) for one in Measurement.objects.filter(child=child).order_by("pk")
    ]
    assert figures
    assert wrong_figures() == []
    run()
    assert wrong_figures() == []
    assert list(VillageMonth.objects.order_by("pk").values()) == figures
    assert [
        model_values(one, but={"reason"}) for one in Measurement.objects.filter(child=child).order_by("pk")
    ] == measured


def model_values(row: models.Model, but: set[str]) -> dict[str, object]:
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in but
    }


def test_what_stays_of_the_child(child: Child) -> None:
    run()
    kept = Child.objects.get(pk=child.pk)
    assert (kept.name, kept.birth_date, kept.sex, kept.village) == (
        f"Anak {child.pk.hex[:8]}",
        date(2022, 3, 14),
        child.sex,
        child.village,
    )
    assert (kept.status, kept.status_date) == (ChildStatus.MOVED, date(2023, 7, 1))
    assert kept.pseudonymised_at is not None
    assert [one.on for one in Consent.objects.filter(child=kept)] == [date(2023, 3, 6)]
    assert MergedChild.objects.get().kept == kept


@pytest.mark.parametrize(
    ("born", "left", "is_over"),
    [
        (date(2022, 3, 14), date(2023, 8, 15), True),
        (date(2022, 3, 14), date(2023, 8, 16), False),
        (date(2018, 8, 15), None, True),
        (date(2018, 8, 16), None, False),
        (date(2018, 8, 15), date(2024, 1, 5), True),
    ],
)
def test_the_term_begins_when_the_child_leaves_or_turns_five(
    born: date, left: date | None, is_over: bool
) -> None:
    """Today is 15 August 2024, the term one year."""
    child = make_child(birth_date=born)
    if left:
        close_child(by=child.created_by, child_id=child.pk, status=ChildStatus.MOVED, on=left)
    assert list_expired().exists() is is_over


def test_a_child_whose_term_runs_keeps_everything(child: Child) -> None:
    living = make_child(child.created_by, name="Budi", parent_name="Tukiman", birth_date=date(2023, 1, 2))
    row = Child.objects.filter(pk=living.pk).values().get()
    logs = ChangeLog.objects.filter(subject_id=str(living.pk)).count()
    run()
    assert Child.objects.filter(pk=living.pk).values().get() == row
    assert ChangeLog.objects.filter(subject_id=str(living.pk)).count() == logs


def test_a_second_run_does_nothing(child: Child) -> None:
    assert run() == 1
    rows = Child.objects.filter(pk=child.pk).values().get()
    logs = ChangeLog.objects.count()
    assert run() == 0
    assert Child.objects.filter(pk=child.pk).values().get() == rows
    assert ChangeLog.objects.count() == logs


def test_it_goes_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.actions.retention._AT_ONCE", 2)
    village = make_village()
    by = make_user(Role.MIDWIFE, village)
    for number in range(5):
        make_child(by, village, name=f"Anak {number}", birth_date=date(2018, 1, 2))
    assert list(pseudonymise_expired(by=by)) == [2, 2, 1]


def test_the_record_cannot_change_any_more(child: Child) -> None:
    run()
    by: User = child.created_by
    kept = Child.objects.get(pk=child.pk)
    with pytest.raises(Conflict) as refused:
        update_child(by=by, child_id=kept.pk, identity=identity_of(kept), reason="x")
    assert refused.value.code == "pseudonymised"
    with pytest.raises(Conflict):
        agree(kept, date(2023, 3, 6))
    with pytest.raises(NotFound):
        record_measurement(
            by=by,
            id=uuid4(),
            child_id=kept.pk,
            observation=seen(date(2023, 6, 5), "9.0", "76.0"),
            source=Source.FORM,
        )


def test_neither_the_api_nor_a_phone_records_one(child: Child) -> None:
    run()
    client = signed_in(child.created_by)
    entry = {"id": str(uuid4()), "child": str(child.pk), "measured_on": "2023-06-05", "weight_kg": "9.0"}
    one = client.post("/api/v1/measurements/", entry, content_type="application/json")
    assert 400 <= one.status_code < 500
    sent = {"items": [{"measurement": entry}]}
    client.post("/api/v1/measurements/batch/", sent, content_type="application/json")
    assert not Measurement.objects.filter(pk=UUID(entry["id"])).exists()


def test_its_page_says_so_and_offers_nothing(child: Child) -> None:
    run()
    client: Client = signed_in(child.created_by)
    page = client.get(f"/children/{child.pk}/").content.decode()
    assert "Masa simpan catatan ini sudah lewat." in page
    assert f"/children/{child.pk}/edit/" not in page
    assert f"/children/{child.pk}/measure/" not in page
    assert f"/children/{child.pk}/consent/" not in page
    assert "Bukan anak yang sama" not in page
    assert client.get(f"/children/{child.pk}/record/").status_code == 200


def call(*options: str) -> str:
    out = io.StringIO()
    call_command("retention", *options, stdout=out)
    return out.getvalue()


def test_a_dry_run_counts_without_names_and_changes_nothing(child: Child) -> None:
    said = call("--dry-run")
    assert "1 anak melewati masa simpan 1 tahun" in said
    assert "moved: 1" in said
    assert "Zulaikha" not in said
    assert Child.objects.get(pk=child.pk).name == "Zulaikha"


def test_the_command_says_what_it_did_and_who_is_logged(child: Child) -> None:
    admin = make_user(Role.ADMIN, username="bu-admin")
    said = call("--as", "bu-admin")
    assert "1 anak dipseudonimkan." in said
    assert "Zulaikha" not in said
    log = ChangeLog.objects.get(field="pseudonymised")
    assert (log.by, log.subject_id) == (admin, str(child.pk))


@pytest.mark.usefixtures("child")
def test_nobody_in_whose_name_it_runs_is_refused() -> None:
    with pytest.raises(CommandError):
        call()
    assert Child.objects.filter(name="Zulaikha").exists()
