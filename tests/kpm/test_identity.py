"""Editing, moving and closing a child in the browser, on 20 August 2024."""

from datetime import date

import pytest
from cryptography.fernet import Fernet
from django.test import Client, override_settings

from registry.models import Child, ChildStatus, Role, User, Village
from tests.factories import make_child, make_puskesmas, make_user, make_village, measure, signed_in

NIK = "3301025504230001"


def typed(**values: str) -> dict[str, str]:
    base = {"name": "Ayu Lestari", "sex": "2", "birth_date": "2023-04-15"}
    return base | values


@pytest.fixture
def child(cadre: User, village: Village) -> Child:
    return make_child(cadre, village, name="Siti", birth_date=date(2023, 6, 20), nik=NIK, rt="02")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Tulis nama anak."),
        ({"sex": ""}, "Pilih laki-laki atau perempuan."),
        ({"name": "\u200b \u202e"}, "Tulis nama anak."),
        ({"name": "😀 ."}, "Tulis nama anak."),
        ({"birth_date": "2024-08-21"}, "Tanggal lahir tidak boleh setelah hari ini."),
        ({"nik": "12345"}, "NIK harus 16 angka. Yang Anda tulis 5 angka."),
        # A letter O for a nought: the count of digits says so.
        ({"nik": "33O1025504230001"}, "NIK harus 16 angka. Yang Anda tulis 15 angka."),
        ({"nik": "3301022006230001O"}, "NIK harus 16 angka, tanpa huruf atau tanda lain."),
        ({"nik": "12345"}, "kosongkan lalu centang “Anak belum punya NIK”."),  # else the old one stays
        ({"nik": "1111111111111111"}, "NIK. Kalau anak belum punya NIK, kosongkan lalu centang"),
        ({"birth_weight_kg": "3100"}, "Berat lahir ditulis dalam kg"),
    ],
)
def test_a_wrong_identity_is_refused_and_kept(
    page: Client, child: Child, wrong: dict[str, str], sentence: str
) -> None:
    answer = page.post(f"/children/{child.pk}/edit/", typed(parent_name="Ibu Contoh", **wrong))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert 'value="Ibu Contoh"' in text
    assert Child.objects.get().name == "Siti"


def test_a_child_without_nik_is_not_told_of_a_tick_that_is_not_there(page: Client, child: Child) -> None:
    Child.objects.update(nik_sealed="", nik_hash=None)
    text = page.post(f"/children/{child.pk}/edit/", typed(nik="12345")).content.decode()
    assert "Yang Anda tulis 5 angka. Kalau anak belum punya NIK, kosongkan." in text


def test_a_nik_in_use_names_the_child_that_has_it(page: Client, cadre: User, child: Child) -> None:
    other = make_child(cadre, child.village, name="Ayu", birth_date=date(2023, 4, 15))
    answer = page.post(f"/children/{other.pk}/edit/", typed(nik=NIK))
    assert answer.status_code == 422
    assert "sudah dipakai Siti" in answer.content.decode()


def test_the_nik_is_shown_masked_and_never_whole(page: Client, child: Child) -> None:
    for path in ("", "edit/", "measure/"):
        text = page.get(f"/children/{child.pk}/{path}").content.decode()
        assert NIK not in text
    assert "33010***********" in page.get(f"/children/{child.pk}/").content.decode()


def test_an_empty_nik_field_leaves_the_nik_as_it_is(page: Client, child: Child) -> None:
    answer = page.post(f"/children/{child.pk}/edit/", typed(id=str(child.pk), name="Siti Aminah", rt="03"))
    assert answer.status_code == 302
    child.refresh_from_db()
    assert (child.name, child.rt, child.nik) == ("Siti Aminah", "03", NIK)


def test_a_refused_edit_keeps_what_was_typed(page: Client, child: Child) -> None:
    measure(child, date(2023, 7, 5), "4.0", "52.0")
    answer = page.post(f"/children/{child.pk}/edit/", typed(name="Siti Aminah", birth_date="2023-08-01"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "sudah diukur pada 5 Juli 2023" in text
    assert 'value="Siti Aminah"' in text


def test_a_puskesmas_moves_a_child_between_its_villages(child: Child, village: Village) -> None:
    puskesmas = make_puskesmas()
    slarang = make_village("33.01.02.2010", "Slarang")
    for place in (village, slarang):
        place.puskesmas = puskesmas
        place.save()
    client = signed_in(make_user(Role.PUSKESMAS, puskesmas))
    url = f"/children/{child.pk}/move/"
    assert client.post(url, {"village": slarang.pk, "moved_on": "2024-08-21"}).status_code == 422
    assert client.post(url, {"village": slarang.pk, "moved_on": "2024-08-01"}).status_code == 302
    child.refresh_from_db()
    assert child.village == slarang


def test_a_child_that_left_is_closed_and_can_be_taken_back(page: Client, child: Child) -> None:
    url = f"/children/{child.pk}/close/"
    assert page.post(url, {"on": "2024-08-01"}).status_code == 422
    assert page.post(url, {"status": "moved", "on": "2024-08-01"}).status_code == 302
    child.refresh_from_db()
    assert (child.status, child.status_date) == (ChildStatus.MOVED, date(2024, 8, 1))
    text = page.get(f"/children/{child.pk}/").content.decode()
    assert "Tercatat pindah keluar kabupaten pada 1 Agustus 2024." in text
    assert "/measure/" not in text
    page.post(f"/children/{child.pk}/reopen/")
    child.refresh_from_db()
    assert child.is_active


def test_reading_a_page_never_reopens_a_child(page: Client, child: Child) -> None:
    assert page.get(f"/children/{child.pk}/reopen/").status_code == 405


def test_a_name_is_stored_without_the_characters_that_nobody_sees(page: Client, child: Child) -> None:
    typed_so = typed(name="\u202eAyu\u200b  Lestari", parent_name="\ufeffIbu Contoh")
    page.post(f"/children/{child.pk}/edit/", typed_so)
    child.refresh_from_db()
    assert (child.name, child.parent_name) == ("Ayu Lestari", "Ibu Contoh")


@pytest.mark.parametrize(("day", "status"), [("2024-08-11", 422), ("2024-08-10", 302)])
def test_a_child_that_died_moved_before_or_not_at_all(
    camat: User, child: Child, day: str, status: int
) -> None:
    neighbour = make_village("33.01.02.2016", "Kesugihan Kidul II")
    Child.objects.filter(pk=child.pk).update(status=ChildStatus.DIED, status_date=date(2024, 8, 10))
    answer = signed_in(camat).post(f"/children/{child.pk}/move/", {"village": neighbour.pk, "moved_on": day})
    assert answer.status_code == status
    if status == 422:
        assert "tercatat meninggal pada 10 Agustus 2024" in answer.content.decode()


def test_an_address_with_a_nul_in_its_code_leads_nowhere(page: Client, officer: User) -> None:
    for address in ("/roster/?village=%00", "/children/new/?village=%00"):
        assert page.get(address).status_code == 404
    assert signed_in(officer).get("/cadres/?kecamatan=%00").status_code == 404


@pytest.mark.parametrize(("typed_book", "stored"), [("1", True), ("0", False), ("", None)])
def test_a_growth_book_is_yes_no_or_not_asked(
    page: Client, child: Child, typed_book: str, stored: bool | None
) -> None:
    page.post(f"/children/{child.pk}/edit/", typed(growth_book=typed_book))
    child.refresh_from_db()
    assert child.growth_book is stored
    text = page.get(f"/children/{child.pk}/edit/").content.decode()
    assert f'<option value="{typed_book}" selected>' in text


def test_the_page_of_a_child_shows_who_changed_what_when_and_why(page: Client, child: Child) -> None:
    edit = typed(name="Siti", birth_date="2023-06-21", rt="", nik="3301025504230002", reason="sesuai akta")
    assert page.post(f"/children/{child.pk}/edit/", edit).status_code == 302
    text = page.get(f"/children/{child.pk}/").content.decode()
    for sentence in (
        "20 Agustus 2024, 09.00 · sumarni",
        "Tanggal lahir: 20 Juni 2023 → 21 Juni 2023",
        "RT: 02 → kosong",
        "NIK: 33010*********** → 33010***********, nomor lain",
        "Alasan: sesuai akta",
    ):
        assert sentence in text
    with override_settings(NIK_KEYS=[Fernet.generate_key().decode()]):
        Child.objects.filter(pk=child.pk).update(nik_sealed="", nik_hash=None)
        text = page.get(f"/children/{child.pk}/").content.decode()
    assert "Tanggal lahir: tidak dapat dibaca → tidak dapat dibaca" in text


def test_a_new_birth_date_of_a_measured_child_asks_for_its_reason_on_the_page(
    page: Client, child: Child
) -> None:
    measure(child, date(2024, 7, 5), "9.0", "75.0")
    answer = page.post(f"/children/{child.pk}/edit/", typed(name="Siti", birth_date="2023-06-21"))
    assert answer.status_code == 422
    assert "Tulis alasannya, misalnya “sesuai akta kelahiran”" in answer.content.decode()


def drawn_of(page: Client, child: Child) -> str:
    """What the edit page that is open now was drawn from."""
    form = page.get(f"/children/{child.pk}/edit/").context["form"]
    return str(form["drawn"].value())


def test_a_birth_date_that_turns_classes_asks_first_and_loses_nothing_typed(
    page: Client, child: Child
) -> None:
    measure(child, date(2024, 7, 5), "9.0", "75.0")
    url, edit = (
        f"/children/{child.pk}/edit/",
        typed(name="Siti Aminah", birth_date="2022-06-20", reason="akta"),
    )
    asked = page.post(url, edit)
    text = asked.content.decode()
    assert asked.status_code == 422
    assert "Umurnya menjadi 26 bulan, sebelumnya 14 bulan. 1 pengukuran menjadi" in text
    assert 'value="Siti Aminah"' in text
    assert 'value="akta"' in text
    child.refresh_from_db()
    assert child.birth_date == date(2023, 6, 20)
    [question] = asked.context["questions"]
    other = page.post(url, edit | {"birth_date": "2022-05-20", "confirmed": question.key})
    assert other.status_code == 422
    assert page.post(url, edit | {"confirmed": question.key}).status_code == 302
    child.refresh_from_db()
    assert child.birth_date == date(2022, 6, 20)


def test_an_answer_stays_while_the_reason_is_still_missing(page: Client, child: Child) -> None:
    measure(child, date(2024, 7, 5), "9.0", "75.0")
    url, edit = f"/children/{child.pk}/edit/", typed(name="Siti", birth_date="2022-06-20")
    asked = page.post(url, edit)
    assert "Tulis alasannya" in asked.content.decode()  # together with the question
    [question] = asked.context["questions"]
    text = page.post(url, edit | {"confirmed": question.key}).content.decode()
    assert "Tulis alasannya" in text
    assert f'<input type="hidden" name="confirmed" value="{question.key}">' in text


def test_of_two_officers_neither_wipes_what_the_other_changed(
    page: Client, camat: User, child: Child
) -> None:
    url = f"/children/{child.pk}/edit/"
    drawn = drawn_of(page, child)
    base = {"name": "Siti", "sex": "2", "birth_date": "2023-06-20", "rt": "02", "drawn": drawn}
    signed_in(camat).post(url, base | {"parent_name": "Bu A"})
    assert page.post(url, base | {"rt": "03"}).status_code == 302
    child.refresh_from_db()
    assert (child.parent_name, child.rt, child.nik) == ("Bu A", "03", NIK)


@pytest.mark.parametrize(("pick", "name"), [("mine", "Siti Aminah"), ("theirs", "Sitti"), (None, "Sitti")])
def test_of_two_values_the_page_shows_both_and_lets_one_choose(
    page: Client, camat: User, child: Child, pick: str | None, name: str
) -> None:
    url = f"/children/{child.pk}/edit/"
    drawn = drawn_of(page, child)
    base = {"name": "Siti", "sex": "2", "birth_date": "2023-06-20", "rt": "02", "drawn": drawn}
    signed_in(camat).post(url, base | {"name": "Sitti", "growth_book": "1"})
    refused = page.post(url, base | {"name": "Siti Aminah", "rt": "03"})
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "Yang Anda tulis: <strong>Siti Aminah</strong>" in text
    assert "Yang disimpan camat, 20 Agustus 2024, 09.00: <strong>Sitti</strong>" in text
    child.refresh_from_db()
    assert (child.name, child.rt) == ("Sitti", "02")
    form = refused.context["form"]
    again = {key: form[key].value() for key in form.fields if form[key].value() is not None}
    again |= {"conflict": "name"} | ({"pick_name": pick} if pick else {})
    assert again["growth_book"] == "1"  # what the other one alone changed is in the page
    if pick == "mine":
        asked = page.post(url, again | {"no_nik": ""})
        assert (asked.status_code, Child.objects.get().name) == (422, "Sitti")
        assert "Tulis mengapa nilai Anda yang benar." in asked.content.decode()
        again["reason"] = "sesuai akta"
    answer = page.post(url, again | {"no_nik": ""})
    assert answer.status_code == (302 if pick else 422)
    child.refresh_from_db()
    assert (child.name, child.rt) == (name, "03" if pick else "02")


def test_no_nik_yet_is_ticked_and_empties_it(page: Client, child: Child) -> None:
    url = f"/children/{child.pk}/edit/"
    assert "Anak belum punya NIK" in page.get(url).content.decode()
    both = page.post(url, typed(no_nik="on", nik="3301025504230002"))
    assert "jangan keduanya" in both.content.decode()
    assert page.post(url, typed(no_nik="on")).status_code == 302
    child.refresh_from_db()
    assert (child.nik, child.has_nik) == ("", False)
    assert "Anak belum punya NIK" not in page.get(url).content.decode()


def test_the_mothers_nik_is_asked_about_on_the_page(page: Client, child: Child) -> None:
    asked = page.post(f"/children/{child.pk}/edit/", typed(nik="3301025504950001"))
    assert asked.status_code == 422
    assert "NIK ibu atau ayahnya?" in asked.content.decode()


def test_a_nik_that_no_key_opens_is_said_to_be_unreadable(page: Client, child: Child) -> None:
    with override_settings(NIK_KEYS=[Fernet.generate_key().decode()]):
        for path in ("", "edit/"):
            assert "tidak dapat dibaca" in page.get(f"/children/{child.pk}/{path}").content.decode()


@pytest.mark.parametrize(
    ("known", "born", "shown"),
    [
        ({"birth_date_basis": "day"}, date(2023, 4, 2), None),
        ({"birth_date_basis": "month"}, date(2023, 4, 15), "perkiraan: hanya bulannya diketahui"),
        (
            {"birth_date_basis": "age", "age_months": "16", "birth_date": ""},
            date(2023, 4, 5),
            "dihitung dari umur",
        ),
    ],
)
def test_a_birth_date_of_which_only_month_or_age_is_known_is_said_to_be_estimated(
    page: Client, child: Child, known: dict[str, str], born: date, shown: str | None
) -> None:
    url = f"/children/{child.pk}/"
    answer = page.post(f"{url}edit/", typed(**{"birth_date": "2023-04-02"} | known))
    assert answer.status_code == 302
    child.refresh_from_db()
    assert (child.birth_date, child.birth_date_basis) == (born, known["birth_date_basis"])
    for path in ("", "card/"):
        assert ("perkiraan" in page.get(url + path).content.decode()) == (shown is not None)
    assert shown is None or shown in page.get(url).content.decode()
    rows = page.get("/work/roster.json?month=2024-08").json()["children"]
    assert [row.get("estimated", False) for row in rows] == [shown is not None]


def test_an_age_alone_says_that_only_the_age_is_known(page: Client, child: Child) -> None:
    sent = typed(birth_date="", birth_date_basis="day", age_months="16")
    assert page.post(f"/children/{child.pk}/edit/", sent).status_code == 302
    child.refresh_from_db()
    assert (child.birth_date, child.birth_date_basis) == (date(2023, 4, 5), "age")


def test_an_age_beside_a_birth_date_is_asked_about_and_never_dropped(page: Client, child: Child) -> None:
    for basis in ("day", "month"):
        sent = typed(birth_date_basis=basis, age_months="16")
        answer = page.post(f"/children/{child.pk}/edit/", sent)
        assert answer.status_code == 422
        assert "Kosongkan umurnya" in answer.content.decode()


def test_a_day_over_one_of_which_only_the_month_is_known_is_not_lost(page: Client, child: Child) -> None:
    url = f"/children/{child.pk}/edit/"
    page.post(url, typed(birth_date="2023-04-02", birth_date_basis="month"))
    drawn = '{"birth_date": "2023-04-15", "birth_date_basis": "month"}'
    sent = typed(birth_date="2023-04-20", birth_date_basis="month", drawn=drawn)
    answer = page.post(url, sent)
    assert answer.status_code == 422
    assert "pilih “tanggal lahirnya”" in answer.content.decode()
    assert page.post(url, sent | {"birth_date_basis": "day"}).status_code == 302
    child.refresh_from_db()
    assert (child.birth_date, child.birth_date_basis) == (date(2023, 4, 20), "day")


def test_the_identity_of_a_child_that_died_can_still_be_put_right(page: Client, child: Child) -> None:
    url = f"/children/{child.pk}/"
    page.post(f"{url}close/", {"status": "died", "on": "2024-08-01"})
    text = page.get(url).content.decode()
    assert f'href="{url}edit/"' in text
    assert f'href="{url}duplicates/"' in text
    assert page.get(url).context["age_days"] == 408  # 20 June 2023 to 1 August 2024: 366 and 42 days
    assert page.post(f"{url}edit/", typed()).status_code == 302


def test_an_age_that_is_none_is_refused(page: Client, child: Child) -> None:
    for age in ("x", "-1", "84"):
        sent = typed(birth_date="", birth_date_basis="age", age_months=age)
        assert "0 sampai 83" in page.post(f"/children/{child.pk}/edit/", sent).content.decode()
    sent = typed(birth_date="", birth_date_basis="age")
    assert "Isi tanggalnya." in page.post(f"/children/{child.pk}/edit/", sent).content.decode()


def test_an_older_page_closes_no_child_that_somebody_closed_otherwise(
    page: Client, camat: User, child: Child
) -> None:
    url = f"/children/{child.pk}/close/"
    drawn = page.get(url).context["drawn"]
    assert f'name="drawn" value="{drawn}"' in page.get(url).content.decode()
    died = {"status": "died", "on": "2024-08-10", "drawn": drawn}
    assert signed_in(camat).post(url, died).status_code == 302
    moved = {"status": "moved", "on": "2024-08-12"}
    refused = page.post(url, moved | {"drawn": drawn})
    assert refused.status_code == 422
    assert "Kesugihan Kidul, meninggal 10 Agustus 2024. Periksa" in refused.content.decode()
    child.refresh_from_db()
    assert child.status == ChildStatus.DIED
    assert page.post(url, moved | {"drawn": refused.context["drawn"]}).status_code == 302
    child.refresh_from_db()
    assert child.status == ChildStatus.MOVED


def test_an_older_page_moves_no_child_that_has_moved_meanwhile(officer: User, child: Child) -> None:
    slarang, other = make_village("33.01.02.2010", "Slarang"), make_village("33.01.02.2016", "Kidul II")
    client, url = signed_in(officer), f"/children/{child.pk}/move/"
    drawn = client.get(url).context["drawn"]
    first = {"village": slarang.pk, "moved_on": "2024-08-01", "drawn": drawn}
    assert client.post(url, first).status_code == 302
    refused = client.post(url, first | {"village": other.pk, "moved_on": "2024-08-05"})
    assert refused.status_code == 422
    assert "orang lain menyimpan: Slarang, aktif" in refused.content.decode()
    child.refresh_from_db()
    assert child.village == slarang
