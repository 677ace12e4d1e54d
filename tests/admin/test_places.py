"""What the admin sets up of places, targets and surveys."""

from __future__ import annotations

import pytest
from django.test import Client

from registry.models import ChangeLog, Child, Kecamatan, Posyandu, Target, Village
from tests.admin.pages import address
from tests.factories import make_district, make_puskesmas, make_village

pytestmark = pytest.mark.django_db


def test_a_new_posyandu_gets_the_key_files_are_matched_by(site: Client) -> None:
    village = make_village()
    site.post(address(Posyandu, "add"), {"village": village.pk, "name": "Melati IV"})
    assert Posyandu.objects.get().key == "MELATI 4"


def test_the_same_posyandu_in_another_spelling_is_refused(site: Client) -> None:
    village = make_village()
    Posyandu.objects.create(village=village, name="MELATI 1", key="MELATI 1")
    page = site.post(address(Posyandu, "add"), {"village": village.pk, "name": "Melati I"})
    assert "Desa ini sudah punya posyandu MELATI 1, yang dianggap sama." in page.content.decode()
    assert Posyandu.objects.count() == 1


def test_a_posyandu_is_renamed_with_its_key(site: Client) -> None:
    village = make_village()
    posyandu = Posyandu.objects.create(village=village, name="MELATI 1", key="MELATI 1")
    site.post(address(Posyandu, "change", posyandu.pk), {"village": village.pk, "name": "Mawar II"})
    posyandu.refresh_from_db()
    assert (posyandu.name, posyandu.key) == ("Mawar II", "MAWAR 2")


def test_a_posyandu_without_a_letter_is_refused(site: Client) -> None:
    page = site.post(address(Posyandu, "add"), {"village": make_village().pk, "name": "--"})
    assert "Tulis nama posyandu dengan huruf atau angka." in page.content.decode()


def test_a_village_gets_its_puskesmas_and_keeps_its_name(site: Client) -> None:
    village, puskesmas = make_village(), make_puskesmas()
    site.post(address(Village, "change", village.pk), {"name": "Lain", "puskesmas": puskesmas.pk})
    village.refresh_from_db()
    assert (village.name, village.puskesmas) == ("Kesugihan Kidul", puskesmas)
    (log,) = ChangeLog.objects.filter(subject="village", subject_id=village.pk)
    assert (log.field, *log.values) == ("puskesmas", "", str(puskesmas))


def test_a_new_village_can_be_added(site: Client) -> None:
    kecamatan = make_village().kecamatan
    new = {"code": "33.01.02.2099", "name": "Desa Baru", "kind": "desa", "kecamatan": kecamatan.pk}
    site.post(address(Village, "add"), new)
    assert Village.objects.get(pk="33.01.02.2099").name == "Desa Baru"


def test_a_code_without_dots_is_refused_with_how_to_write_it(site: Client) -> None:
    page = site.post(
        address(Kecamatan, "add"), {"code": "330102", "name": "X", "district": make_district().pk}
    )
    assert "ditulis dengan titik" in page.content.decode()


def test_a_village_with_children_cannot_be_deleted(site: Client, child: Child) -> None:
    site.post(address(Village, "delete", child.village_id), {"post": "yes"})
    assert Village.objects.filter(pk=child.village_id).exists()


def test_a_target_can_be_changed(site: Client, child: Child) -> None:
    target = Target.objects.get()
    changed = {
        "district": "33.01",
        "year": 2024,
        "indicator": "stunted",
        "percent": "13.5",
        "source": "SK Bupati",
    }
    site.post(address(Target, "change", target.pk), changed)
    target.refresh_from_db()
    assert (str(target.percent), target.source) == ("13.5", "SK Bupati")


def test_a_target_past_100_percent_is_refused(site: Client) -> None:
    given = {"district": make_district().pk, "year": 2025, "indicator": "stunted", "percent": "101"}
    assert site.post(address(Target, "add"), given).status_code == 200
    assert not Target.objects.exists()
