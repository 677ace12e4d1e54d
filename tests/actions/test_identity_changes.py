"""Every change of identity keeps the old value, who, when and why, whatever road it took."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from cryptography.fernet import Fernet
from django.test import override_settings
from pytest_django import DjangoAssertNumQueries

from registry.actions import Identity, update_child, update_children
from registry.errors import Invalid
from registry.models import BirthDateBasis, ChangeLog, Child, Sex, User, Village
from tests.factories import make_child, make_posyandu, make_village, measure

pytestmark = pytest.mark.django_db

NIK, OTHER_NIK = "3301025403220001", "3301025403220002"


def identity(**values: object) -> Identity:
    base = {"name": "Siti Contoh", "sex": Sex.GIRL, "birth_date": date(2022, 3, 14), "nik": None}
    return Identity(**(base | values))  # type: ignore[arg-type]


def logged(child: Child) -> dict[str, tuple[str, str]]:
    rows = ChangeLog.objects.filter(subject="child", subject_id=str(child.pk))
    return {row.field: row.values for row in rows}


def test_each_field_that_changes_keeps_what_stood_before_and_who_and_why(cadre: User) -> None:
    child = make_child(cadre, nik=NIK, parent_name="Bu A", birth_weight_kg=Decimal("3.1"))
    posyandu = make_posyandu(child.village)
    update_child(
        by=cadre,
        child_id=child.pk,
        identity=identity(
            name="Sitti Contoh",
            sex=Sex.BOY,
            birth_date=date(2022, 3, 15),
            birth_weight_kg=Decimal("3.10"),
            birth_length_cm=Decimal(49),
            posyandu_id=posyandu.pk,
            growth_book=True,
            nik=OTHER_NIK,
        ),
        reason="  sesuai   akta ",
    )
    assert logged(child) == {
        "name": ("Siti Contoh", "Sitti Contoh"),
        "sex": ("P", "L"),
        "birth_date": ("2022-03-14", "2022-03-15"),
        "birth_length_cm": ("", "49"),
        "parent_name": ("Bu A", ""),
        "posyandu": ("", "Melati 1"),
        "growth_book": ("", "True"),
        "nik": (NIK, OTHER_NIK),
    }
    assert set(ChangeLog.objects.values_list("by", "reason")) == {(cadre.pk, "sesuai akta")}
    assert len(set(ChangeLog.objects.values_list("at", flat=True))) == 1


def test_what_stays_as_it_was_is_not_in_the_log(cadre: User) -> None:
    child = make_child(cadre, nik=NIK)
    month = {"birth_date": date(2022, 3, 15), "birth_date_basis": BirthDateBasis.MONTH}
    Child.objects.filter(pk=child.pk).update(**month, gestation_weeks=34)
    update_child(by=cadre, child_id=child.pk, identity=identity(nik=NIK, gestation_weeks=34, **month))
    assert not ChangeLog.objects.exists()
    child.refresh_from_db()
    assert (child.birth_date_basis, child.gestation_weeks) == ("month", 34)


@pytest.mark.parametrize("change", [{"birth_date": date(2022, 3, 15)}, {"sex": Sex.BOY}])
def test_birth_date_and_sex_of_a_measured_child_need_a_reason(cadre: User, change: dict[str, object]) -> None:
    child = make_child(cadre)
    update_child(by=cadre, child_id=child.pk, identity=identity(**change))
    update_child(by=cadre, child_id=child.pk, identity=identity())
    measure(child, date(2024, 6, 12), "11.0", "84.0")
    with pytest.raises(Invalid) as refused:
        update_child(by=cadre, child_id=child.pk, identity=identity(**change), reason=" ")
    assert (refused.value.code, refused.value.field) == ("reason_missing", "reason")
    assert update_child(by=cadre, child_id=child.pk, identity=identity(name="Ayu")).name == "Ayu"


def test_a_nik_whose_key_is_gone_can_still_be_replaced(cadre: User) -> None:
    child = make_child(cadre, nik=NIK)
    with override_settings(NIK_KEYS=[Fernet.generate_key().decode()]):
        update_child(by=cadre, child_id=child.pk, identity=identity(nik=OTHER_NIK))
        assert logged(child) == {"nik": ("?", OTHER_NIK)}


def test_many_children_at_once_are_logged_in_a_few_queries(
    cadre: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    village: Village = make_village()
    children = [make_child(cadre, village, name=f"Anak {i}") for i in range(40)]
    changed = {child.pk: identity(name=child.name, rt="02") for child in children}
    with django_assert_max_num_queries(9):
        update_children(by=cadre, identities=changed, of_file=True, reason="berkas juni.xlsx")
    assert ChangeLog.objects.filter(field="rt", reason="berkas juni.xlsx").count() == 40
