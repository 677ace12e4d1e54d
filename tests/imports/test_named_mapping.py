"""A mapping remembered under a name: who may use it, and which columns it means in the next file."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from registry.errors import Invalid
from registry.growth.cells.text import Cell
from registry.imports.answers import ImportAnswers
from registry.imports.readers.read_file import Sheet
from registry.imports.tables.named_mapping import Columns, lay_mapping
from registry.models import ColumnMapping, District, Kecamatan, Role, User
from tests.factories import make_cadre, make_district, make_puskesmas, make_user, make_village
from tests.imports.files import one_table

HEADER: list[Cell] = ["Urut", "Si kecil", "L/P?", "Lahir", "Timbang", "Kg", "Cm"]
CHILD: list[Cell] = [1, "SITI CONTOH", "P", "2022-03-14", "2024-06-12", 11.4, 84.5]
BY_TEXT: Columns = {
    "name": "Si kecil",
    "sex": "L/P?",
    "birth_date": "lahir ",
    "measured_on": "TIMBANG",
    "weight": "Kg",
    "lenhei": 6,
}
PLACES = {"name": 1, "sex": 2, "birth_date": 3, "measured_on": 4, "weight": 5, "lenhei": 6}


def sheet(*rows: list[Cell]) -> Sheet:
    return Sheet("", list(rows))


def test_columns_are_found_by_their_header_or_their_number() -> None:
    laid = lay_mapping(BY_TEXT, sheet(HEADER, CHILD), header_row=1)
    assert (laid.columns, laid.header_row) == (PLACES, 1)


def test_the_header_is_looked_for_so_another_title_above_does_no_harm() -> None:
    laid = lay_mapping(BY_TEXT, sheet(["Laporan"], ["Juni"], HEADER, CHILD))
    assert (laid.columns, laid.header_row) == (PLACES, 3)


def test_a_column_put_in_before_is_stepped_over() -> None:
    wider = [["Baru", *HEADER], ["x", *CHILD]]
    laid = lay_mapping({**BY_TEXT, "lenhei": "Cm"}, sheet(*wider))
    assert laid.columns == {field: column + 1 for field, column in PLACES.items()}


def test_numbers_alone_leave_the_header_open() -> None:
    assert lay_mapping({"name": 1}, sheet(HEADER, CHILD)).header_row is None
    assert lay_mapping({"name": 1}, sheet(CHILD), header_row=0).header_row == 0


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"nama": 1}, "mapped_field_unknown"),
        ({"name": "Balita"}, "mapped_column_missing"),
        ({"name": ""}, "mapped_column_missing"),
        ({"name": -1}, "mapped_column_missing"),
        ({"name": True}, "mapped_column_missing"),
        ({"name": 1, "parent": 1}, "mapped_twice"),
        ({"name": "Si kecil", "parent": 1}, "mapped_twice"),
    ],
)
def test_a_mapping_that_does_not_fit_the_file_says_why(columns: Columns, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        lay_mapping(columns, sheet([*HEADER, ""], CHILD))  # a column without a header is not what "" means
    assert caught.value.code == code
    assert caught.value.message.endswith(".")


@pytest.mark.django_db
def test_what_is_laid_is_what_the_table_reads() -> None:
    page = sheet(["Laporan"], HEADER, CHILD)
    laid = lay_mapping(BY_TEXT, page)
    answers = ImportAnswers(village=make_village(), mapping=laid.columns, header_row=laid.header_row)
    table = one_table([page], answers)
    [line] = table.lines()
    assert (table.layout, line.number, line["name"], line["lenhei"]) == ("mapped", 3, "SITI CONTOH", 84.5)


# --- Who may use it -----------------------------------------------------------------------------------------


def remembered(user: User, district: District, name: str = "Buku posyandu") -> ColumnMapping:
    return ColumnMapping.objects.create(name=name, district=district, user=user, columns=dict(BY_TEXT))


@pytest.mark.django_db
def test_a_mapping_is_for_everybody_with_children_in_its_kabupaten() -> None:
    village = make_village()
    mapping = remembered(make_cadre(village), make_district())
    people = [
        make_cadre(village),
        make_user(Role.PUSKESMAS, make_puskesmas()),
        make_user(Role.KECAMATAN, village.kecamatan),
        make_user(Role.DISTRICT),
    ]
    for user in people:
        assert list(ColumnMapping.objects.visible_to(user)) == [mapping]


@pytest.mark.django_db
def test_a_mapping_is_not_for_another_kabupaten_a_client_or_somebody_who_left() -> None:
    remembered(make_user(Role.DISTRICT), make_district())
    other = District.objects.create(code="33.02", name="Banyumas")
    far = Kecamatan.objects.create(code="33.02.01", name="Lumbir", district=other)
    gone = make_user(Role.DISTRICT)
    gone.is_active = False
    for user in (make_user(Role.KECAMATAN, far), make_user(Role.CLIENT), make_user(), gone):
        assert not ColumnMapping.objects.visible_to(user).exists()


@pytest.mark.django_db
def test_a_name_is_given_once_in_a_kabupaten() -> None:
    boss = make_user(Role.DISTRICT)
    remembered(boss, make_district())
    with pytest.raises(IntegrityError):
        remembered(boss, make_district())
