"""``manage.py import_file``: a line a row, totals, and an exit code for scripts."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.models import Child, ColumnMapping, Measurement, Role, Upload, User, Village
from registry.places.load import load_places
from tests.factories import make_district, make_user
from tests.imports.files import (
    HEADER,
    SAMPLES,
    csv_file,
    row,
    sheet_bytes,
    table,
    xlsx_file,
    xlsx_rows,
)

pytestmark = pytest.mark.django_db

OLD = next(SAMPLES.glob("02*"))
NEW = next(SAMPLES.glob("03*"))


@pytest.fixture
def admin() -> User:
    load_places()
    return make_user(Role.ADMIN)


def run(file: Path, *options: str) -> tuple[int, str]:
    """The exit code and what was printed."""
    out = StringIO()
    try:
        call_command("import_file", str(file), *options, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_every_row_is_printed_with_its_outcome_and_the_nik_masked(admin: User) -> None:
    code, printed = run(NEW, "--commit")
    assert code == 1
    lines = printed.splitlines()
    assert lines[0] == (
        "     2 Anak baru         Anak baru di Kesugihan Kidul, dengan pengukurannya. [new_child] "
        "CONTOH ANAK SATU 33010***********"
    )
    assert "     8 Ditolak           Berat 74 dan tinggi 8,9 tampak tertukar." in printed
    assert "     7 Anak baru\n     1 Sudah ada\n     1 Ditolak\n     9 baris\n" in printed
    assert "\n7 anak baru, 7 pengukuran baru.\n" in printed
    assert "3301021403220001" not in printed
    assert Measurement.objects.count() == 7


def test_a_file_with_every_row_taken_ends_with_zero_and_leaves_its_trace(admin: User) -> None:
    assert run(OLD, "--commit")[0] == 0
    upload = Upload.objects.get()
    assert (upload.user, upload.file_name, bytes(upload.content_sealed)) == (admin, OLD.name, b"")
    assert upload.summary["outcomes"] == {"new_child": 6}
    assert Measurement.objects.filter(upload=upload, recorded_by=admin).count() == 6


def test_without_commit_it_prints_the_same_and_writes_nothing(admin: User) -> None:
    code, printed = run(OLD)
    assert code == 0
    assert "     6 Anak baru\n     6 baris\nHanya diperiksa; tidak ada yang disimpan." in printed
    assert not Child.objects.exists()
    assert not Upload.objects.exists()


def test_it_records_as_who_it_is_told(admin: User) -> None:
    officer = make_user(Role.DISTRICT, username="gizi")
    run(OLD, "--commit", "--as", "gizi")
    assert set(Measurement.objects.values_list("recorded_by", flat=True)) == {officer.pk}


def test_the_area_of_who_records_holds(admin: User, tmp_path: Path) -> None:
    file = tmp_path / "balita.csv"
    file.write_bytes(csv_file(row()))
    make_user(Role.CLIENT, username="sistem")
    code, printed = run(file, "--as", "sistem")
    assert code == 1
    assert "[village_outside]" in printed


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"a,b\n1,2\n"])
def test_a_file_that_cannot_be_read_ends_with_two(admin: User, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        run(file)
    assert caught.value.returncode == 2


def test_a_file_that_is_not_there_ends_with_two(admin: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="tidak bisa dibuka") as caught:
        run(tmp_path / "tidak-ada.csv")
    assert caught.value.returncode == 2


def test_without_exactly_one_administrator_it_asks_who_records() -> None:
    for _ in range(2):
        with pytest.raises(CommandError, match="--as NAMA_PENGGUNA"):
            run(OLD)
        make_user(Role.ADMIN)
        make_user(Role.ADMIN)


def test_an_unknown_name_is_refused(admin: User) -> None:
    with pytest.raises(CommandError, match="Tidak ada pengguna aktif bernama hantu"):
        run(OLD, "--as", "hantu")


def test_a_script_reads_numbers_that_add_up_and_no_names(admin: User) -> None:
    code, printed = run(NEW, "--json")
    found = json.loads(printed)
    assert code == 1
    assert {
        name: found[name]
        for name in found
        if name not in ("details", "layout", "sheet", "sheets", "sheet_notes", "sheets_not_read", "questions")
        and name not in ("columns_not_read", "measures_missing", "token")
    } == {
        "committed": False,
        "rows": 9,
        "children_new": 7,
        "children_matched": 0,
        "children_departed": 0,
        "measurements_new": 7,
        "measurements_same": 1,
        "ask": 0,
        "refused": 1,
        "children_new_doubtful": 0,
        "measurements_doubtful": 0,
        "completed": 0,
        "skipped": 0,
        "undated": [],
    }
    (swapped,) = [row for row in found["details"] if row["outcome"] == "refused"]
    assert (swapped["row"], swapped["code"]) == (8, "swapped")
    assert swapped["sentence"].startswith("Berat 74 dan tinggi 8,9 tampak tertukar.")
    assert "CONTOH" not in printed and "33010" not in printed
    assert not Child.objects.exists()
    run(NEW, "--commit")
    again = json.loads(run(NEW, "--json", "--commit")[1])
    assert (again["children_new"], again["children_matched"]) == (0, 7)
    assert (again["measurements_new"], again["measurements_same"]) == (0, 8)


def test_repairs_are_listed_by_row(admin: User) -> None:
    found = json.loads(run(next(SAMPLES.glob("01*")), "--json")[1])
    repaired = [note["code"] for row in found["details"] for note in row["repaired"]]
    assert "decimal_restored" in repaired


def two_of_one_name(folder: Path) -> Path:
    """The second row may be of the child that the first one brings."""
    file = folder / "balita.csv"
    file.write_bytes(csv_file(row(NIK="3301025403220001"), row(NIK="3301025403220002", Berat="11.5")))
    return file


@pytest.mark.parametrize("option", [[], ["--commit"]])
def test_what_is_only_asked_ends_with_one(admin: User, tmp_path: Path, option: list[str]) -> None:
    code, printed = run(two_of_one_name(tmp_path), "--json", *option)
    assert (code, json.loads(printed)["ask"], json.loads(printed)["refused"]) == (1, 1, 0)
    assert Child.objects.count() == len(option)  # what can be stored is


def test_a_file_that_cannot_be_read_says_why_as_json_too(admin: User, tmp_path: Path) -> None:
    file = tmp_path / "kosong.csv"
    file.write_bytes(b"")
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_file", str(file), "--json", stdout=out)
    assert refused.value.returncode == 2
    assert json.loads(out.getvalue())["error"] == "file_empty"


BOOK = [["Urut", "Si kecil", "L/P?", "Lahir", "Timbang", "Kg", "Cm"]]
BOOK += [["1", "SITI CONTOH", "P", "2022-03-14", "2024-06-12", "11.4", "84.5"]]


@pytest.mark.parametrize("option", [[], ["--commit"]])
def test_who_works_in_one_village_is_not_asked_of_which_one_a_file_is(
    admin: User, tmp_path: Path, option: list[str]
) -> None:
    """As on the page of files."""
    cadre = make_user(Role.CADRE, Village.objects.get(pk="33.01.02.2016"), username="kader")
    fields = ("name", "sex", "birth_date", "measured_on", "weight", "lenhei")
    columns = dict(zip(fields, BOOK[0][1:], strict=True))
    ColumnMapping.objects.create(name="buku ibu", district=make_district(), user=cadre, columns=columns)
    file = tmp_path / "buku.csv"
    file.write_bytes(sheet_bytes(BOOK))
    mapped = [str(file), "--mapping", "buku ibu", "--json", *option]
    code, printed = run(Path(mapped[0]), *mapped[1:], "--as", "kader")
    assert (code, json.loads(printed)["children_new"]) == (0, 1)
    assert Child.objects.filter(village="33.01.02.2016").count() == len(option)
    with pytest.raises(CommandError, match="Pilih desa"):  # who works in many is asked still
        run(Path(mapped[0]), *mapped[1:])


@pytest.mark.parametrize(
    "options", [["--as", "hantu"], ["--village", "33.01.99.9999"], ["--mapping", "x"], []]
)
def test_whatever_is_refused_is_said_as_json_too(admin: User, tmp_path: Path, options: list[str]) -> None:
    """Without options it is a folder, and no file."""
    file = tmp_path / "balita.csv" if options else tmp_path
    if options:
        file.write_bytes(csv_file(row()))
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_file", str(file), "--json", *options, stdout=out)
    assert refused.value.returncode == 2
    assert json.loads(out.getvalue()).keys() == {"error", "sentence"}


def test_a_file_that_is_not_there_is_said_as_json_too(admin: User, tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("import_file", str(tmp_path / "x.csv"), "--json", stdout=out)
    assert json.loads(out.getvalue())["error"] == "file_unreadable"


@pytest.fixture
def months(tmp_path: Path) -> Path:
    file = tmp_path / "bulan.xlsx"
    rows = [xlsx_rows(table([row(NIK="", Nama=name)])) for name in ("ANAK JUNI", "ANAK JULI")]
    file.write_bytes(xlsx_file(*zip(("visible", "hidden"), rows, strict=True)))
    return file


def test_a_sheet_of_children_that_is_not_read_ends_with_one(admin: User, months: Path) -> None:
    out, said = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_file", str(months), "--json", "--commit", stdout=out, stderr=said)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["sheets_not_read"] == ["S2"]
    assert "Lembar yang memuat anak tetapi tidak dibaca: S2. Pilih dengan --sheet." in said.getvalue()
    assert Child.objects.get().name == "ANAK JUNI"


def test_the_sheet_that_is_chosen_is_read(admin: User, months: Path) -> None:
    code, printed = run(months, "--json", "--commit", "--sheet", "S2")
    found = json.loads(printed)
    assert (code, found["sheet"], found["sheets_not_read"]) == (0, "S2", [])
    assert Child.objects.get().name == "ANAK JULI"


@pytest.mark.parametrize("village", ["33.01.02.2016", "3301022016", " 3301022016 "])
def test_the_code_of_a_village_is_taken_with_dots_or_without(
    admin: User, tmp_path: Path, village: str
) -> None:
    file = tmp_path / "balita.csv"
    header = [name for name in HEADER if name not in ("Kec", "Desa/Kel", "Kab/Kota")]
    file.write_bytes(csv_file(row(), header=header))
    assert run(file, "--commit", "--village", village)[0] == 0
    assert Child.objects.get().village_id == "33.01.02.2016"


def test_z_scores_that_differ_are_listed_by_row(admin: User, tmp_path: Path) -> None:
    file = tmp_path / "balita.csv"
    file.write_bytes(csv_file(row(**{"ZS_TB/U": "-3.50"})))
    [answer] = json.loads(run(file, "--json", "--commit")[1])["details"]
    assert answer["outcome"] == "new_child"
    assert [(z["index"], z["file"]) for z in answer["z_differences"]] == [("haz", -3.5)]
    assert answer["z_differences"][0]["ours"] == Measurement.objects.get().haz


def test_columns_that_are_not_read_are_listed(admin: User, tmp_path: Path) -> None:
    header = [*(name for name in HEADER if name != "Berat"), "Timbangan"]
    file = tmp_path / "balita.csv"
    file.write_bytes(csv_file(row(Timbangan="11.4"), header=header))
    found = json.loads(run(file, "--json")[1])
    column = {"column": "AH", "title": "Timbangan", "rows": 1, "values": ["11.4"]}
    assert found["columns_not_read"] == [column]
    assert found["measures_missing"] == ["weight"]
    printed = run(file)[1]
    assert "Tidak ada kolom Berat di berkas ini" in printed
    assert "AH (Timbangan): 1 baris, misalnya 11.4." in printed
