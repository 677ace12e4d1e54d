"""The log of what was put right: who, when, why, what stood before, and none of it readable in the table."""

from __future__ import annotations

import pytest
from django.db import connection

from registry.actions.change_log import FieldChange, log_changes
from registry.models import ChangeLog, ChangeSubject, User

pytestmark = pytest.mark.django_db


def test_changes_of_one_action_share_their_moment_and_who_and_why(cadre: User) -> None:
    changes = [
        FieldChange(ChangeSubject.CHILD, "a-child", "name", "Siti", "Sitti"),
        FieldChange(ChangeSubject.CHILD, "a-child", "rt", "01", "01"),
        FieldChange(ChangeSubject.CHILD, "a-child", "parent_name", "", "Bu A"),
    ]
    at = log_changes(changes, by=cadre, reason="akta kelahiran")
    found = ChangeLog.objects.filter(subject=ChangeSubject.CHILD, subject_id="a-child").order_by("pk")
    assert [(row.field, row.values) for row in found] == [
        ("name", ("Siti", "Sitti")),
        ("parent_name", ("", "Bu A")),
    ]
    assert {(row.by, row.at, row.reason) for row in found} == {(cadre, at, "akta kelahiran")}


def test_no_value_stands_readable_in_the_table(cadre: User) -> None:
    log_changes([FieldChange(ChangeSubject.CHILD, "a-child", "name", "Siti", "Sitti")], by=cadre)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registry_changelog")
        assert "Sit" not in str(cursor.fetchall())
