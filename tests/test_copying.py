"""Rows by the thousand: objects that are made at once, and rows on their way while others are made."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Model

from registry import copying
from registry.copying import Copying, copy_objects, new_row
from registry.models import Child, District, Kecamatan, Measurement, Residence, Sex, VillageMonth
from tests.factories import make_cadre, make_child, make_district, make_village, measure


def values_of(row: Model) -> dict[str, object]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields}


@pytest.mark.parametrize("model", [Child, Measurement, Residence, VillageMonth])
def test_a_new_row_is_what_its_model_makes(model: type[Model]) -> None:
    pk = {} if model is VillageMonth else {"id": uuid4()}
    row, made = new_row(model, pk), model(**pk)
    assert values_of(row) == values_of(made)
    assert (row._state.adding, row._state.db) == (made._state.adding, made._state.db)
    assert row == made or model is VillageMonth


def test_what_a_model_makes_for_each_row_is_made_for_each() -> None:
    one, other = new_row(Measurement, {}), new_row(Measurement, {})
    assert one.id != other.id
    assert one.confirmed_doubts is not other.confirmed_doubts
    assert one._state is not other._state


@pytest.mark.django_db
def test_a_new_row_can_be_saved() -> None:
    village = make_village()
    by = make_cadre(village)
    columns = {"name": "SITI", "sex": Sex.GIRL, "birth_date": date(2022, 3, 14), "village_id": village.pk}
    child = new_row(Child, {**columns, "created_by_id": by.pk})
    assert child.village == village
    child.save()
    child.refresh_from_db()
    assert (child.name, child.village, child.created_by, child.upload) == ("SITI", village, by, None)


def kecamatan(district: District, *codes: int) -> list[Kecamatan]:
    return [Kecamatan(code=f"33.01.{code:02d}", name=f"Kec {code}", district=district) for code in codes]


@pytest.mark.django_db
def test_rows_arrive_in_their_order_and_are_told_once_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_ROWS", 3)
    monkeypatch.setattr(copying, "_MOST_ON_THEIR_WAY", 2)
    district, told = make_district(), list[int]()
    rows = kecamatan(district, *range(1, 24))
    with Copying() as copies:
        copies.objects(rows, told.append)
        copies.objects([])
    assert told == [3] * 7 + [2]
    assert Kecamatan.objects.filter(name__startswith="Kec ").count() == 23


@pytest.mark.django_db
def test_a_row_that_refers_to_one_on_its_way_finds_it() -> None:
    village = make_village()
    by = make_cadre(village)
    child = make_child(by, village)
    measured = measure(child, date(2024, 6, 12), "11.4", by=by).measurement
    rows = [new_row(Child, {**values_of(child), "id": uuid4(), "nik_hash": None}) for _ in range(5)]
    homes = [new_row(Measurement, {**values_of(measured), "id": uuid4(), "child_id": r.id}) for r in rows]
    with Copying() as copies:
        copies.objects(rows)
        copies.objects(homes)
    assert Measurement.objects.filter(child__in=[row.pk for row in rows]).count() == 5


@pytest.mark.django_db
def test_what_the_database_refuses_is_raised_at_the_end_and_nothing_after_it_is_stored() -> None:
    district = make_district()
    with pytest.raises(IntegrityError), transaction.atomic(), Copying() as copies:
        copies.objects(kecamatan(district, 71))
        copies.objects(kecamatan(district, 71))
        copies.objects(kecamatan(district, 72))
    assert not Kecamatan.objects.filter(name__startswith="Kec 7").exists()
    copy_objects(kecamatan(district, 73))  # the connection is as good as before
    assert Kecamatan.objects.filter(code="33.01.73").exists()


@pytest.mark.django_db
def test_what_goes_wrong_in_between_is_raised_as_it_is() -> None:
    district = make_district()
    with pytest.raises(LookupError), transaction.atomic(), Copying() as copies:
        copies.objects(kecamatan(district, 71))
        raise LookupError
    assert not Kecamatan.objects.filter(code="33.01.71").exists()
