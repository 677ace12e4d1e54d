"""A child decided to be new is enrolled once, however many rows of it are decided about."""

from __future__ import annotations

import pytest

from registry.imports.answers import NEW_CHILD, ImportAnswers
from registry.imports.commit import import_rows, preview
from registry.imports.report import Report
from registry.models import Child, Measurement, Role, User, Village
from registry.places.load import load_places
from tests.factories import make_child, make_user
from tests.imports.files import csv_file, row

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]

JUNE = row(Nama="SITI CONTOH")
JULY = row(Nama="SITI CONTOH", Tanggal_Pengukuran="2024-07-10", Berat="11.6")


@pytest.fixture
def officer() -> User:
    """Of a district in which a child lives whose name is much like that of the file's."""
    load_places()
    user = make_user(Role.DISTRICT)
    home = Village.objects.get(name="Kesugihan Kidul")
    make_child(user, home, name="SITI CONTAH", parent_name="IBU AMINAH")
    return user


def codes(report: Report) -> list[str]:
    return [r.code for r in report.rows]


def all_new(content: bytes, user: User) -> ImportAnswers:
    return ImportAnswers(decisions={r.keys.row: NEW_CHILD for r in preview(content, user).rows})


def test_two_months_of_a_child_decided_to_be_new_are_of_one_child(officer: User) -> None:
    content = csv_file(JUNE, JULY)
    assert codes(preview(content, officer)) == ["similar_child", "similar_child"]
    answers = all_new(content, officer)
    assert codes(import_rows(content, officer, answers=answers)) == ["new_child", "measured"]
    assert list(Child.objects.values_list("name", flat=True)) == ["SITI CONTAH", "SITI CONTOH"]
    assert codes(import_rows(content, officer, answers=answers)) == ["same", "same"]


def test_the_months_may_come_in_two_files_with_the_decision_given_again(officer: User) -> None:
    answers = all_new(csv_file(JUNE, JULY), officer)
    assert codes(import_rows(csv_file(JUNE), officer, answers=answers)) == ["new_child"]
    assert codes(import_rows(csv_file(JULY), officer, answers=answers)) == ["measured"]
    assert Measurement.objects.filter(child__name="SITI CONTOH").count() == 2


def test_two_children_decided_to_be_new_stay_two(officer: User) -> None:
    content = csv_file(JUNE, row(Nama="SITI CONTOH C", Berat="12.0"), row(Nama="SITI CONTOH D", Berat="12.3"))
    import_rows(content, officer, answers=all_new(content, officer))
    assert Child.objects.count() == 4
