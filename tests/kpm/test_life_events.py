"""A child that left, came back or moved, in the browser, on 20 August 2024."""

from datetime import date

import pytest
from django.test import Client

from registry.actions import close_child, move_child
from registry.models import ChangeLog, Child, ChildStatus, User, Village
from tests.factories import make_cadre, make_child, make_village, measure, signed_in


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, name="Siti", birth_date=date(2023, 6, 20))


def residences(child: Child) -> list[tuple[date, date | None]]:
    return list(child.residences.order_by("since").values_list("since", "until"))


def text_of(page: Client, child: Child) -> str:
    return page.get(f"/children/{child.pk}/").content.decode()


def test_a_child_that_left_comes_back_on_a_day_and_both_can_be_put_right(page: Client, child: Child) -> None:
    page.post(f"/children/{child.pk}/close/", {"status": "moved", "on": "2024-05-10"})
    assert f'href="/children/{child.pk}/return/"' in text_of(page, child)
    assert page.post(f"/children/{child.pk}/return/", {"on": "2024-05-09"}).status_code == 422
    answer = page.post(f"/children/{child.pk}/return/", {"on": "2024-07-20"}, follow=True)
    assert "Siti kembali aktif." in answer.content.decode()
    assert residences(child) == [(date(2023, 6, 20), date(2024, 5, 10)), (date(2024, 7, 20), None)]
    text = text_of(page, child)
    assert "20 Juli 2024: kembali ke Kesugihan Kidul" in text
    assert "10 Mei 2024: pindah keluar kabupaten" in text
    event = f"/children/{child.pk}/history/returned-2024-07-20/"
    assert event in text
    assert 'value="2024-07-20"' in page.get(event).content.decode()
    page.post(event, {"on": "2024-07-25", "reason": "salah tanggal"})
    assert residences(child)[1] == (date(2024, 7, 25), None)
    page.post(f"/children/{child.pk}/history/left-2024-05-10/", {"undo": "1", "on": ""})
    assert residences(child) == [(date(2023, 6, 20), None)]
    assert "Pindah, kembali, meninggal" not in text_of(page, child)


def test_what_is_no_longer_on_record_is_not_there(page: Client, child: Child) -> None:
    for key in ("returned-2024-07-20", "nonsense"):
        assert page.get(f"/children/{child.pk}/history/{key}/").status_code == 404
    assert page.get(f"/children/{child.pk}/return/").status_code == 302


def test_an_event_that_a_measurement_contradicts_says_so(page: Client, child: Child) -> None:
    measure(child, date(2024, 5, 10), "8.0")
    close_child(by=child.created_by, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 5, 12))
    answer = page.post(f"/children/{child.pk}/history/left-2024-05-12/", {"on": "2024-05-09"})
    assert answer.status_code == 422
    assert "lahir atau diukur setelah tanggal itu. Pilih 10 Mei 2024 atau" in answer.content.decode()


def test_a_closing_that_cannot_be_names_the_days_that_can(page: Client, child: Child) -> None:
    url = f"/children/{child.pk}/close/"
    for on, sentence in (
        ("2023-06-19", "Pilih 20 Juni 2023 atau setelahnya."),  # its birth
        ("2024-08-21", "Tanggal itu tidak boleh setelah hari ini (20 Agustus 2024)."),
    ):
        assert sentence in page.post(url, {"status": "moved", "on": on}).content.decode()


def test_on_the_day_of_a_move_the_old_cadre_sees_where_the_child_went_and_undoes_it(
    page: Client, officer: User, child: Child
) -> None:
    there = make_village("33.01.02.2010", "Slarang")
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 8, 20))
    text = text_of(page, child)
    assert "Sejak hari ini tercatat tinggal di Slarang." in text
    assert f"?village={there.pk}" not in text  # she may not open it
    new = signed_in(make_cadre(there))
    assert "Sejak hari ini" not in text_of(new, child)
    page.post(f"/children/{child.pk}/history/village-2024-08-20/", {"undo": "1"})
    assert "Sejak hari ini" not in text_of(page, child)
    assert new.get(f"/children/{child.pk}/").status_code == 404


def test_a_move_of_an_earlier_day_is_the_new_cadres(page: Client, officer: User, child: Child) -> None:
    there = make_village("33.01.02.2010", "Slarang")
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 8, 20))
    event = f"/children/{child.pk}/history/village-2024-08-20/"
    asked = page.post(event, {"on": "2024-08-19"})
    assert asked.status_code == 422
    assert (
        "Siti sejak 19 Agustus 2024 tinggal di Slarang, di luar wilayah kerja Anda" in asked.content.decode()
    )
    assert residences(child)[1] == (date(2024, 8, 20), None)
    (question,) = asked.context["questions"]
    page.post(event, {"on": "2024-08-19", "confirmed": question.key})
    assert page.get(f"/children/{child.pk}/").status_code == 404
    assert signed_in(make_cadre(there)).get(f"/children/{child.pk}/").status_code == 200


def test_a_move_undone_into_a_village_of_others_asks_first(officer: User, child: Child) -> None:
    there = make_village("33.01.02.2010", "Slarang")
    move_child(by=officer, child_id=child.pk, village_code=there.pk, moved_on=date(2024, 8, 15))
    page, event = signed_in(make_cadre(there)), f"/children/{child.pk}/history/village-2024-08-15/"
    asked = page.post(event, {"undo": "1"})
    assert "Siti sejak 20 Juni 2023 tinggal di Kesugihan Kidul, di luar" in asked.content.decode()
    assert len(residences(child)) == 2
    page.post(event, {"undo": "1", "confirmed": "leaves_area"})
    assert residences(child) == [(date(2023, 6, 20), None)]


def test_the_same_day_again_changes_nothing_and_says_so(page: Client, child: Child) -> None:
    close_child(by=child.created_by, child_id=child.pk, status=ChildStatus.MOVED, on=date(2024, 5, 12))
    event, logged = f"/children/{child.pk}/history/left-2024-05-12/", ChangeLog.objects.count()
    text = page.post(event, {"on": "2024-05-12", "reason": "x"}, follow=True).content.decode()
    assert "tidak ada yang berubah" in text
    assert "dibetulkan" not in text
    assert ChangeLog.objects.count() == logged
    assert "Riwayat Siti dibetulkan." in page.post(event, {"on": "2024-05-13"}, follow=True).content.decode()
