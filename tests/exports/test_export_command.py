"""``manage.py export_file``."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from registry.models import ExportLog, Role, Village
from tests.exports.conftest import BREBEG, KIDUL, Register
from tests.exports.files import REASON, csv_rows, rows_of
from tests.factories import make_user

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db]


def run(file: Path, *options: str) -> str:
    out = StringIO()
    call_command("export_file", str(file), *options, stdout=out)
    return out.getvalue()


def refused(file: Path, *options: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(file, *options)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_the_ending_says_the_form_and_json_says_what_is_in_it(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "balita.csv"
    printed = run(
        file,
        "--layout",
        "eppgbm",
        "--place",
        KIDUL,
        "--from",
        "2024-06",
        "--to",
        "2024-06",
        "--as",
        "gizi",
        "--json",
    )
    assert json.loads(printed) == {
        "file": str(file),
        "rows": 3,
        "children": 3,
        "withheld": 0,
        "masked": True,
        "has_nik": True,
    }
    assert len(csv_rows(file.read_bytes())) == 3
    assert file.stat().st_mode & 0o077 == 0, "for nobody else on the machine"


def test_nik_with_a_reason(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "identitas.xls"
    run(file, "--layout", "sigizi-identitas", "--as", "gizi", "--nik", "--reason", REASON)
    assert "3301021403220001" in {row["NIK"] for row in rows_of(file.read_bytes())}
    assert ExportLog.objects.get().reason == REASON


def test_without_json_it_says_so_in_words(register: Register, tmp_path: Path) -> None:
    said_why = ("--as", "gizi", "--reason", REASON)
    printed = run(tmp_path / "a.xlsx", "--layout", "sigizi-pengukuran", *said_why)
    assert "5 baris, 4 anak." in printed
    assert "NIK tidak utuh" in printed


def test_a_file_is_never_overwritten_unless_told(register: Register, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("milik orang lain")
    assert "sudah ada" in refused(file, "--layout", "anthro", "--as", "gizi")
    assert file.read_text() == "milik orang lain"
    assert not ExportLog.objects.exists()
    run(file, "--layout", "anthro", "--as", "gizi", "--force")
    assert len(csv_rows(file.read_bytes())) == 5
    assert list(tmp_path.iterdir()) == [file]


def test_what_cannot_be_ends_with_two_and_no_file(register: Register, tmp_path: Path) -> None:
    make_user(Role.CADRE, Village.objects.get(pk=BREBEG), username="kader")
    file, layout = tmp_path / "a.csv", ("--layout", "eppgbm")
    assert "berakhir dengan" in refused(tmp_path / "a.pdf", *layout)
    assert "Tidak ada pengguna aktif" in refused(file, *layout, "--as", "hantu")
    assert "--as NAMA_PENGGUNA" in refused(file, *layout)
    assert "tidak ada di wilayah kerja" in refused(file, *layout, "--as", "kader", "--place", KIDUL)
    assert "Bulan" in refused(file, *layout, "--as", "gizi", "--from", "Juni")
    assert "Tulis untuk apa" in refused(file, *layout, "--as", "gizi", "--nik")
    assert "lebih dari satu desa perlu alasan" in refused(file, *layout, "--as", "gizi")
    said_why = ("--as", "gizi", "--reason", REASON)
    assert "tidak bisa ditulis" in refused(tmp_path / "tak-ada" / "a.csv", *layout, *said_why)
    assert not list(tmp_path.iterdir())
    folder = tmp_path / "map.csv"
    folder.mkdir()
    assert "sudah ada" in refused(folder, *layout, "--as", "gizi", "--force")


def test_the_only_administrator_takes_it_unless_told(register: Register, tmp_path: Path) -> None:
    admin = make_user(Role.ADMIN)
    run(tmp_path / "a.csv", "--layout", "anthro")
    assert ExportLog.objects.get().user == admin


def test_a_layout_without_nik_says_so_and_takes_no_wish_for_it(register: Register, tmp_path: Path) -> None:
    file, options = tmp_path / "a.csv", ("--layout", "anthro", "--as", "gizi")
    printed = run(file, *options)
    assert "Berkas ini tidak memuat NIK." in printed
    assert "--nik" not in printed
    assert json.loads(run(tmp_path / "b.csv", *options, "--json"))["has_nik"] is False
    sentence = refused(tmp_path / "c.csv", *options, "--nik", "--reason", REASON)
    assert "tidak memuat NIK" in sentence
    assert not (tmp_path / "c.csv").exists()
    assert ExportLog.objects.count() == 2
