"""``manage.py load_people``: the officers and cadres of a new district from a file."""

from __future__ import annotations

import csv
import stat
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
import time_machine
import xlsxwriter
from django.core.management import CommandError, call_command

from kpm.models import Cadre
from registry.models import ChangeLog, Role, User, Village
from tests.factories import make_kecamatan, make_puskesmas, make_user, make_village

HEADING = (
    "nama pengguna;nama lengkap;peran;wilayah;jk;nomor SK;tanggal SK;mulai bertugas;hari terakhir bertugas"
)
CADRE = ";Sumarni;kader;33.01.02.2009;;141/001/2023;2023-01-16;01/03/2023;2028-02-29"
PUSKESMAS = "gizi.kesugihan;Wahyu Santoso;puskesmas;Kesugihan I;;;;;"
KECAMATAN = "camat.kesugihan;Retno Wulandari;kecamatan;33.01.02;;;;;"

Run = Callable[..., tuple[str, str]]


@pytest.fixture
def run(village: Village, tmp_path: Path) -> Run:
    """Runs the command on rows; returns what it printed, to the two outputs."""
    make_user(Role.ADMIN, username="admin")
    make_puskesmas("Kesugihan I")

    def run(*rows: str, options: tuple[str, ...] = (), passwords: str = "sandi.csv") -> tuple[str, str]:
        file = tmp_path / "orang.csv"
        file.write_text("\n".join((HEADING, *rows)) + "\n", encoding="utf-8")
        out, err = StringIO(), StringIO()
        written = () if "--dry-run" in options else ("--passwords", str(tmp_path / passwords))
        try:
            call_command("load_people", str(file), *written, *options, stdout=out, stderr=err)
        except SystemExit as end:
            err.write(f"exit {end.code}")
        return out.getvalue(), err.getvalue()

    return run


@pytest.mark.both_databases
def test_a_file_makes_accounts_roles_and_appointments(run: Run, village: Village, tmp_path: Path) -> None:
    out, err = run(CADRE, PUSKESMAS, KECAMATAN)
    assert (out, err) == ("3 akun baru, 0 sudah ada.\n", "")
    cadre = User.objects.get(username="kpm.3301022009")
    assert cadre.area(people=True).villages == {village.pk}
    assert cadre.memberships.get().until == date(2028, 2, 29)
    term = Cadre.objects.get(village=village)
    assert (term.user, term.decree_number, term.term_start) == (cadre, "141/001/2023", date(2023, 3, 1))
    assert User.objects.get(username="gizi.kesugihan").has_role(Role.PUSKESMAS)
    assert User.objects.get(username="camat.kesugihan").area().kecamatan == {"33.01.02"}
    assert ChangeLog.objects.filter(subject="account", field="role").count() == 3
    assert ChangeLog.objects.filter(subject="appointment", field="term_start").count() == 1
    file = tmp_path / "sandi.csv"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines()))
    assert [row[:3] for row in rows[1:]] == [
        ["kpm.3301022009", "Sumarni", "Kesugihan Kidul"],
        ["gizi.kesugihan", "Wahyu Santoso", "Kesugihan I"],
        ["camat.kesugihan", "Retno Wulandari", "Kesugihan"],
    ]
    for row in rows[1:]:
        user = User.objects.get(username=row[0])
        assert user.check_password(row[3])
        assert user.must_change_password


@pytest.mark.both_databases
def test_the_same_file_again_changes_nothing(run: Run, tmp_path: Path) -> None:
    run(CADRE, PUSKESMAS)
    before = list(User.objects.order_by("pk").values_list("username", "password"))
    assert run(CADRE, PUSKESMAS, passwords="lain.csv") == ("0 akun baru, 2 sudah ada.\n", "")
    assert list(User.objects.order_by("pk").values_list("username", "password")) == before
    assert not (tmp_path / "lain.csv").exists()


def test_a_dry_run_stores_nothing(run: Run) -> None:
    out, _err = run(CADRE, options=("--dry-run",))
    assert out == "1 akun baru, 0 sudah ada.\nHanya diperiksa; tidak ada yang disimpan.\n"
    assert not Cadre.objects.exists()
    assert not User.objects.exclude(username="admin").exists()


@pytest.mark.parametrize(
    ("row", "indonesian", "english"),
    [
        (";;kader;33.01.02.2009;;;;01/03/2023;", "Nama lengkap kosong.", "The full name is empty."),
        ("x;Ani;lurah;33.01.02;;;;;", "Peran “lurah” tidak dikenal.", "The role “lurah” is not known."),
        ("x;Ani;kecamatan;33.01.99;;;;;", "Wilayah ini tidak ada", "This area is not"),
        ("x;Ani;kecamatan;33.01.02.2009;;;;;", "Wilayah itu bukan untuk peran ini", "not for this role"),
        (";Ani;kecamatan;33.01.02;;;;;", "Nama pengguna kosong", "The username is empty"),
        (";Ani;kader;33.01.02.2009;;;;;", "Mulai bertugas kosong", "The start of the term is empty"),
        (";Ani;kader;33.01.02.2009;;;;31/31/2023;", "Tanggal itu tidak dikenal", "not understood"),
        (";Ani;kader;33.01.02.2009;;;;2024-01-01;", "sudah punya KPM, Sumarni", "already has a KPM"),
        ("bu ani;Ani;kecamatan;33.01.02;;;;;", "tanpa spasi", "no spaces"),
        ("admin;Ani;kecamatan;33.01.02;;;;;", "admin sudah dipakai", "admin is taken"),
    ],
)
def test_a_wrong_row_is_named_in_both_languages_and_nothing_is_stored(
    run: Run, tmp_path: Path, row: str, indonesian: str, english: str
) -> None:
    _out, err = run(CADRE, row)
    assert err.startswith("baris / row 3: ")
    assert indonesian in err
    assert english in err
    assert err.endswith("exit 1")
    assert not Cadre.objects.exists()
    assert not User.objects.exclude(username="admin").exists()
    assert not (tmp_path / "sandi.csv").exists()


def test_a_workbook_is_read_with_its_dates(run: Run, village: Village, tmp_path: Path) -> None:
    file = tmp_path / "orang.xlsx"
    book = xlsxwriter.Workbook(str(file), {"default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["Nama Lengkap", "Peran", "Wilayah", "Telepon", "Mulai Bertugas"])
    sheet.write_row(1, 0, ["Sumarni", "KPM", "33.01.02.2009", 81234567])
    sheet.write_datetime(1, 4, date(2023, 3, 1))  # type: ignore[arg-type]
    book.close()
    call_command("load_people", str(file), "--passwords", str(tmp_path / "sandi.csv"), stdout=StringIO())
    term = Cadre.objects.get(village=village)
    assert (term.full_name, term.phone, term.term_start) == ("Sumarni", "81234567", date(2023, 3, 1))


def test_a_column_that_is_not_read_is_named(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "orang.csv"
    file.write_text("nama;peran;wilayah;hobi\n")
    err = StringIO()
    call_command("load_people", str(file), "--dry-run", stdout=StringIO(), stderr=err)
    assert err.getvalue() == "Kolom yang tidak dibaca: hobi.\n"


def test_two_villages_of_one_name_of_a_cadre_are_told_apart_by_their_code(run: Run, village: Village) -> None:
    make_village("33.01.01.2009", "Kesugihan Kidul", make_kecamatan("33.01.01", "Kedungreja"))
    run(CADRE, CADRE.replace("33.01.02.2009", "33.01.01.2009"))
    assert sorted(User.objects.filter(username__startswith="kpm.").values_list("username", flat=True)) == [
        "kpm.3301012009",
        "kpm.3301022009",
    ]


def test_a_file_of_passwords_is_never_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sandi.csv").write_text("dulu")
    with pytest.raises(CommandError, match="sudah ada"):
        run(CADRE)
    assert (tmp_path / "sandi.csv").read_text() == "dulu"
    assert not Cadre.objects.exists()


def test_a_file_without_the_columns_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "lain.csv"
    file.write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="nama lengkap, peran, wilayah"):
        call_command("load_people", str(file), "--dry-run")
    with pytest.raises(CommandError, match="tidak terbaca"):
        call_command("load_people", str(tmp_path / "tidak-ada.csv"), "--dry-run")


def test_names_that_differ_only_in_capitals_are_one_account(run: Run) -> None:
    out, err = run(KECAMATAN, KECAMATAN.replace("camat.kesugihan", "Camat.KESUGIHAN"))
    assert (out, err) == ("1 akun baru, 1 sudah ada.\n", "")
    _out, err = run("CAMAT.kesugihan;Orang Lain;kecamatan;33.01.02;;;;;", passwords="lain.csv")
    assert "CAMAT.kesugihan sudah dipakai" in err
    assert User.objects.filter(username__iexact="camat.kesugihan").get().username == "camat.kesugihan"


@pytest.mark.parametrize(
    ("content", "indonesian", "english"),
    [
        (
            "nama;peran;wilayah\nAni;kader;x\nS\u00e9ni;kader;x\n".encode("cp1252"),
            "Baris 3 bukan teks UTF-8. Simpan lagi",
            "Line 3 is not UTF-8 text. Save it again",
        ),
        (
            b"\xef\xbb\xbfnama;peran;wilayah\nS\xe9ni;kader;x\n",
            "Baris 2 bukan teks UTF-8",
            "Line 2 is not UTF-8 text",
        ),
        (b"nama peran\nAni kader\n", "Judul kolom di baris 1 tidak", "The headings in line 1 are not"),
        (
            b'nama;peran;wilayah\nAni;kader;x\n"Sri;kader;x\nWati;kader;x\n',
            "Baris 3 rusak: tanda kutip",
            "Line 3 is broken: a quotation mark",
        ),
        (
            b"nama;peran;wilayah\n" + b"A" * 140_000 + b";kader;x\n",
            "Baris 2 rusak",
            "Line 2 is broken",
        ),
    ],
)
def test_a_file_that_cannot_be_read_says_in_both_languages_which_line_and_what_to_do(
    run: Run, tmp_path: Path, content: bytes, indonesian: str, english: str
) -> None:
    file = tmp_path / "rusak.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("load_people", str(file), "--dry-run")
    said = str(refused.value)
    assert indonesian in said
    assert english in said
    assert "codec" not in said
    assert "delimiter" not in said


def test_a_missing_file_and_a_broken_workbook_are_named_in_both_languages(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rusak.xlsx").write_bytes(b"PK\x03\x04 bukan")
    for name, indonesian, english in (
        ("tidak-ada.csv", "tidak ada atau tidak boleh dibuka", "is not there or may not be opened"),
        ("tidak-ada.xlsx", "tidak ada atau tidak boleh dibuka", "is not there or may not be opened"),
        ("rusak.xlsx", "bukan buku kerja XLSX yang utuh", "not a whole XLSX workbook"),
    ):
        with pytest.raises(CommandError) as refused:
            call_command("load_people", str(tmp_path / name), "--dry-run")
        assert indonesian in str(refused.value)
        assert english in str(refused.value)


@time_machine.travel("2028-02-29T12:00:00+07:00")
def test_a_term_that_is_over_makes_no_account(run: Run, tmp_path: Path) -> None:
    run(CADRE)
    with time_machine.travel("2028-03-01T12:00:00+07:00"):
        for known in (CADRE, f"KPM.3301022009{CADRE}"):
            assert run(known, passwords="lagi.csv") == ("0 akun baru, 1 sudah ada.\n", "")
        over = CADRE.replace("33.01.02.2009", "33.01.02.2010").replace("Sumarni", "Wagiyem")
        make_village("33.01.02.2010", "Dondong")
        _out, err = run(PUSKESMAS, over, passwords="lain.csv")
    assert err.startswith("baris / row 3: ")
    assert "Masa tugas Wagiyem sudah berakhir pada 29 Februari 2028, jadi tidak dibuatkan akun." in err
    assert "The term of Wagiyem ended on 29 February 2028, so no account is made." in err
    assert not Cadre.objects.filter(full_name="Wagiyem").exists()
    assert not User.objects.filter(username__startswith="gizi").exists()
