"""A village gets another code, and with it another kecamatan: all that belongs to it follows."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from kpm.actions import appoint_cadre
from kpm.models import Cadre
from registry.actions.bulk.move import Move
from registry.actions.grade import grade_month
from registry.actions.life_course import LifeEventKind
from registry.actions.residences import move_child, undo_event
from registry.actions.undo_log import ImportChanges, changes_of, move_back
from registry.actions.village_code import change_village_code
from registry.errors import Conflict, Invalid, NotFound
from registry.figures import kecamatan_rows
from registry.models import (
    Boundary,
    ChangeLog,
    Child,
    FormerVillageCode,
    HeightSpread,
    Kecamatan,
    Measurement,
    QualityMonth,
    Residence,
    Role,
    Upload,
    User,
    Village,
    VillageMonth,
)
from registry.places.boundaries import load_boundaries
from registry.places.load import load_places
from registry.places.match import VillageIndex
from tests.actions.figures import wrong_figures
from tests.factories import (
    make_child,
    make_district,
    make_kecamatan,
    make_posyandu,
    make_puskesmas,
    make_user,
    make_village,
    measure,
    signed_in,
)

pytestmark = pytest.mark.django_db

OLD, NEW = "33.01.02.2016", "33.01.01.2099"
SINCE = date(2024, 7, 1)
REASON = "Kepmendagri 300.2.2-2138 Tahun 2025"


@pytest.fixture
def officer() -> User:
    return make_user(Role.DISTRICT, make_district(), "dinas")


@pytest.fixture
def cadre(officer: User) -> User:
    """The cadre of the village, appointed, with all that a village can have."""
    village = make_village(OLD, "Kesugihan Kidul")
    village.puskesmas = make_puskesmas("Kesugihan I")
    village.save()
    make_puskesmas("Kedungreja", make_kecamatan("33.01.01", "Kedungreja"))
    cadre = make_user(Role.CADRE, village, "sumarni")
    appoint_cadre(by=officer, village_code=OLD, full_name="Sumarni", user=cadre, term_start=date(2023, 1, 1))
    posyandu = make_posyandu(village)
    child = make_child(cadre, village, birth_date=date(2022, 8, 5), posyandu_id=posyandu.pk)
    measure(child, date(2024, 7, 5), "10.2", "80.0", confirmed=True)
    measure(child, date(2024, 8, 5), "10.4", "80.6", confirmed=True)
    Boundary.objects.create(code=OLD, geometry={"type": "Polygon", "coordinates": []})
    return cadre


def change(by: User, code: str = OLD, new: str = NEW, **values: Any) -> Village:
    given: dict[str, Any] = {"changed_on": SINCE, "reason": REASON, **values}
    return change_village_code(by=by, village_code=code, new_code=new, **given)


def codes_everywhere() -> set[str]:
    """Every village code that a row of any table points to."""
    return {
        code
        for relation in Village._meta.related_objects
        for code in relation.related_model._default_manager.values_list(relation.field.attname, flat=True)  # type: ignore[union-attr]
        if code
    }


def test_all_that_belongs_to_the_village_follows(officer: User, cadre: User) -> None:
    tables = (Child, Residence, Measurement, VillageMonth, HeightSpread, Cadre)
    grade_month(date(2024, 8, 1))
    before = {table: list(table._default_manager.values_list("pk", flat=True)) for table in tables}
    graded = QualityMonth.objects.count()
    assert graded
    assert codes_everywhere() == {OLD}
    village = change(officer)
    assert codes_everywhere() == {NEW}
    assert (village.pk, village.kecamatan.name, str(village.puskesmas)) == (NEW, "Kedungreja", "Kedungreja")
    assert not Village.objects.filter(pk=OLD).exists()
    for table in (Child, Residence, Measurement, Cadre):
        assert list(table._default_manager.values_list("pk", flat=True)) == before[table]
    assert QualityMonth.objects.count() == graded
    assert User.objects.get(pk=cadre.pk).area(people=True).villages == {NEW}
    assert [b.pk for b in Boundary.objects.all()] == [NEW]
    assert wrong_figures() == []


def test_the_figures_of_both_kecamatan_are_counted_with_the_village_where_it_is(
    officer: User, cadre: User
) -> None:
    def registered() -> dict[str, int]:
        rows = kecamatan_rows(make_district(), date(2024, 8, 1), officer)
        return {row.place.name: row.summary.counts.registered for row in rows}

    assert registered() == {"Kesugihan": 1}
    change(officer)
    assert registered() == {"Kedungreja": 1}


def test_the_change_is_logged_with_its_decree(officer: User, cadre: User) -> None:
    change(officer)
    log = ChangeLog.objects.filter(subject="village", subject_id=NEW)
    assert {(one.field, *one.values) for one in log} == {
        ("code", OLD, NEW),
        ("kecamatan", "33.01.02", "33.01.01"),
        ("puskesmas", "Kesugihan I", "Kedungreja"),
    }
    assert {(one.by, one.reason) for one in log} == {(officer, REASON)}
    former = FormerVillageCode.objects.get()
    assert (former.code, former.village_id, former.changed_on) == (OLD, NEW, SINCE)


def test_within_its_kecamatan_a_village_keeps_its_puskesmas(officer: User, cadre: User) -> None:
    village = change(officer, new="33.01.02.2090")
    assert (str(village.kecamatan), str(village.puskesmas)) == ("Kesugihan", "Kesugihan I")
    assert {one.field for one in ChangeLog.objects.filter(subject="village")} == {"code"}


def test_the_cadre_goes_on_and_the_old_code_finds_the_village(officer: User, cadre: User) -> None:
    change(officer)
    page = signed_in(cadre)
    roster = page.get(f"/work/roster.json?village={OLD}").json()
    assert roster["village"]["code"] == NEW
    assert len(roster["children"]) == 1
    assert page.get(f"/follow-up/?village={OLD}").status_code == 200
    assert "Kesugihan Kidul" in page.get(f"/dashboard/villages/{OLD}/").content.decode()
    assert page.get(f"/api/v1/villages/{OLD}/").json()["code"] == NEW
    assert page.get(f"/api/v1/villages/{OLD}/summary/?month=2024-08").status_code == 200
    assert page.get(f"/api/v1/children/?village={OLD}").json()["count"] == 1
    assert page.get("/api/v1/villages/?search=33.01.02.2016").json()["count"] == 1
    sent = {
        "id": "0b8c5f3e-5c0e-4b7c-9c39-3c6f3a4f2a10",
        "name": "Budi Contoh",
        "sex": "L",
        "birth_date": "2023-05-05",
        "village": OLD,
    }
    assert page.post("/api/v1/children/", sent, "application/json").status_code == 201
    assert Child.objects.get(pk=sent["id"]).village_id == NEW


def test_a_stranger_finds_it_by_neither_code(officer: User, cadre: User) -> None:
    change(officer)
    page = signed_in(make_user(Role.CADRE, make_village("33.01.02.2001", "Slarang")))
    for code in (OLD, NEW):
        assert page.get(f"/work/roster.json?village={code}").status_code == 404
        assert page.get(f"/api/v1/villages/{code}/").status_code == 404


def test_files_find_it_by_its_old_code_and_by_its_old_kecamatan_and_name(officer: User, cadre: User) -> None:
    change(officer)
    index = VillageIndex.from_database()
    for given in (
        {"code": OLD},
        {"code": "3301022016"},
        {"code": NEW},
        {"code": OLD, "kecamatan": "Kesugihan", "name": "Kesugihan Kidul"},
        {"kecamatan": "Kesugihan", "name": "Kesugihan Kidul"},
        {"kecamatan": "Kedungreja", "name": "Kesugihan Kidul"},
    ):
        found = index.find(**given)
        assert isinstance(found, Village), given
        assert found.pk == NEW


def test_outlines_of_an_older_file_are_those_of_the_village_now(officer: User, cadre: User) -> None:
    change(officer)
    square = "[[[109.1,-7.6],[109.2,-7.6],[109.2,-7.5],[109.1,-7.6]]]"
    feature = (
        f'{{"type":"Feature","properties":{{"kode":"{OLD}"}},'
        f'"geometry":{{"type":"Polygon","coordinates":{square}}}}}'
    )
    report = load_boundaries(f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode())
    assert (report.villages, report.left_out) == (1, [])
    assert [b.pk for b in Boundary.objects.all()] == [NEW]


def test_loading_the_places_again_does_not_bring_the_old_code_back(officer: User) -> None:
    load_places()
    change(officer)
    assert load_places().changed_nothing
    assert not Village.objects.filter(pk=OLD).exists()


def test_a_second_change_and_a_change_back_keep_every_code(officer: User, cadre: User) -> None:
    change(officer)
    change(officer, NEW, "33.01.02.2097")
    assert {f.code: f.village_id for f in FormerVillageCode.objects.all()} == {
        OLD: "33.01.02.2097",
        NEW: "33.01.02.2097",
    }
    change(officer, "33.01.02.2097", OLD)
    assert {f.code: f.village_id for f in FormerVillageCode.objects.all()} == {
        NEW: OLD,
        "33.01.02.2097": OLD,
    }
    assert wrong_figures() == []


@pytest.mark.parametrize(
    ("values", "error", "sentence"),
    [
        ({"new": "33.01.02"}, Invalid, "bukan kode desa"),
        ({"new": OLD}, Invalid, "Tidak ada yang berubah"),
        ({"new": "33.01.77.2001"}, Invalid, "33.01.77 belum ada"),
        ({"new": "33.02.01.2001"}, Invalid, "33.02.01 belum ada"),
        ({"new": "33.01.02.2001"}, Conflict, "sudah dipakai Slarang"),
        ({"new": NEW}, Conflict, "sudah punya Kesugihan Kidul"),
        ({"new": "33.01.02.2090", "changed_on": date(2999, 1, 1)}, Invalid, "tidak boleh setelah hari ini"),
        ({"new": "33.01.02.2090", "reason": " "}, Invalid, "alasannya"),
    ],
)
def test_a_code_that_cannot_be_is_refused_and_nothing_changes(
    officer: User, cadre: User, values: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    make_village("33.01.02.2001", "Slarang")
    make_village("33.01.01.2003", "Kesugihan Kidul")
    banyumas = make_district().__class__.objects.create(code="33.02", name="Banyumas")
    Kecamatan.objects.create(code="33.02.01", name="Lumbir", district=banyumas)
    with pytest.raises(error, match=sentence):
        change(officer, **values)
    assert Village.objects.filter(pk=OLD).exists()
    assert not FormerVillageCode.objects.exists()


def test_only_the_district_changes_a_code(cadre: User) -> None:
    for user in (cadre, make_user(Role.KECAMATAN, make_kecamatan())):
        with pytest.raises(NotFound):
            change(user, new="33.01.02.2090")


def test_the_page_says_what_follows_and_changes_it_once_confirmed(officer: User, cadre: User) -> None:
    page = signed_in(officer)
    url = f"/villages/{OLD}/code/"
    assert url in page.get(f"/dashboard/villages/{OLD}/").content.decode()
    typed = {"new_code": "3301012099", "changed_on": "2024-07-01", "reason": REASON}
    text = page.post(url, typed).content.decode()
    assert "Kesugihan Kidul menjadi 33.01.01.2099: yakin?" in text
    assert "1 anak, 2 pengukuran, 1 posyandu, 1 akun, 1 masa tugas KPM" in text
    assert "Petugas kecamatan dan puskesmas lama tidak lagi melihat anak desa ini" in text
    assert "Tulis dasarnya: nomor dan tahun" in page.post(url, typed | {"reason": ""}).content.decode()
    assert Village.objects.filter(pk=OLD).exists()
    answer = page.post(url, typed | {"confirmed": "1"})
    assert answer["Location"] == f"/dashboard/villages/{NEW}/"
    assert "Kode lama tetap dikenali" in page.get(answer["Location"]).content.decode()
    assert page.post(f"/villages/{NEW}/code/", typed | {"new_code": "abc"}).status_code == 422


def test_a_move_of_before_the_change_is_undone_with_the_place_it_left(officer: User, cadre: User) -> None:
    child = Child.objects.get()
    make_village("33.01.02.2001", "Slarang")
    move_child(by=officer, child_id=child.pk, village_code="33.01.02.2001", moved_on=date(2024, 8, 1))
    change(officer)
    page = signed_in(officer).get(f"/children/{child.pk}/").content.decode()
    assert "Kesugihan Kidul 5 Agustus 2022 – 1 Agustus 2024; Slarang 1 Agustus 2024" in page
    undo_event(by=officer, child_id=child.pk, kind=LifeEventKind.VILLAGE, on=date(2024, 8, 1))
    child.refresh_from_db()
    assert (child.village_id, str(child.posyandu)) == (NEW, "Melati 1")
    assert wrong_figures() == []


def test_a_move_that_a_file_brought_is_taken_back_to_the_village_by_its_code_of_now(
    officer: User, cadre: User
) -> None:
    child, other = Child.objects.get(), make_village("33.01.02.2001", "Slarang")
    changes = ImportChanges()
    changes.move([Move(child, child.village, other, date(2024, 8, 1))])
    upload = Upload.objects.create(user=officer, file_name="a.csv", sha256="0", changes_sealed=changes.seal())
    move_child(by=officer, child_id=child.pk, village_code=other.pk, moved_on=date(2024, 8, 1))
    change(officer)
    count, villages = move_back(changes_of(upload))
    assert (count, villages[0][0]) == (1, NEW)
    child.refresh_from_db()
    assert child.village_id == NEW


def test_a_code_with_a_nul_is_nobodys(officer: User, cadre: User) -> None:
    page = signed_in(officer)
    assert page.get("/work/roster.json?village=%00").status_code == 404
    assert Client().get(f"/villages/{OLD}/code/").status_code == 302
