"""Who may take what, and that it is written down."""

from __future__ import annotations

from datetime import date

import pytest

from registry.access.loaders import get_place
from registry.access.nik_policy import can_see_nik
from registry.errors import Conflict, Invalid, NotFound
from registry.exports.export_data import export
from registry.models import (
    LAYOUTS,
    Child,
    District,
    ExportForm,
    ExportKind,
    ExportLog,
    Kecamatan,
    Membership,
    Puskesmas,
    Role,
    User,
    Village,
)
from tests.exports.conftest import BREBEG, KIDUL, Register
from tests.exports.files import REASON, csv_rows, exported
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def puskesmas(register: Register) -> Puskesmas:
    """One that serves Kesugihan Kidul alone."""
    found = Puskesmas.objects.get(name="Kesugihan I")
    Village.objects.filter(pk=KIDUL).update(puskesmas=found)
    return found


def user_of(role: Role, register: Register, puskesmas: Puskesmas) -> User:
    kidul = Village.objects.get(pk=KIDUL)
    places = {
        Role.CADRE: kidul,
        Role.MIDWIFE: kidul,
        Role.PUSKESMAS: puskesmas,
        Role.KECAMATAN: kidul.kecamatan,
    }
    return make_user(role, places.get(role, District.objects.get()))


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.CADRE, False),
        (Role.MIDWIFE, False),
        (Role.PUSKESMAS, True),
        (Role.KECAMATAN, False),
        (Role.DISTRICT, True),
        (Role.ADMIN, True),
    ],
)
def test_nik_is_whole_for_those_who_feed_the_national_system(
    register: Register, puskesmas: Puskesmas, role: Role, may: bool
) -> None:
    user = user_of(role, register, puskesmas)
    kidul = get_place(KIDUL, user)
    assert can_see_nik(user, kidul) is may
    assert can_see_nik(user) is may
    if may:
        made = export(user, ExportKind.EPPGBM, kidul, unmasked=True, reason=REASON)
        with made.file:
            assert b"3301021403220001" in made.file.read()
        return
    with pytest.raises(Invalid) as refused:
        export(user, ExportKind.EPPGBM, kidul, unmasked=True, reason=REASON)
    assert refused.value.code == "nik_not_allowed"
    assert not ExportLog.objects.exists()


def test_a_role_elsewhere_opens_no_nik_here(register: Register, puskesmas: Puskesmas) -> None:
    user = make_user(Role.PUSKESMAS, puskesmas)
    brebeg = Village.objects.get(pk=BREBEG)
    Membership.objects.create(user=user, role=Role.CADRE, village=brebeg)
    assert not can_see_nik(user, brebeg)
    assert can_see_nik(user, puskesmas)
    assert not can_see_nik(user, Kecamatan.objects.get(pk="33.01.02")), "it serves one village of it only"


@pytest.mark.parametrize("reason", ["", "Sigizi", "         a  b        "])
def test_a_reason_has_to_say_something(register: Register, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        exported(register.officer, ExportKind.EPPGBM, unmasked=True, reason=reason)
    assert refused.value.code == "reason_missing"


def test_outside_the_area_there_is_no_place_and_no_log(register: Register) -> None:
    cadre = make_user(Role.CADRE, Village.objects.get(pk=BREBEG))
    client = make_user(Role.CLIENT, District.objects.get())
    for user, code in ((cadre, KIDUL), (cadre, "33.01"), (client, "33.01"), (client, ""), (cadre, "99.99")):
        with pytest.raises(NotFound) as refused:
            get_place(code, user)
        assert refused.value.code == "place_not_found"
    with pytest.raises(NotFound):
        export(cadre, ExportKind.ANTHRO, Village.objects.get(pk=KIDUL))
    assert not ExportLog.objects.exists()


def test_nobody_active_no_more_takes_anything(register: Register) -> None:
    User.objects.filter(pk=register.officer.pk).update(is_active=False)
    officer = User.objects.get(pk=register.officer.pk)
    with pytest.raises(NotFound):
        export(officer, ExportKind.EPPGBM, District.objects.get())
    assert not can_see_nik(officer, District.objects.get())
    assert not can_see_nik(officer)


def test_without_a_code_the_place_is_where_one_works(register: Register, puskesmas: Puskesmas) -> None:
    user = make_user(Role.PUSKESMAS, puskesmas)
    assert get_place("", user) == puskesmas
    assert get_place(f"puskesmas-{puskesmas.pk}", user) == puskesmas
    assert get_place("33.01.02", register.officer) == Kecamatan.objects.get(pk="33.01.02")
    Membership.objects.create(user=user, role=Role.CADRE, village_id=BREBEG)
    with pytest.raises(Invalid, match="Pilih satu"):
        get_place("", user)


def test_a_puskesmas_gets_its_villages(register: Register, puskesmas: Puskesmas) -> None:
    user = make_user(Role.PUSKESMAS, puskesmas)
    rows = csv_rows(exported(user, ExportKind.EPPGBM)[1])
    assert {row["Desa/Kel"] for row in rows} == {"KESUGIHAN KIDUL"}
    assert {row["Pukesmas"] for row in rows} == {"KESUGIHAN I"}
    assert ExportLog.objects.get().place_code == f"puskesmas-{puskesmas.pk}"


def test_months_the_wrong_way_round_are_refused(register: Register) -> None:
    with pytest.raises(Invalid, match="Bulan awal"):
        exported(register.officer, ExportKind.EPPGBM, months=(date(2024, 7, 1), date(2024, 6, 1)))


def test_every_file_is_logged_with_what_it_holds(register: Register) -> None:
    exported(register.officer, ExportKind.EPPGBM, KIDUL, months=(date(2024, 5, 1), date(2024, 6, 1)))
    exported(
        register.officer,
        ExportKind.SIGIZI_IDENTITY,
        form=ExportForm.XLS,
        unmasked=True,
        reason="  kiriman   bulanan ke Sigizi ",
    )
    exported(register.officer, ExportKind.ANTHRO, "33.01.08")
    fields = (
        "kind",
        "form",
        "place_code",
        "month_from",
        "month_to",
        "rows",
        "children",
        "unmasked",
        "reason",
    )
    assert list(ExportLog.objects.order_by("pk").values_list(*fields)) == [
        ("eppgbm", "csv", KIDUL, date(2024, 5, 1), date(2024, 6, 1), 4, 3, False, ""),
        ("sigizi-identitas", "xls", "33.01", None, None, 5, 5, True, "kiriman bulanan ke Sigizi"),
        ("anthro", "csv", "33.01.08", None, None, 1, 1, False, ""),
    ]
    assert set(ExportLog.objects.values_list("user", "district")) == {(register.officer.pk, "33.01")}


def test_the_log_is_seen_by_who_took_the_file_and_who_answers_for_it(register: Register) -> None:
    cadre = make_user(Role.CADRE, Village.objects.get(pk=KIDUL))
    other = make_user(Role.CADRE, Village.objects.get(pk=KIDUL))
    kecamatan = make_user(Role.KECAMATAN, Kecamatan.objects.get(pk="33.01.02"))
    exported(cadre, ExportKind.EPPGBM)
    admin = make_user(Role.ADMIN, District.objects.get())
    elsewhere = make_user(Role.ADMIN, District.objects.create(code="33.02", name="Banyumas"))
    seeing = [cadre, other, kecamatan, register.officer, admin, elsewhere]
    assert [ExportLog.objects.visible_to(user).count() for user in seeing] == [1, 0, 0, 1, 1, 0]
    cadre.is_active = False
    assert not ExportLog.objects.visible_to(cadre).exists()


def test_a_lost_key_is_told_and_no_cell_pretends(register: Register) -> None:
    Child.objects.filter(pk=register.satu.pk).update(nik_sealed="gAAAAA-not-ours")
    with pytest.raises(Conflict) as refused:
        exported(register.officer, ExportKind.EPPGBM, unmasked=True, reason=REASON)
    assert refused.value.code == "nik_unreadable"
    assert not ExportLog.objects.exists()
    rows = csv_rows(exported(register.officer, ExportKind.EPPGBM)[1])
    assert {row["NIK"] for row in rows if row["Nama"] == "Contoh Satu"} == {"*" * 16}


def test_a_village_is_asked_for_by_its_code_with_dots_or_without(register: Register) -> None:
    admin = make_user(Role.ADMIN)
    assert get_place(KIDUL.replace(".", ""), admin) == get_place(KIDUL, admin)


@pytest.mark.parametrize("kind", [kind for kind in LAYOUTS if kind != ExportKind.ANTHRO])
def test_names_of_more_than_one_village_need_a_reason_that_is_logged(
    register: Register, kind: ExportKind
) -> None:
    with pytest.raises(Invalid) as refused:
        exported(register.officer, kind, reason="ok")
    assert (refused.value.code, refused.value.field) == ("reason_missing", "reason")
    exported(register.officer, kind)
    exported(register.officer, kind, KIDUL, reason="")
    exported(register.officer, ExportKind.ANTHRO, reason="")
    assert [log.reason for log in ExportLog.objects.order_by("pk")] == [REASON, "", ""]
