"""A parent's consent: rows that are added and never change, and which one holds."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from registry.actions import merge_children, record_consent, undo_merge, withdraw_consent
from registry.errors import Conflict, Invalid, NotFound
from registry.models import (
    ChangeLog,
    Child,
    Consent,
    ConsentMethod,
    ConsentText,
    ParentRelation,
    Role,
    User,
)
from tests.factories import agree, make_cadre, make_child, make_user, make_village, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def child() -> Child:
    return make_child(birth_date=date(2023, 3, 14))


def is_withdrawn(child: Child) -> bool:
    return Consent.objects.withdrawn().filter(child=child).exists()


def test_the_first_text_comes_with_the_program() -> None:
    text = ConsentText.objects.get()
    assert (text.version, text.since) == (1, date(2022, 10, 17))
    assert "mencabut" in text.text
    assert "withdraw" in text.text_en


def test_consent_and_withdrawal_are_rows_in_a_row(child: Child) -> None:
    agree(child, date(2024, 7, 3))
    assert not is_withdrawn(child)
    withdraw(child, date(2024, 8, 1))
    assert is_withdrawn(child)
    agree(child, date(2024, 8, 12))
    assert not is_withdrawn(child)
    rows = list(child.consents.values_list("kind", "on", "text__version", "relation", "method"))
    assert rows == [
        ("given", date(2024, 8, 12), 1, "mother", "signed"),
        ("withdrawn", date(2024, 8, 1), None, "mother", ""),
        ("given", date(2024, 7, 3), 1, "mother", "signed"),
    ]


def test_withdrawn_and_given_again_on_one_day_holds_as_said_last(child: Child) -> None:
    agree(child, date(2024, 7, 3))
    withdraw(child, date(2024, 7, 3))
    assert is_withdrawn(child)
    agree(child, date(2024, 7, 3))
    assert not is_withdrawn(child)


def test_the_same_again_adds_nothing(child: Child) -> None:
    assert agree(child, date(2024, 7, 3)) == agree(child, date(2024, 7, 3))
    assert withdraw(child, date(2024, 8, 1)) == withdraw(child, date(2024, 8, 1))
    assert Consent.objects.count() == 2


def test_both_are_in_the_change_log_without_the_name_of_who_said_it(child: Child) -> None:
    agree(child, date(2024, 7, 3), name="Sumarni")
    withdraw(child, date(2024, 8, 1), name="Sumarni")
    rows = ChangeLog.objects.filter(subject_id=str(child.pk), field="consent").order_by("pk")
    assert [row.values for row in rows] == [
        ("", "given 2024-07-03 mother signed 1"),
        ("given 2024-07-03 mother signed 1", "withdrawn 2024-08-01 mother"),
    ]
    assert {row.by for row in rows} == {child.created_by}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"on": date(2022, 10, 16)}, "consent_before_text"),
        ({"version": 2}, "consent_before_text"),
        ({"on": date(2023, 3, 13)}, "consent_before_birth"),
        ({"on": date(2100, 1, 1)}, "future"),
        ({"person_name": "  "}, "consent_name_missing"),
    ],
)
def test_what_cannot_be_is_refused(child: Child, changed: dict[str, Any], code: str) -> None:
    said = {"version": 1, "on": date(2024, 7, 3), "person_name": "Sumarni"}
    with pytest.raises(Invalid) as refused:
        record_consent(
            by=child.created_by,
            child_id=child.pk,
            relation=ParentRelation.FATHER,
            method=ConsentMethod.SPOKEN,
            **(said | changed),
        )
    assert refused.value.code == code
    assert not Consent.objects.exists()


def test_what_was_not_given_by_that_day_cannot_be_withdrawn(child: Child) -> None:
    with pytest.raises(Conflict):
        withdraw(child, date(2024, 7, 3))
    agree(child, date(2024, 7, 3))
    with pytest.raises(Conflict):
        withdraw(child, date(2024, 7, 2))


def test_only_who_reaches_the_child_records_it(child: Child) -> None:
    stranger = make_cadre(make_village("33.01.02.2001", "Slarang"))
    with pytest.raises(NotFound):
        agree(child, date(2024, 7, 3), by=stranger)
    agree(child, date(2024, 7, 3))
    with pytest.raises(NotFound):
        withdraw_consent(
            by=stranger,
            child_id=child.pk,
            on=date(2024, 8, 1),
            person_name="Sumarni",
            relation=ParentRelation.MOTHER,
        )


def test_a_merge_joins_both_records_and_the_newest_holds_until_it_is_undone() -> None:
    village = make_village()
    kept, merged = (make_child(village=village, name="Budi") for _ in range(2))
    by: User = make_user(Role.MIDWIFE, village)
    agree(kept, date(2024, 7, 3))
    agree(merged, date(2024, 7, 1))
    withdraw(merged, date(2024, 8, 1))
    merge_children(by=by, kept_id=kept.pk, merged_id=merged.pk)
    assert list(kept.consents.values_list("on", flat=True)) == [
        date(2024, 8, 1),
        date(2024, 7, 3),
        date(2024, 7, 1),
    ]
    assert is_withdrawn(kept)
    undo_merge(by=by, merged_id=merged.pk)
    assert list(kept.consents.values_list("on", flat=True)) == [date(2024, 7, 3)]
    assert not is_withdrawn(kept)
    assert is_withdrawn(merged)
