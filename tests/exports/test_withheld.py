"""Whose parents have withdrawn consent leave the files and lists that go beyond village and puskesmas."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from registry.exports.export_data import FOR_OTHER_SYSTEMS, export
from registry.models import Child, ExportForm, ExportKind, ExportLog, Kecamatan, Role, User, Village
from tests.exports.files import sheets_of
from tests.factories import (
    agree,
    make_child,
    make_district,
    make_kecamatan,
    make_puskesmas,
    make_user,
    make_village,
    measure,
    signed_in,
    withdraw,
)

pytestmark = pytest.mark.django_db

REASON = "Laporan bulan Juni ke Dinas"
CARERS = (Role.CADRE, Role.MIDWIFE, Role.PUSKESMAS)
OTHERS = (Role.KECAMATAN, Role.DISTRICT, Role.ADMIN)

LISTED = [*((role, 4) for role in CARERS), *((role, 3) for role in OTHERS)]
"""How many of the four children each role gets by name."""
NAMES = ["Ani", "Budi", "Cici", "Dewi"]


@pytest.fixture
def village() -> Village:
    village = make_village()
    village.puskesmas = make_puskesmas()
    village.save()
    return village


@pytest.fixture
def users(village: Village) -> dict[Role, User]:
    places = {
        Role.CADRE: village,
        Role.MIDWIFE: village,
        Role.PUSKESMAS: village.puskesmas,
        Role.KECAMATAN: make_kecamatan(),
        Role.DISTRICT: make_district(),
        Role.ADMIN: make_district(),
    }
    return {role: make_user(role, place) for role, place in places.items()}


@pytest.fixture
def gone(village: Village) -> Child:
    """Four children: never asked, agreed, agreed again, withdrawn."""
    children = [make_child(village=village, name=name) for name in NAMES]
    for child in children:
        measure(child, date(2024, 6, 5), "10.2", "86.0", confirmed=True)
    for child in children[1:]:
        agree(child, date(2024, 3, 1))
    for child in children[2:]:
        withdraw(child, date(2024, 4, 1))
    agree(children[2], date(2024, 5, 1))
    return children[3]


def take(user: User, kind: ExportKind, place: Village | Kecamatan) -> tuple[set[str], int]:
    """Return the names in the file, and how many it says are left out."""
    exported = export(user, kind, place, form=ExportForm.CSV, reason=REASON)
    with exported.file:
        text = exported.file.read().decode("utf-8-sig")
    return {name for name in NAMES if name in text}, exported.withheld


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize("kind", sorted(FOR_OTHER_SYSTEMS))
@pytest.mark.parametrize("role", CARERS + OTHERS)
def test_files_for_other_systems_leave_the_child_out_whoever_takes_them(
    users: dict[Role, User], village: Village, kind: ExportKind, role: Role
) -> None:
    assert take(users[role], kind, village) == ({"Ani", "Budi", "Cici"}, 1)
    assert ExportLog.objects.get().withheld == 1


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize(("role", "rows"), LISTED)
def test_a_file_for_study_has_the_child_for_its_carers_alone(
    users: dict[Role, User], village: Village, role: Role, rows: int
) -> None:
    exported = export(users[role], ExportKind.ANTHRO, village)
    with exported.file:
        assert (exported.rows, exported.children, exported.withheld) == (rows, rows, 4 - rows)


@pytest.mark.usefixtures("gone")
def test_a_file_of_excel_says_how_many_are_left_out(users: dict[Role, User], village: Village) -> None:
    exported = export(users[Role.DISTRICT], ExportKind.ANTHRO, village, form=ExportForm.XLSX)
    with exported.file:
        notes = sheets_of(exported.file.read())["Keterangan"]
    said = "1 anak tidak ada di berkas ini: orang tuanya mencabut persetujuan."
    assert ["Persetujuan", said] in notes


@pytest.mark.usefixtures("gone")
def test_the_command_says_it_too(users: dict[Role, User], village: Village, tmp_path: Path) -> None:
    out, user = io.StringIO(), users[Role.DISTRICT].username
    options = {"layout": "eppgbm", "place": village.pk, "username": user, "stdout": out}
    call_command("export_file", tmp_path / "a.csv", **options)
    assert "1 anak tidak ada di berkas ini" in out.getvalue()
    out.truncate(0)
    call_command("export_file", tmp_path / "b.csv", as_json=True, **options)
    assert json.loads(out.getvalue().lstrip("\0"))["withheld"] == 1


@pytest.mark.usefixtures("gone")
@pytest.mark.parametrize(("role", "count"), LISTED)
def test_the_list_of_the_api_has_the_child_for_its_carers_alone(
    users: dict[Role, User], village: Village, role: Role, count: int
) -> None:
    client = signed_in(users[role])
    listed = client.get("/api/v1/children/", {"village": village.pk}).json()
    searched = client.post(
        "/api/v1/children/search/", {"q": "i", "village": village.pk}, content_type="application/json"
    ).json()
    assert (listed["count"], len(listed["results"]), listed["withheld"]) == (count, count, 4 - count)
    assert (searched["count"], searched["withheld"]) == (count, 4 - count)


@pytest.mark.parametrize(("role", "names"), LISTED)
@pytest.mark.parametrize(
    "page",
    [
        "/children/?village=33.01.02.2016&month=2024-06",
        "/follow-up/?village=33.01.02.2016",
        "/skdn/?village=33.01.02.2016&month=2024-06&table=followed",
        "/dashboard/villages/33.01.02.2016/priority/?month=2024-06",
    ],
)
def test_a_list_of_a_page_leaves_the_child_out_as_a_file_and_never_on_the_page(
    users: dict[Role, User], village: Village, role: Role, page: str, names: int
) -> None:
    children = [make_child(village=village, name=name) for name in NAMES]
    for child in children:  # severely wasted and underweight: on every list of those to be followed
        measure(child, date(2024, 5, 5), "6.1", "80.0", confirmed=True)
        measure(child, date(2024, 6, 5), "6.0", "80.0", confirmed=True)
    agree(children[3], date(2024, 3, 1))
    withdraw(children[3], date(2024, 4, 1))
    client = signed_in(users[role])
    table = page.partition("table=")[2]
    file = client.post(page.partition("&table")[0], {"format": "csv", "table": table})
    text = file.content.decode("utf-8-sig")
    assert file.status_code == 200
    assert [name for name in NAMES if name in text] == NAMES[:names]
    log = ExportLog.objects.get()
    assert (log.children, log.withheld) == (names, 4 - names)
    assert len(list(csv.reader(io.StringIO(text)))) == names + 1
    assert "Dewi" in client.get(page.partition("&table")[0]).content.decode()


@pytest.mark.parametrize("page", ["", "card/"])
def test_a_file_of_the_child_itself_is_for_its_carers(
    users: dict[Role, User], gone: Child, page: str
) -> None:
    def take_file(role: Role) -> int:
        return signed_in(users[role]).post(f"/children/{gone.pk}/{page}", {"format": "csv"}).status_code

    assert {role: take_file(role) for role in users} == dict.fromkeys(CARERS, 200) | dict.fromkeys(
        OTHERS, 400
    )
    refused = signed_in(users[Role.DISTRICT]).post(f"/children/{gone.pk}/{page}", {"format": "csv"})
    assert "mencabut persetujuan" in refused.content.decode()


@pytest.mark.usefixtures("gone")
def test_the_page_of_files_says_how_many_were_left_out(users: dict[Role, User], village: Village) -> None:
    take(users[Role.DISTRICT], ExportKind.EPPGBM, village)
    page = signed_in(users[Role.DISTRICT]).get("/export/").content.decode()
    assert "1 anak tidak disertakan: persetujuan dicabut." in page


def test_the_child_stays_counted(users: dict[Role, User], gone: Child) -> None:
    summary = signed_in(users[Role.DISTRICT]).get(
        f"/api/v1/villages/{gone.village_id}/summary/", {"month": "2024-06"}
    )
    assert summary.json()["measured"] == 4
