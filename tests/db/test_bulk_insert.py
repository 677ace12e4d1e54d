"""Rows by the thousand."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from registry.db import bulk_insert
from registry.db.bulk_insert import insert_rows
from registry.models import District, Kecamatan
from tests.factories import make_district

pytestmark = pytest.mark.django_db


def kecamatan(district: District, *codes: int) -> list[Kecamatan]:
    return [Kecamatan(code=f"33.01.{code:02d}", name=f"Kec {code}", district=district) for code in codes]


def test_progress_is_reported_after_each_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_insert, "_ROWS", 3)
    reported = list[int]()
    insert_rows(kecamatan(make_district(), *range(1, 24)), reported.append)
    insert_rows([], reported.append)
    assert reported == [3] * 7 + [2]
    assert Kecamatan.objects.filter(name__startswith="Kec ").count() == 23


def test_what_the_database_refuses_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    district = make_district()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(kecamatan(district, 71, 72, 71))
    assert not Kecamatan.objects.filter(name__startswith="Kec 7").exists()
