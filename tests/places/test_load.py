"""Loading the places: whole, harmless to repeat, and respectful of what an admin decided."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from registry.models import District, Kecamatan, Puskesmas, SurveyEstimate, Target, Village, VillageKind
from registry.places.load import load_places

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def test_loads_every_place_of_cilacap() -> None:
    load_places()
    assert District.objects.get().code == "33.01"
    assert Kecamatan.objects.count() == 24
    assert Village.objects.filter(kind=VillageKind.DESA).count() == 269
    assert Village.objects.filter(kind=VillageKind.KELURAHAN).count() == 15
    assert Puskesmas.objects.count() == 38


def test_every_loaded_place_satisfies_its_own_model() -> None:
    load_places()
    for model in (District, Kecamatan, Puskesmas, Village, Target, SurveyEstimate):
        for place in model.objects.all():
            place.full_clean()


def test_villages_of_a_kecamatan_with_one_puskesmas_belong_to_it() -> None:
    load_places()
    assert set(Village.objects.filter(kecamatan__name="Maos").values_list("puskesmas__name", flat=True)) == {
        "Maos"
    }


def test_where_two_puskesmas_share_a_kecamatan_nobody_guesses() -> None:
    load_places()
    kesugihan = Village.objects.filter(kecamatan__name="Kesugihan")
    assert set(kesugihan.values_list("puskesmas", flat=True)) == {None}


def test_the_district_gets_its_target_of_14_percent_for_2024() -> None:
    load_places()
    target = Target.objects.get()
    assert (target.year, target.indicator, target.percent) == (2024, "stunted", Decimal("14.0"))
    assert target.source == "Perpres 72/2021"


def test_the_district_gets_what_the_surveys_found() -> None:
    load_places()
    assert list(SurveyEstimate.objects.order_by("year").values_list("year", "survey", "percent")) == [
        (2018, "riskesdas", Decimal("32.10")),
        (2019, "ssgbi", Decimal("23.18")),
        (2021, "ssgi", Decimal("17.90")),
        (2022, "ssgi", Decimal("17.60")),
        (2023, "ski", Decimal("18.50")),
    ]


def test_loading_again_changes_nothing() -> None:
    assert not load_places().changed_nothing
    before = list(Village.objects.values())
    assert load_places().changed_nothing
    assert list(Village.objects.values()) == before


def test_the_number_of_queries_does_not_grow_with_the_villages(django_assert_max_num_queries) -> None:
    load_places()
    with django_assert_max_num_queries(14):
        load_places()


def test_a_puskesmas_an_admin_set_stays() -> None:
    load_places()
    second = Puskesmas.objects.get(name="Kroya II")
    Village.objects.filter(pk="33.01.07.2001").update(puskesmas=second)
    load_places()
    assert Village.objects.get(pk="33.01.07.2001").puskesmas == second


def test_a_puskesmas_an_admin_renamed_does_not_come_back() -> None:
    load_places()
    Puskesmas.objects.filter(name="Maos").update(name="Puskesmas Maos Lor")
    assert load_places().changed_nothing
    assert Puskesmas.objects.filter(kecamatan__name="Maos").count() == 1


def test_a_puskesmas_that_bears_the_name_elsewhere_is_left_alone() -> None:
    load_places()
    Puskesmas.objects.filter(name="Kroya II").delete()
    Puskesmas.objects.filter(name="Kroya I").update(kecamatan_id="33.01.05")
    load_places()
    assert list(Puskesmas.objects.filter(kecamatan__name="Kroya").values_list("name", flat=True)) == [
        "Kroya II"
    ]


def test_a_point_an_admin_set_stays_and_an_empty_one_is_filled() -> None:
    load_places()
    Village.objects.filter(pk="33.01.07.2001").update(latitude=-7.6, longitude=None)
    load_places()
    village = Village.objects.get(pk="33.01.07.2001")
    assert village.latitude == -7.6
    assert 109 < village.longitude < 109.3


def test_a_name_follows_the_official_list() -> None:
    load_places()
    Village.objects.filter(pk="33.01.01.2001").update(name="Tambak Reja")
    report = load_places()
    assert Village.objects.get(pk="33.01.01.2001").name == "Tambakreja"
    assert report.changed[Village] == 1


def test_a_target_and_a_survey_an_admin_changed_stay() -> None:
    load_places()
    Target.objects.update(percent=Decimal("13.5"))
    SurveyEstimate.objects.filter(year=2023).update(percent=Decimal("18.40"))
    load_places()
    assert Target.objects.get().percent == Decimal("13.5")
    assert SurveyEstimate.objects.get(year=2023).percent == Decimal("18.40")


def test_a_village_an_admin_added_is_not_deleted() -> None:
    load_places()
    Village.objects.create(code="33.01.07.2099", name="Maos Anyar", kind="desa", kecamatan_id="33.01.07")
    load_places()
    assert Village.objects.count() == 285


def test_a_load_that_fails_half_way_leaves_nothing_behind() -> None:
    District.objects.create(code="33.01", name="Cilacap")
    Kecamatan.objects.create(code="33.01.01", name="Kedungreja", district_id="33.01")
    Village.objects.create(code="33.01.01.2099", name="Tambakreja", kind="desa", kecamatan_id="33.01.01")
    with pytest.raises(IntegrityError):
        load_places()
    assert Kecamatan.objects.count() == 1
    assert not Puskesmas.objects.exists()


def test_the_command_says_what_it_loaded_and_then_that_nothing_changed(capsys) -> None:
    call_command("load_places")
    assert "desa/kelurahan: 284 baru, 0 berubah." in capsys.readouterr().out
    call_command("load_places")
    assert capsys.readouterr().out == "Wilayah sudah lengkap; tidak ada yang berubah.\n"
