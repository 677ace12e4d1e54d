"""Rows by the thousand: objects that are made at once, and rows on their way while others are made."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from registry.db import bulk_insert
from registry.db.bulk_insert import Copying, copy_objects, new_row, set_columns, stored_rows
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


@pytest.mark.django_db
def test_stored_rows_are_those_of_django(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    child = make_child(nik="3301025403220001", birth_weight_kg=Decimal("3.100"))
    for month in (4, 5, 6):
        measure(child, date(2024, month, 12), "11.4", "84.5")
    for model in (Child, Measurement, Residence):
        rows = model._default_manager.order_by("pk")
        found = list(stored_rows(rows))
        assert [values_of(row) for row in found] == [values_of(row) for row in rows]
        assert not any(row._state.adding or row.get_deferred_fields() for row in found)
    one, other, _third = stored_rows(Measurement.objects.order_by("measured_on"))
    assert one.weight_kg is other.weight_kg
    assert one.child_id is other.child_id
    with django_assert_num_queries(1):
        assert one.child.name == child.name


@pytest.mark.django_db
def test_columns_that_were_not_read_are_read_when_somebody_asks(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    measured = measure(make_child(), date(2024, 6, 12), "11.4").measurement
    with django_assert_num_queries(1):
        [row] = stored_rows(Measurement.objects.all(), ["id", "weight_kg"])
        assert row.weight_kg == Decimal("11.4")
    with django_assert_num_queries(1):
        assert row.measured_on == measured.measured_on
    row.gain = "N"
    row.save(update_fields=["gain"])
    assert Measurement.objects.get().gain == "N"


@pytest.mark.django_db
def test_a_zero_keeps_its_sign() -> None:
    child = make_child()
    for month, z in ((4, 0.0), (5, -0.0)):
        measure(child, date(2024, month, 12), "11.4")
        Measurement.objects.filter(measured_on__month=month).update(waz=z)
    found = [str(row.waz) for row in stored_rows(Measurement.objects.order_by("measured_on"))]
    assert found == [str(row.waz) for row in Measurement.objects.order_by("measured_on")]
    assert found[0] == "0.0"


def kecamatan(district: District, *codes: int) -> list[Kecamatan]:
    return [Kecamatan(code=f"33.01.{code:02d}", name=f"Kec {code}", district=district) for code in codes]


@pytest.mark.django_db
def test_rows_arrive_in_their_order_and_are_told_once_they_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_insert, "_ROWS", 3)
    monkeypatch.setattr(bulk_insert, "_MOST_ON_THEIR_WAY", 2)
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
def test_a_question_in_between_waits_for_what_is_on_its_way() -> None:
    district = make_district()
    with transaction.atomic(), Copying() as copies:
        for start in range(1, 90, 10):
            copies.objects(kecamatan(district, *range(start, start + 10)))
            assert Kecamatan.objects.filter(name__startswith="Kec ").count() == start + 9
            Kecamatan.objects.filter(code="33.01.05").update(name=f"Kec {start}")
    assert Kecamatan.objects.get(code="33.01.05").name == "Kec 81"


@pytest.mark.django_db
def test_a_question_meets_what_the_database_has_refused() -> None:
    district = make_district()
    with pytest.raises(IntegrityError), transaction.atomic(), Copying() as copies:
        copies.objects(kecamatan(district, 71))
        copies.objects(kecamatan(district, 71))
        Kecamatan.objects.count()
        pytest.fail("nobody was told")


@pytest.mark.django_db
def test_what_goes_wrong_in_between_is_raised_as_it_is() -> None:
    district = make_district()
    with pytest.raises(LookupError), transaction.atomic(), Copying() as copies:
        copies.objects(kecamatan(district, 71))
        raise LookupError
    assert not Kecamatan.objects.filter(code="33.01.71").exists()


@pytest.mark.django_db
def test_the_rows_of_a_statement_have_the_time_at_which_they_were_stored() -> None:
    measured = measure(make_child(), date(2024, 6, 12), "11.4").measurement
    again = {**values_of(measured), "state": "void", "reason": "x", "voided_at": measured.received_at}
    again |= {"voided_by_id": measured.recorded_by_id, "received_at": None}
    rows = [new_row(Measurement, {**again, "id": uuid4()}) for _ in range(3)]
    before = timezone.now()
    copy_objects(rows)
    stored = Measurement.objects.filter(pk__in=[row.pk for row in rows])
    [at] = set(stored.values_list("received_at", flat=True))
    assert before <= at <= timezone.now()
    assert {row.received_at for row in rows} == {at}


@pytest.mark.django_db
def test_a_column_that_was_not_read_is_read_to_be_copied() -> None:
    village = make_village()
    make_child(make_cadre(village), village, address="Jl. Melati 4")
    rows = list(stored_rows(Child.objects.all(), ["id", "name"]))
    assert bulk_insert._columns_of(rows)["address"] == ["Jl. Melati 4"]


def test_columns_are_set_in_each_row_and_no_others() -> None:
    rows = [new_row(Measurement, {"gain": "N"}) for _ in range(2)]
    before = [values_of(row) for row in rows]
    set_columns(rows, source="file", upload_id=4)
    assert [values_of(row) for row in rows] == [row | {"source": "file", "upload_id": 4} for row in before]


@pytest.mark.postgres
@pytest.mark.django_db
def test_what_rows_refer_to_is_found_by_its_index_while_they_are_copied_and_no_longer() -> None:
    """Of few villages PostgreSQL would look at each one for every row."""

    def cost() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SHOW random_page_cost")
            return str(cursor.fetchone()[0])

    before = cost()
    with transaction.atomic():
        with Copying():
            assert cost() == "1"
        assert cost() == before
    with suppress(LookupError), transaction.atomic(), Copying():
        raise LookupError
    assert cost() == before != "1"
