"""Two records of one child in the browser, on 20 August 2024."""

from datetime import date

import pytest
from django.test import Client

from registry.models import Child, MergedChild, User, Village
from tests.factories import make_child, make_village, measure

BORN = date(2023, 6, 20)


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, name="Siti Aminah", birth_date=BORN, parent_name="Ibu Rini")


@pytest.fixture
def double(cadre: User, village: Village, child: Child) -> Child:
    measure(child, date(2024, 8, 5), "9.1", "76.0")
    other = make_child(cadre, village, name="Siti Aminnah", birth_date=date(2023, 6, 21), parent_name="Rini")
    measure(other, date(2024, 8, 5), "9.3", "76.4")
    return other


def test_the_other_record_is_found_by_likeness_and_by_name(page: Client, child: Child, double: Child) -> None:
    make_child(child.created_by, child.village, name="Dewi O'Lestari", birth_date=date(2022, 1, 2))
    url = f"/children/{child.pk}/"
    assert f'href="{url}duplicates/"' in page.get(url).content.decode()
    text = page.get(f"{url}duplicates/").content.decode()
    assert f'href="{url}merge/{double.pk}/"' in text
    assert "Dewi" not in text
    assert "Lestari" in page.post(f"{url}duplicates/", {"q": "olestari"}).content.decode()
    assert (
        "Tidak ada catatan yang mirip"
        in page.get(f"/children/{_lone(child).pk}/duplicates/").content.decode()
    )


def _lone(child: Child) -> Child:
    return make_child(child.created_by, child.village, name="Budi", birth_date=date(2020, 1, 2))


def test_both_are_compared_merged_and_parted_again(page: Client, child: Child, double: Child) -> None:
    url = f"/children/{child.pk}/"
    text = page.get(f"{url}merge/{double.pk}/").content.decode()
    for words in ("Siti Aminah", "Siti Aminnah", "20 Juni 2023", "21 Juni 2023", "9,1", "9,3"):
        assert words in text
    assert text.count('type="radio"') == 2 * 4  # name, birth date, parent, and the day
    assert text.count(" checked") == 4
    sent = {"name": "kept", "birth_date": "other", "2024-08-05": "other"}
    answer = page.post(f"{url}merge/{double.pk}/", sent, follow=True).content.decode()
    assert "Dua catatan Siti Aminah menjadi satu." in answer
    merged = Child.objects.get()
    assert (merged.name, merged.birth_date) == ("Siti Aminah", date(2023, 6, 21))
    assert [f"{m.weight_kg:.1f}" for m in merged.measurements.in_force()] == ["9.3"]
    assert "Catatan ganda digabung" in answer  # among what was changed
    answer = page.post(f"{url}unmerge/{double.pk}/", follow=True).content.decode()
    assert "kedua catatan kembali seperti semula" in answer
    assert "periksa milik siapa" in answer
    assert Child.objects.count() == 2
    again = page.post(f"/children/{child.pk}/unmerge/{double.pk}/", follow=True).content.decode()
    assert "sudah diurungkan: kedua catatan sudah terpisah lagi" in again
    assert "wilayah" not in page.post(f"/children/{child.pk}/unmerge/{double.pk}/").content.decode()


def test_the_old_address_leads_to_the_kept_record(page: Client, child: Child, double: Child) -> None:
    page.post(f"/children/{child.pk}/merge/{double.pk}/", {})
    answer = page.get(f"/children/{double.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/children/{child.pk}/")
    for path in ("card/", "edit/", "measure/", "move/"):
        assert page.get(f"/children/{double.pk}/{path}").status_code == 200
    assert page.get(f"/children/{child.pk}/merge/{double.pk}/")["Location"] == f"/children/{child.pk}/"
    asked = page.get(f"/work/roster.json?child={double.pk}").json()
    assert [row["id"] for row in asked["children"]] == [str(child.pk)]


def test_a_merge_that_contradicts_is_refused_with_what_was_ticked(
    page: Client, child: Child, double: Child
) -> None:
    measure(child, BORN, "3.1")
    answer = page.post(f"/children/{child.pk}/merge/{double.pk}/", {"birth_date": "other"})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "sudah diukur pada 20 Juni 2023" in text
    assert 'name="birth_date" value="other" checked' in text


def test_a_record_of_another_village_is_not_there(page: Client, child: Child) -> None:
    foreign = make_child(
        village=make_village("33.01.02.2010", "Slarang"), name="Siti Aminah", birth_date=BORN
    )
    assert page.get(f"/children/{child.pk}/merge/{foreign.pk}/").status_code == 404
    assert page.post(f"/children/{child.pk}/merge/{foreign.pk}/").status_code == 404
    assert "Slarang" not in page.post(f"/children/{child.pk}/duplicates/", {"q": "siti"}).content.decode()
    assert not MergedChild.objects.exists()


def test_a_birth_date_that_turns_classes_of_the_other_record_asks_first(
    page: Client, child: Child, double: Child
) -> None:
    Child.objects.filter(pk=child.pk).update(birth_date=date(2022, 6, 20))
    url, sent = f"/children/{child.pk}/merge/{double.pk}/", {"2024-08-05": "other"}
    asked = page.post(url, sent)
    assert asked.status_code == 422
    # 76.4 cm: normal at 13 months, below -3 SD (about 78 cm) at 25.
    assert "1 pengukuran menjadi sangat pendek (TB/U)" in asked.content.decode()
    assert Child.objects.count() == 2
    (question,) = asked.context["questions"]
    assert page.post(url, sent | {"confirmed": question.key}).status_code == 302
    assert Child.objects.get().birth_date == date(2022, 6, 20)
