"""Enrolling a child and putting its identity right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from registry.actions import Enrolled, Identity, enrol_child, update_child, update_children
from registry.errors import Conflict, Invalid, NikUsed, NotFound
from registry.models import Child, Sex, User, Village
from registry.nik import NikWarning
from tests.actions.figures import counted, wrong_figures
from tests.factories import (
    make_cadre,
    make_child,
    make_posyandu,
    make_village,
    measure,
)

pytestmark = pytest.mark.django_db

JUNE, JULY, AUGUST = date(2024, 6, 1), date(2024, 7, 1), date(2024, 8, 1)
NIK = "3301025403220001"  # a girl born 14 March 2022


@pytest.fixture
def there() -> Village:
    return make_village("33.01.02.2003", "Kesugihan")


def identity(**more: Any) -> Identity:
    return Identity(**{"name": "Siti Contoh", "sex": Sex.GIRL, "birth_date": date(2022, 3, 14), **more})


def enrol(by: User, *, id: UUID | None = None, since: date | None = None, **more: Any) -> Enrolled:
    return enrol_child(
        by=by, id=id or uuid4(), village_code="33.01.02.2016", identity=identity(**more), since=since
    )


def open_month(month: date) -> None:
    """Have the figures of a month stored, by measuring some child in it."""
    measure(make_child(name="Anak Lain"), month.replace(day=2), "11.0")


# --- Enrolling ----------------------------------------------------------------------------------------


def test_a_child_is_enrolled_where_it_lives_and_since_when(cadre: User) -> None:
    child = enrol(cadre, since=date(2024, 5, 2), parent_name="Bapak A", rt="01", rw="03").child
    child.refresh_from_db()
    assert (child.name, child.village_id, child.created_by) == ("Siti Contoh", "33.01.02.2016", cadre)
    home = child.residences.get()
    assert (home.village_id, home.since, home.until) == ("33.01.02.2016", date(2024, 5, 2), None)


def test_the_nik_is_sealed_and_found_by_its_hash(cadre: User) -> None:
    child = enrol(cadre, nik="3301 0254.0322 0001").child
    child.refresh_from_db()
    assert NIK not in child.nik_sealed
    assert (child.nik, child.nik_masked, child.has_nik) == (NIK, "33010***********", True)


def test_a_child_without_nik_is_enrolled(cadre: User) -> None:
    assert not enrol(cadre).child.has_nik
    assert not enrol(cadre, name="Anak Kedua").child.has_nik


def test_a_nik_that_says_otherwise_is_taken_with_a_warning(cadre: User) -> None:
    warned = enrol(cadre, nik=NIK, sex=Sex.BOY, birth_date=date(2022, 3, 15)).warnings
    assert warned == [NikWarning.BIRTH_DATE, NikWarning.SEX]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"name": "  "}, "name_missing", "name"),
        ({"sex": 3}, "sex_missing", "sex"),
        ({"birth_date": date(2024, 8, 16)}, "born_in_future", "birth_date"),
        ({"birth_date": date(2017, 8, 1)}, "too_old", "birth_date"),
        ({"nik": "330102540322"}, "nik_not_whole", "nik"),
        ({"nik": "330102**********"}, "nik_not_whole", "nik"),
        ({"birth_weight_kg": Decimal("3100")}, "birth_weight", "birth_weight_kg"),
        ({"birth_weight_kg": Decimal("NaN")}, "birth_weight", "birth_weight_kg"),
        ({"birth_length_cm": Decimal("4.9")}, "birth_length", "birth_length_cm"),
    ],
)
def test_an_identity_that_cannot_be_is_refused_with_its_field(
    cadre: User, more: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        enrol(cadre, **more)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Child.objects.exists()


def test_a_posyandu_of_another_village_is_refused(cadre: User, there: Village) -> None:
    with pytest.raises(Invalid) as refused:
        enrol(cadre, posyandu_id=make_posyandu(there).pk)
    assert refused.value.code == "posyandu_elsewhere"


def test_the_same_child_sent_again_is_enrolled_once(cadre: User) -> None:
    sent = uuid4()
    first, again = enrol(cadre, id=sent, nik=NIK), enrol(cadre, id=sent, nik=NIK)
    assert (first.created, again.created, again.child) == (True, False, first.child)
    assert Child.objects.count() == 1


def test_a_used_id_with_another_child_is_refused(cadre: User) -> None:
    sent = uuid4()
    enrol(cadre, id=sent)
    with pytest.raises(Conflict) as conflict:
        enrol(cadre, id=sent, name="Anak Lain")
    assert conflict.value.code == "id_used"


def test_a_nik_of_a_child_of_ones_own_is_refused_with_its_name(cadre: User) -> None:
    enrol(cadre, nik=NIK)
    with pytest.raises(Conflict, match="Siti Contoh") as conflict:
        enrol(cadre, name="Anak Lain", nik=NIK)
    assert (conflict.value.code, conflict.value.field) == ("nik_used", "nik")
    assert [child.name for child in conflict.value.children] == ["Siti Contoh"]  # type: ignore[attr-defined]


def test_a_nik_of_a_child_elsewhere_is_refused_without_its_name(cadre: User, there: Village) -> None:
    make_child(village=there, name="Rahasia Orang", nik=NIK)
    with pytest.raises(Conflict) as conflict:
        enrol(cadre, nik=NIK)
    assert conflict.value.code == "nik_used"
    assert conflict.value.children == ()  # type: ignore[attr-defined]
    assert "Rahasia" not in conflict.value.message
    assert "2022" not in conflict.value.message


@pytest.mark.parametrize(
    "other",
    [{"birth_weight_kg": Decimal("2.9")}, {"parent_name": "Ibu Lain"}, {"rt": "2"}, {"address": "Lain"}],
)
def test_a_used_id_with_any_other_word_is_refused(cadre: User, other: dict[str, Any]) -> None:
    used = enrol(cadre, birth_weight_kg=Decimal("3.1")).child.pk
    with pytest.raises(Conflict):
        enrol(cadre, id=used, **({"birth_weight_kg": Decimal("3.1")} | other))


def test_a_used_id_in_another_village_is_refused(officer: User, there: Village) -> None:
    used = make_child(officer, make_village()).pk
    same = identity(name="Siti Contoh")
    with pytest.raises(Conflict):
        enrol_child(by=officer, id=used, village_code=there.pk, identity=same)


def test_the_same_entry_is_known_again_after_the_child_was_edited(cadre: User) -> None:
    child = enrol(cadre, birth_weight_kg=Decimal("3.1")).child
    update_child(by=cadre, child_id=child.pk, identity=identity(name="Siti Benar"))
    again = enrol(cadre, id=child.pk, birth_weight_kg=Decimal("3.100"))
    assert (again.created, again.child.name) == (False, "Siti Benar")


def test_nobody_enrols_outside_the_own_area(there: Village) -> None:
    make_village()
    with pytest.raises(NotFound) as missing:
        enrol(make_cadre(there))
    assert missing.value.code == "village_not_found"


def test_a_new_child_is_registered_in_the_months_it_lived_there(cadre: User) -> None:
    open_month(JUNE)
    open_month(JULY)
    enrol(cadre, since=date(2024, 7, 9))
    assert [counted(make_village(), month) for month in (JUNE, JULY)] == [(2, 1), (3, 1)]
    assert not wrong_figures()


def test_a_child_is_not_known_to_live_there_before_its_birth_or_after_today(cadre: User) -> None:
    early = enrol(cadre, since=date(2020, 1, 1)).child
    late = enrol(cadre, name="Anak Kedua", since=date(2025, 1, 1)).child
    assert early.residences.get().since == date(2022, 3, 14)
    assert late.residences.get().since == date(2024, 8, 15)


# --- Putting an identity right ------------------------------------------------------------------------


def test_a_name_put_right_leaves_the_measurements_as_they_are(cadre: User) -> None:
    child = enrol(cadre, since=JUNE, nik=NIK).child
    m = measure(child, date(2024, 6, 12), "11.0", "84.0").measurement
    update_child(by=cadre, child_id=child.pk, identity=identity(name="Siti  Benar", nik=NIK))
    child.refresh_from_db()
    assert (child.name, child.nik) == ("Siti Benar", NIK)
    haz = m.haz
    m.refresh_from_db()
    assert m.haz == haz


def test_no_nik_given_keeps_the_one_on_record_and_an_empty_one_takes_it_out(cadre: User) -> None:
    child = enrol(cadre, nik=NIK).child
    assert update_child(by=cadre, child_id=child.pk, identity=identity(nik=None)).nik == NIK
    assert update_child(by=cadre, child_id=child.pk, identity=identity(nik="")).has_nik is False


def test_another_birth_date_judges_every_measurement_anew(cadre: User) -> None:
    child = enrol(cadre, since=date(2023, 3, 14)).child
    m = measure(child, date(2024, 6, 12), "9.5", "76.0", confirmed=True).measurement
    assert counted(child.village, JUNE, "stunted") == (1,)
    corrected = identity(birth_date=date(2023, 3, 14))
    update_child(by=cadre, child_id=child.pk, identity=corrected, reason="sesuai akta")
    m.refresh_from_db()
    assert m.age_days == 456
    assert (m.haz or 0) > -2
    assert counted(child.village, JUNE, "stunted") == (0,)
    assert not wrong_figures()


def test_another_sex_judges_anew_and_counts_in_the_other_column(cadre: User) -> None:
    child = enrol(cadre, since=JUNE).child
    before = measure(child, date(2024, 6, 12), "12.1", "86.0").measurement
    update_child(by=cadre, child_id=child.pk, identity=identity(sex=Sex.BOY), reason="sesuai akta")
    m = child.measurements.get()
    assert (m.haz, m.waz) == (-1.11, -0.44)
    assert m.waz != before.waz
    assert not wrong_figures()


def test_a_birth_date_after_the_first_measurement_is_refused(cadre: User) -> None:
    child = enrol(cadre, since=JUNE).child
    measure(child, date(2024, 6, 12), "11.0")
    with pytest.raises(Invalid) as refused:
        update_child(by=cadre, child_id=child.pk, identity=identity(birth_date=date(2024, 6, 13)))
    assert refused.value.code == "born_after_measured"


def test_a_nik_of_another_child_is_refused(cadre: User) -> None:
    enrol(cadre, nik=NIK)
    second = enrol(cadre, name="Anak Kedua").child
    with pytest.raises(Conflict):
        update_child(by=cadre, child_id=second.pk, identity=identity(name="Anak Kedua", nik=NIK))


def test_nobody_changes_a_child_elsewhere(cadre: User, there: Village) -> None:
    with pytest.raises(NotFound):
        update_child(by=cadre, child_id=make_child(village=there).pk, identity=identity())


def test_of_identities_put_right_together_one_refused_keeps_all_out(cadre: User) -> None:
    enrol(cadre, nik=NIK)
    one, other = enrol(cadre, name="Anak Kedua").child, enrol(cadre, name="Anak Ketiga").child
    good = {one.pk: identity(name="Anak Kedua", rt="01")}
    with pytest.raises(NikUsed):
        update_children(by=cadre, identities=good | {other.pk: identity(name="Anak Ketiga", nik=NIK)})
    with pytest.raises(NotFound):
        stranger = make_cadre(make_village("33.01.02.2003", "Kesugihan"))
        update_children(by=stranger, identities=good)
    one.refresh_from_db()
    assert one.rt == ""
