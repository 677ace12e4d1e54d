"""Holds what the commands print for programs, the JSON that phones read, and the options of each command.

After a change that is meant: RENEW_SNAPSHOTS=1 script/test --sqlite tests/edges
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from io import StringIO
from pathlib import Path
from typing import Any

import xlsxwriter
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.urls import reverse

from tests.edges.conftest import SignIn
from tests.edges.snapshot import assert_snapshot

SAMPLES = Path(__file__).parent.parent / "data" / "samples"


def shape(value: Any) -> Any:
    """The names of a JSON value and the kinds of what they hold; a list has the kinds of all its items."""
    if isinstance(value, dict):
        return {name: shape(inside) for name, inside in value.items()}
    if isinstance(value, list):
        kinds: Any = {}
        for item in value:
            kinds = merged(kinds, shape(item))
        return [kinds]
    return type(value).__name__


def merged(first: Any, second: Any) -> Any:
    """Two shapes as one, so that a list is of the shape of all its items."""
    if isinstance(first, dict) and isinstance(second, dict):
        return {name: merged(first.get(name, {}), second.get(name, {})) for name in {**first, **second}}
    if isinstance(first, list) and isinstance(second, list):
        return [merged(first[0], second[0])]
    if first == second or not second:
        return first
    return " or ".join(sorted({*str(first).split(" or "), *str(second).split(" or ")})) if first else second


def printed(name: str, *arguments: str) -> str:
    """What a command prints, whether or not it ends with an error."""
    out = StringIO()
    with suppress(CommandError, SystemExit):
        call_command(name, *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def imported(file: Path | str, *options: str, username: str = "kabupaten") -> Any:
    return shape(json.loads(printed("import_file", str(file), "--json", "--as", username, *options)))


def workbook_with_faults(folder: Path) -> Path:
    """Two sheets of children without a height, one of them hidden, with a column that means nothing."""
    file = folder / "children.xlsx"
    with xlsxwriter.Workbook(file) as book:
        for name in ("Mei", "Juni"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["Nama", "JK", "Tgl Lahir", "Tanggal Pengukuran", "Berat", "Warna"])
            sheet.write_row(1, 0, ["Siti Contoh", "P", "2022-03-14", "2024-06-12", 11.4, "biru"])
        sheet.hide()
    return file


def test_the_json_of_a_file_that_comes_in(district: None, tmp_path: Path) -> None:
    refused = imported("absent.csv")
    report: Any = imported(workbook_with_faults(tmp_path), username="kader")
    for file in sorted(SAMPLES.glob("0[1-4]*")):
        report = merged(report, imported(file, "--commit"))
    assert_snapshot("import_file", {"report": report, "refused": refused})


def test_the_json_of_a_file_that_goes_out(district: None, tmp_path: Path) -> None:
    file = tmp_path / "children.csv"
    asked = ("--layout", "eppgbm", "--as", "kabupaten", "--reason", "laporan triwulan", "--json")
    said = printed("export_file", str(file), *asked)
    assert_snapshot("export_file", shape(json.loads(said)))


def add_to_a_row(model_name: str, **where: object) -> None:
    """Make the counts of a stored row wrong."""
    model = apps.get_model("registry", model_name)
    row = model.objects.filter(**where).order_by("pk").first()
    for field in model._meta.fields:
        value = getattr(row, field.name)
        if isinstance(value, list):
            setattr(row, field.name, [one + 1 for one in value])
        elif isinstance(value, int) and field.name not in ("id", "sex"):
            setattr(row, field.name, value + 1)
    row.save()


def test_the_lines_of_figures_that_differ(district: None) -> None:
    add_to_a_row("VillageMonth", registered__gt=0)
    add_to_a_row("HeightSpread")
    found = []
    for line in printed("rebuild_figures", "--check").splitlines():
        where, _, what = line.partition(": ")
        assert len(where.split(" ")) == 4
        found.append([re.sub(r" -?[0-9]+ -> -?[0-9]+$", " 0 -> 1", part) for part in what.split(", ")])
    assert_snapshot("rebuild_figures", found)


def test_the_json_of_the_phone(sign_in: SignIn) -> None:
    kader = sign_in("kader")
    names = ("kpm:session", "kpm:roster_json", "kpm:manifest")
    assert_snapshot("phone", {name: shape(kader.get(reverse(name)).json()) for name in names})


def own_options(usage: str) -> str:
    """A usage in one line, without the options that Django gives to each command."""
    return re.sub(r"\[--version\].*\[--force-color\]( \[--skip-checks\])? ?", "", " ".join(usage.split()))


def test_the_options_of_every_command() -> None:
    ours = {
        name: load_command_class(app, name)
        for name, app in sorted(get_commands().items())
        if (Path(settings.BASE_DIR) / app.split(".")[0]).is_dir()
    }
    assert {"demo", "export_file", "import_file", "rebuild_figures", "zscores"} <= set(ours)
    usages = {name: found.create_parser("", name).format_usage() for name, found in ours.items()}
    assert_snapshot("commands", {name: own_options(usage) for name, usage in usages.items()})
