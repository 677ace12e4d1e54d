"""Rows by the thousand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.forms import model_to_dict

from registry.db import bulk_insert
from registry.db.bulk_insert import insert_rows
from registry.models import Child, ChildStatus, District, Kecamatan, Measurement, Sex, Source, User, Village
from tests.factories import make_cadre, make_district, make_village

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


def children(village: Village, recorder: User) -> list[Child]:
    """A child with every letter that COPY escapes, one with little, and one named like NULL."""
    odd = Child(
        name="Sri\tWahyuni\\n\r\n\\N \"x\", 'y'; é",
        birth_weight_kg=Decimal("3.1"),
        growth_book=True,
        status=ChildStatus.DIED,
        status_date=date(2026, 2, 28),
    )
    rows = [odd, Child(name="Budi"), Child(name="\\N")]
    for row in rows:
        row.sex, row.birth_date, row.village = Sex.GIRL, date(2024, 2, 29), village
        row.created_by = recorder
    return rows


def measured(child: Child, recorder: User) -> Measurement:
    return Measurement(
        child=child,
        village=child.village,
        measured_on=date(2026, 1, 2),
        weight_kg=Decimal("9.125"),
        age_days=673,
        waz=-0.0,
        whz=1.25,
        confirmed_doubts=["weight_jump", 'a"b\\'],
        source=Source.FILE,
        recorded_by=recorder,
    )


def test_a_copied_row_is_the_same_as_a_created_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_insert, "_ROWS", 2)
    cadre = make_cadre()
    village = make_village("33.01.01.2003", "Tritih")
    sent = children(village, cadre)
    insert_rows(sent)
    insert_rows([measured(child, cadre) for child in sent])
    for child in sent:
        assert not child._state.adding
        assert model_to_dict(Child.objects.get(pk=child.pk)) == model_to_dict(child)
        stored = Measurement.objects.get(child=child)
        assert model_to_dict(stored) == model_to_dict(measured(child, cadre))
        assert stored.received_at is not None
        assert (stored.waz, stored.confirmed_doubts) == (0.0, ["weight_jump", 'a"b\\'])
