"""Children over REST: by name only for those who work with them, NIK masked, enrolled once."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from rest_framework.test import APIClient

from registry.actions import merge_children
from registry.api import children
from registry.models import ChangeLog, Child, User, Village
from registry.name_search import sort_name
from tests.factories import make_cadre, make_child, make_posyandu, measure

URL = "/api/v1/children/"
NIK = "3301025403220001"


def body(**more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid4()),
        "village": "33.01.02.2016",
        "name": "Siti Contoh",
        "sex": "P",
        "birth_date": "2022-03-14",
        **more,
    }


def names(answer: Any) -> list[str]:
    return [row["name"] for row in answer.json()["results"]]


def test_a_child_comes_with_its_nik_masked(api: APIClient, cadre: User, village: Village) -> None:
    child = make_child(cadre, village, nik=NIK)
    found = api.get(f"{URL}{child.pk}/")
    assert (found.json()["nik_masked"], found.json()["has_nik"]) == ("33010***********", True)
    assert NIK not in found.content.decode()


def test_sex_is_told_as_the_field_writes_it(api: APIClient, child: Child) -> None:
    assert api.get(f"{URL}{child.pk}/").json()["sex"] == "P"


def test_children_of_another_village_are_not_there(api: APIClient, elsewhere: Village) -> None:
    other = make_child(make_cadre(elsewhere), elsewhere)
    assert names(api.get(URL)) == []
    assert api.get(f"{URL}{other.pk}/").status_code == 404
    assert api.get(f"{URL}{other.pk}/measurements/").status_code == 404


def test_for_another_system_there_are_no_children(machine: APIClient, child: Child) -> None:
    for path in ("", f"{child.pk}/", f"{child.pk}/measurements/"):
        assert machine.get(URL + path).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=active", ["Budi Contoh", "Siti Contoh"]),
        ("status=died", []),
        ("village=33.01.01.2001", []),
        ("village=33.01.02.2016", ["Budi Contoh", "Siti Contoh"]),
    ],
)
def test_children_are_found_by_name_status_and_village(
    api: APIClient, cadre: User, village: Village, query: str, found: list[str]
) -> None:
    make_child(cadre, village, name="Siti Contoh", parent_name="Ibu Aminah", nik=NIK)
    make_child(cadre, village, name="Budi Contoh")
    assert names(api.get(f"{URL}?{query}")) == found


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("sent", "found"),
    [
        ({"q": "budi"}, ["Budi Contoh"]),
        ({"q": "aminah"}, ["Siti Contoh"]),
        ({"q": NIK}, []),
        ({"q": "contoh", "status": "died"}, []),
        ({"q": "contoh", "village": "33.01.01.2001"}, []),
        ({"q": "contoh", "village": "33.01.02.2016"}, ["Budi Contoh", "Siti Contoh"]),
    ],
)
def test_a_name_is_looked_for_in_a_body(
    api: APIClient, cadre: User, village: Village, sent: dict[str, str], found: list[str]
) -> None:
    make_child(cadre, village, name="Siti Contoh", parent_name="Ibu Aminah", nik=NIK)
    make_child(cadre, village, name="Budi Contoh")
    answer = api.post(f"{URL}search/?page_size=5", sent, format="json")
    assert (answer.status_code, names(answer)) == (200, found)


def test_a_name_in_an_address_is_refused(api: APIClient, child: Child) -> None:
    answer = api.get(f"{URL}?q=siti")
    assert (answer.status_code, answer.json()["code"]) == (400, "search_is_posted")
    assert api.get(f"{URL}search/").status_code == 405


SPELT = json.loads((Path(__file__).parents[1] / "data" / "names.json").read_text(encoding="utf-8"))


@pytest.mark.both_databases
@pytest.mark.parametrize(("name", "text", "is_found"), SPELT["found"])
def test_a_child_is_found_however_its_name_is_spelt(
    api: APIClient, cadre: User, name: str, text: str, is_found: bool
) -> None:
    make_child(cadre, name=name)
    assert names(api.post(f"{URL}search/", {"q": text}, format="json")) == ([name] if is_found else [])


@pytest.mark.both_databases
def test_children_come_sorted_as_everywhere(api: APIClient, cadre: User) -> None:
    for name in reversed(SPELT["sorted"]):
        make_child(cadre, name=name)
    found = names(api.get(URL))
    assert [sort_name(name) for name in found] == [sort_name(name) for name in SPELT["sorted"]]


def test_measurements_come_oldest_first_with_those_out_of_force(api: APIClient, child: Child) -> None:
    old = measure(child, date(2024, 7, 5), "10.0").measurement
    measure(child, date(2024, 8, 5), "10.3")
    api.post(f"/api/v1/measurements/{old.pk}/void/", {"reason": "anak yang lain"})
    found = api.get(f"{URL}{child.pk}/measurements/").json()["results"]
    assert [(row["measured_on"], row["state"]) for row in found] == [
        ("2024-07-05", "void"),
        ("2024-08-05", "in_force"),
    ]


@pytest.mark.both_databases
def test_enrolling_is_201_and_the_same_again_200(api: APIClient, village: Village) -> None:
    sent = body(nik=NIK, birth_weight_kg=3.1, since="2022-03-14", posyandu=make_posyandu(village).pk)
    first, second = api.post(URL, sent), api.post(URL, sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["child"]["posyandu"]["name"] == "Melati 1"
    assert first.json()["warnings"] == []
    assert Child.objects.count() == 1


def test_a_nik_that_says_otherwise_is_a_warning(api: APIClient) -> None:
    warnings = api.post(URL, body(nik="3301021403220001")).json()["warnings"]
    assert warnings == [
        {
            "code": "sex",
            "message": "Jenis kelamin di NIK berbeda dari yang ditulis. Periksa Kartu Keluarga (KK).",
        }
    ]


@pytest.mark.both_databases
def test_a_used_nik_is_409(api: APIClient) -> None:
    api.post(URL, body(nik=NIK))
    answer = api.post(URL, body(nik=NIK, name="Lain"))
    assert (answer.status_code, answer.json()["code"]) == (409, "nik_used")


def test_a_village_outside_the_area_is_404(api: APIClient, elsewhere: Village) -> None:
    assert api.post(URL, body(village=elsewhere.pk)).status_code == 404


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "  "),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("name", 7),
        ("sex", "X"),
        ("birth_date", "2030-01-01"),
        ("birth_date", "0001-01-01"),
        ("nik", "330102"),
        ("birth_weight_kg", 31),
        ("birth_length_cm", 0.5),
        ("gestation_weeks", 21),
        ("gestation_weeks", 45),
        ("gestation_weeks", 32.5),
        ("gestation_weeks", "32"),
        ("posyandu", 10**30),
        ("posyandu", 999_999),
        ("posyandu", True),
        ("since", "yesterday"),
        ("rt", "123456"),
    ],
)
def test_an_identity_that_cannot_be_is_400_and_names_the_field(
    api: APIClient, field: str, value: Any
) -> None:
    answer = api.post(URL, body(**{field: value}))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    assert Child.objects.count() == 0


def test_another_system_enrols_nobody(machine: APIClient) -> None:
    assert machine.post(URL, body()).status_code == 404


def test_a_child_alike_is_422_and_named_and_enrolled_once_confirmed(api: APIClient, child: Child) -> None:
    twin = body(name=child.name, birth_date=child.birth_date.isoformat())
    answer = api.post(URL, twin)
    assert (answer.status_code, answer.json()["code"]) == (422, "perhaps_enrolled")
    [alike] = answer.json()["children"]
    assert (alike["id"], alike["sex"], alike["question"]) == (str(child.pk), "P", "same_child")
    assert api.post(URL, {**twin, "confirmed": [str(child.pk)]}).status_code == 201


@pytest.mark.parametrize("confirmed", ["yes", ["x"], [1], 1, None])
def test_a_confirmation_that_names_no_children_is_400(api: APIClient, confirmed: Any) -> None:
    answer = api.post(URL, body(confirmed=confirmed))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["confirmed"])


@pytest.mark.parametrize("book", [True, False, None])
def test_a_growth_book_is_told_as_it_was_sent(api: APIClient, book: bool | None) -> None:
    assert api.post(URL, body(growth_book=book)).json()["child"]["growth_book"] is book


@pytest.mark.parametrize("weeks", [22, 36, 44, None])
def test_weeks_of_pregnancy_are_told_as_they_were_sent(api: APIClient, weeks: int | None) -> None:
    assert api.post(URL, body(gestation_weeks=weeks)).json()["child"]["gestation_weeks"] == weeks


def test_weeks_of_pregnancy_stay_unless_they_are_sent(api: APIClient, cadre: User, village: Village) -> None:
    child = make_child(cadre, village, gestation_weeks=32)
    for sent, weeks in (
        ({"name": "Sitti"}, 32),
        ({"gestation_weeks": 34}, 34),
        ({"gestation_weeks": None}, None),
    ):
        answer = api.patch(f"{URL}{child.pk}/", sent, format="json")
        assert answer.json()["child"]["gestation_weeks"] == weeks


def test_the_same_child_with_other_weeks_is_another_entry(api: APIClient) -> None:
    sent = body()
    assert api.post(URL, {**sent, "gestation_weeks": 32}).status_code == 201
    assert api.post(URL, {**sent, "gestation_weeks": 32}).status_code == 200
    assert api.post(URL, {**sent, "gestation_weeks": 33}).status_code == 409


# --- Putting an identity right ------------------------------------------------------------------------


def test_only_what_is_sent_is_changed_and_it_is_in_the_log(
    api: APIClient, cadre: User, village: Village
) -> None:
    child = make_child(cadre, village, nik=NIK, parent_name="Bu A", posyandu_id=make_posyandu(village).pk)
    answer = api.patch(f"{URL}{child.pk}/", {"name": "Sitti", "reason": "salah ketik"}, format="json")
    assert (answer.status_code, answer.json()["child"]["name"]) == (200, "Sitti")
    stored = Child.objects.get()
    assert (stored.parent_name, stored.nik, stored.posyandu_id) == ("Bu A", NIK, child.posyandu_id)
    [logged] = ChangeLog.objects.all()
    assert (logged.field, logged.by, logged.reason) == ("name", cadre, "salah ketik")


@pytest.mark.parametrize("none", [None, ""])
def test_no_nik_yet_empties_it(api: APIClient, cadre: User, village: Village, none: str | None) -> None:
    child = make_child(cadre, village, nik=NIK)
    answer = api.patch(f"{URL}{child.pk}/", {"nik": none}, format="json")
    assert (answer.status_code, answer.json()["child"]["has_nik"]) == (200, False)


def test_a_sex_that_turns_classes_is_422_with_the_measurements_until_confirmed(
    api: APIClient, child: Child
) -> None:
    # A girl of 27 months: HAZ -1.94 or so; a boy is longer, and she is pendek as one.
    measured = measure(child, date(2024, 6, 12), "9.6", "81.0").measurement
    sent = {"sex": "L", "reason": "sesuai akta"}
    asked = api.patch(f"{URL}{child.pk}/", sent, format="json")
    assert (asked.status_code, asked.json()["code"]) == (422, "identity_doubtful")
    [doubt] = asked.json()["doubts"]
    assert doubt["code"] == "classes_turn"
    assert doubt["message"] == asked.json()["detail"]
    assert {(turn["measurement"], turn["measured_on"]) for turn in asked.json()["turned"]} == {
        (str(measured.pk), "2024-06-12")
    }
    assert api.get(f"{URL}{child.pk}/").json()["sex"] == "P"
    answer = api.patch(f"{URL}{child.pk}/", sent | {"confirmed": ["classes_turn"]}, format="json")
    assert (answer.status_code, answer.json()["child"]["sex"]) == (200, "L")


def test_a_birth_date_of_a_measured_child_needs_a_reason(api: APIClient, child: Child) -> None:
    measure(child, date(2024, 6, 12), "11.0", "84.0")
    answer = api.patch(f"{URL}{child.pk}/", {"birth_date": "2022-03-15"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "reason_missing")


def test_a_doubt_says_together_with_itself_that_the_reason_is_missing(api: APIClient, child: Child) -> None:
    measure(child, date(2024, 6, 12), "9.6", "81.0")  # as above: a boy of that length is pendek
    asked = api.patch(f"{URL}{child.pk}/", {"sex": "L"}, format="json")
    assert (asked.status_code, asked.json()["code"]) == (422, "identity_doubtful")
    assert [doubt["code"] for doubt in asked.json()["doubts"]] == ["classes_turn"]
    [sentence] = asked.json()["errors"]["reason"]
    assert "alasan" in sentence.lower()
    both = {"sex": "L", "confirmed": ["classes_turn"], "reason": "sesuai akta"}
    assert api.patch(f"{URL}{child.pk}/", both, format="json").status_code == 200


def test_a_doubt_with_a_reason_names_no_missing_reason(api: APIClient, child: Child) -> None:
    measure(child, date(2024, 6, 12), "9.6", "81.0")
    asked = api.patch(f"{URL}{child.pk}/", {"sex": "L", "reason": "sesuai akta"}, format="json")
    assert asked.json()["errors"] == {}


def test_nobody_changes_a_child_of_another_village(api: APIClient, elsewhere: Village) -> None:
    other = make_child(make_cadre(elsewhere), elsewhere)
    assert api.patch(f"{URL}{other.pk}/", {"name": "Sitti"}, format="json").status_code == 404


def test_a_mothers_nik_is_422_until_confirmed_and_a_warning_then(api: APIClient) -> None:
    sent = body(nik="3301025403900001")
    asked = api.post(URL, sent)
    assert (asked.status_code, [one["code"] for one in asked.json()["doubts"]]) == (422, ["nik_parent"])
    answer = api.post(URL, sent | {"confirmed": ["nik_parent"]})
    assert (answer.status_code, answer.json()["warnings"][-1]["code"]) == (201, "parent")


def test_a_child_of_which_only_the_month_of_birth_is_known(api: APIClient) -> None:
    sent = body(birth_date="2022-03-02", birth_date_basis="month")
    found = api.post(URL, sent)
    shown = found.json()["child"]
    assert (shown["birth_date"], shown["birth_date_basis"]) == ("2022-03-15", "month")
    assert api.post(URL, sent).status_code == 200
    child = f"{URL}{sent['id']}/"
    assert api.patch(child, {"name": "Sitti"}, format="json").json()["child"]["birth_date_basis"] == "month"
    sent = {"birth_date": "2022-03-20", "birth_date_basis": "day"}
    shown = api.patch(child, sent, format="json").json()["child"]
    assert (shown["birth_date"], shown["birth_date_basis"]) == ("2022-03-20", "day")


@pytest.mark.parametrize(("basis", "stored"), [("month", "2022-03-15"), ("age", "2022-03-02")])
def test_a_new_birth_date_is_known_to_the_day_unless_it_says_otherwise(
    api: APIClient, basis: str, stored: str
) -> None:
    sent = body(birth_date="2022-03-02", birth_date_basis=basis)
    api.post(URL, sent)
    for born, kept in ((stored, basis), ("2022-03-20", "day")):
        shown = api.patch(f"{URL}{sent['id']}/", {"birth_date": born}, format="json").json()["child"]
        assert (shown["birth_date"], shown["birth_date_basis"]) == (born, kept)


def test_a_field_that_somebody_changed_between_is_409(api: APIClient, child: Child, monkeypatch: Any) -> None:
    read = children.drawn_state

    def read_then_changed(known: Child) -> dict[str, str]:
        drawn = read(known)
        Child.objects.filter(pk=known.pk).update(name="Sitti", rt="07")
        return drawn

    monkeypatch.setattr(children, "drawn_state", read_then_changed)
    answer = api.patch(f"{URL}{child.pk}/", {"name": "Siti Aminah"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
    assert list(answer.json()["errors"]) == ["name"]
    assert api.patch(f"{URL}{child.pk}/", {"parent_name": "Bu A"}, format="json").status_code == 200
    assert Child.objects.values_list("name", "rt", "parent_name").get() == ("Sitti", "07", "Bu A")


def test_what_changed_since_it_was_read_is_409_with_both_values(api: APIClient, child: Child) -> None:
    Child.objects.filter(pk=child.pk).update(name="Sitti", rt="07")
    sent = {"name": "Siti Aminah", "rt": "", "seen": {"name": child.name, "rt": ""}}
    answer = api.patch(f"{URL}{child.pk}/", sent, format="json")
    assert (answer.status_code, answer.json()["code"]) == (409, "changed_meanwhile")
    assert answer.json()["conflicts"] == [{"field": "name", "sent": "Siti Aminah", "stored": "Sitti"}]
    again = api.patch(f"{URL}{child.pk}/", sent | {"seen": {"name": "Sitti", "rt": ""}}, format="json")
    assert (again.json()["child"]["name"], again.json()["child"]["rt"]) == ("Siti Aminah", "07")
    for wrong in ("x", {"nik": "1"}, {"name": 1}):
        assert api.patch(f"{URL}{child.pk}/", {"seen": wrong}, format="json").status_code == 400


def test_the_id_of_a_merged_record_answers_with_the_one_kept(
    api: APIClient, cadre: User, child: Child
) -> None:
    other = make_child(cadre, child.village, name=child.name, birth_date=child.birth_date)
    merge_children(by=cadre, kept_id=child.pk, merged_id=other.pk)
    assert api.get(f"{URL}{other.pk}/").json()["id"] == str(child.pk)
    sent = {"id": str(uuid4()), "child": str(other.pk), "measured_on": "2024-08-05", "weight_kg": 9.1}
    assert api.post("/api/v1/measurements/", sent).json()["child"] == str(child.pk)
    [row] = api.get(f"{URL}{other.pk}/measurements/").json()["results"]
    assert row["id"] == sent["id"]
    assert [one["id"] for one in api.get(URL).json()["results"]] == [str(child.pk)]
