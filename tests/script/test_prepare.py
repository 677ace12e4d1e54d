"""script/prepare.py: what is loaded before the register serves, and what it says when that fails."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from demo.management.commands import demo
from kpm.models import Case
from registry.models import Child, Measurement, User, Village
from script import prepare
from tests.factories import make_child, measure

pytestmark = pytest.mark.django_db


def test_where_the_demo_fails_the_register_is_empty_and_a_sentence_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = demo.load

    def fail_at_the_end(*arguments: object) -> None:
        load(*arguments)  # type: ignore[arg-type]
        assert Measurement.objects.exists()
        raise ZeroDivisionError("nobody came")

    monkeypatch.setattr(demo, "load", fail_at_the_end)
    monkeypatch.setattr(demo, "SMALL", (30, 2))
    prepare.load_register()
    said = capsys.readouterr().err
    assert "\nContoh gagal dimuat; register berjalan tanpa contoh: ZeroDivisionError: nobody came\n" in said
    assert (
        "(The demo could not be loaded; the register runs without it: ZeroDivisionError: nobody came)" in said
    )
    assert Village.objects.count() == 284
    assert not any(model._default_manager.exists() for model in (Child, Measurement, User))


def test_figures_that_cannot_be_counted_do_not_keep_the_register_from_serving(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("django.core.management.call_command", fail)
    prepare.load_register()
    said = capsys.readouterr().err
    assert "(The villages could not be loaded: OSError: disk full)" in said
    assert "(The figures could not be counted: OSError: disk full)" in said


def mode_of(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_what_other_accounts_could_read_is_closed_to_them(tmp_path: Path) -> None:
    var, env = tmp_path / "var", tmp_path / ".env"
    (var / "progress").mkdir(parents=True)
    for file, mode in ((var / "db.sqlite3", 0o644), (var / "progress" / "one", 0o666), (env, 0o640)):
        file.touch()
        file.chmod(mode)
    tool = var / "tool"
    tool.touch()
    tool.chmod(0o755)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.touch()
    elsewhere.chmod(0o644)
    (var / "link").symlink_to(elsewhere)
    for folder in (var, var / "progress"):
        folder.chmod(0o755)
    prepare.close_to_other_accounts(var, env, tmp_path / "nothing-here")
    assert [mode_of(path) for path in (var, var / "progress", tool)] == ["0o700"] * 3
    files = (var / "db.sqlite3", var / "progress" / "one", env)
    assert [mode_of(path) for path in files] == ["0o600"] * 3
    assert mode_of(elsewhere) == "0o644"


def test_what_the_register_writes_is_for_its_own_account_alone(tmp_path: Path) -> None:
    (tmp_path / "written").write_text("")
    (tmp_path / "folder").mkdir()
    name = FileSystemStorage(tmp_path / "media").save("sub/uploaded", ContentFile(b""))
    assert mode_of(tmp_path / "written") == "0o600"
    assert mode_of(tmp_path / "folder") == mode_of(tmp_path / "media" / "sub") == "0o700"
    assert mode_of(tmp_path / "media" / name) == "0o600"


def test_a_register_older_than_its_cases_gets_them_once(capsys: pytest.CaptureFixture[str]) -> None:
    child = make_child(birth_date=date(2023, 6, 20))
    measure(child, date(2024, 8, 5), "8.0", "60.0", position="L")
    found = list(Case.objects.order_by("pk").values_list("pk", flat=True))
    assert found  # far too short
    Case.objects.all().delete()
    prepare.derive_first_cases()
    assert "Deriving the cases of children" in capsys.readouterr().out
    assert list(Case.objects.order_by("pk").values_list("pk", flat=True)) == found
    prepare.derive_first_cases()
    assert capsys.readouterr().out == ""


def test_an_empty_register_derives_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    prepare.derive_first_cases()
    assert capsys.readouterr().out == ""
