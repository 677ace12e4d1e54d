"""What the night job erases: files and merged records whose time is over, and no others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from registry.actions.uploads import create_upload
from registry.models import MergedChild, Upload
from tests.factories import make_cadre, make_child

pytestmark = pytest.mark.django_db


def test_an_old_merge_is_erased_in_the_night_and_a_younger_one_stays() -> None:
    cadre = make_cadre()
    kept = make_child(cadre)
    for number, days in ((1, 31), (2, 29)):
        MergedChild.objects.create(
            id=f"00000000-0000-4000-8000-00000000000{number}",
            kept=kept,
            snapshot_sealed=b"sealed",
            by=cadre,
            at=timezone.now() - timedelta(days=days),
        )
    call_command("erase_old")
    left = [bytes(row.snapshot_sealed) for row in MergedChild.objects.order_by("id")]
    assert left == [b"", b"sealed"]


def test_old_files_of_everybody_are_erased_in_the_night_and_younger_ones_stay() -> None:
    cadre = make_cadre()
    now = timezone.now()
    waiting = {days: create_upload(by=cadre, file_name=f"{days}.csv", content=b"nama") for days in (6, 8)}
    imported = create_upload(by=cadre, file_name="imported.csv", content=b"")
    for days, upload in waiting.items():
        Upload.objects.filter(pk=upload.pk).update(created_at=now - timedelta(days=days))
    Upload.objects.filter(pk=imported.pk).update(
        created_at=now - timedelta(days=9), committed_at=now - timedelta(days=8), report_sealed=b"rows"
    )
    call_command("erase_old")
    assert set(Upload.objects.values_list("file_name", flat=True)) == {"6.csv", "imported.csv"}
    imported.refresh_from_db()
    assert bytes(imported.report_sealed) == b""
