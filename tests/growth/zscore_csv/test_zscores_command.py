"""``manage.py zscores``: from files and streams to files and streams. No test here may use the database."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.growth.reference import DATA, rows

GOLDEN = DATA / "golden.csv"
TWO = "sex,age_days,bb\n1,60,5.5\n?,60,5.5\n"


def run(*arguments: str | Path) -> tuple[str, str]:
    """What is printed, and what is said beside it."""
    out, said = io.StringIO(newline=""), io.StringIO()
    call_command("zscores", *map(str, arguments), stdout=out, stderr=said)
    return out.getvalue(), said.getvalue()


def from_input(monkeypatch: pytest.MonkeyPatch, content: str, *arguments: str | Path) -> tuple[str, str]:
    stream = io.TextIOWrapper(io.BufferedReader(io.BytesIO(content.encode())))
    monkeypatch.setattr("sys.stdin", stream)
    return run("-", *arguments)


def test_the_golden_file_is_scored_into_a_file(tmp_path: Path) -> None:
    result = tmp_path / "hasil.csv"
    printed, said = run(GOLDEN, "-o", result)
    with result.open(encoding="utf-8", newline="") as file:
        got = list(csv.DictReader(file))
    expected = [float(row["zlen"] or "nan") for row in rows("golden.csv")]
    assert [float(row["zlen"] or "nan") for row in got] == pytest.approx(expected, abs=1e-9, nan_ok=True)
    assert printed == ""
    assert "600 rows" in said
    assert list(tmp_path.iterdir()) == [result]


def test_without_a_name_the_result_is_printed_and_the_counts_are_said_beside_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    printed, said = from_input(monkeypatch, TWO)
    assert [row["zwei"] for row in csv.DictReader(io.StringIO(printed))] == ["-0.06", ""]
    assert "2 rows, 1 with z-scores, 0 flagged by WHO's limits, 1 with a reason" in said
    assert said.startswith("2 baris, 1 dengan z-score")


def test_a_stream_can_go_into_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = tmp_path / "hasil.csv"
    assert from_input(monkeypatch, TWO, "-o", result)[0] == ""
    assert result.read_text().count("\n") == 3


def test_options_reach_the_scores(tmp_path: Path) -> None:
    file = tmp_path / "anak.csv"
    file.write_text("sex,tgl_lahir,tgl_ukur,bb\n1,1/1/2024,3/1/2024,5.5\n")
    assert "Berat badan" not in run(file)[0]
    assert ",normal_weight," in run(file, "--dates", "mdy", "--labels", "code")[0]
    assert "Berat badan normal" in run(file, "--dates", "mdy")[0]


def test_the_input_is_not_overwritten(tmp_path: Path) -> None:
    file, link = tmp_path / "anak.csv", tmp_path / "sama.csv"
    file.write_text(TWO)
    link.symlink_to(file)
    for output in (file, tmp_path / "." / "anak.csv", link):
        with pytest.raises(CommandError, match="overwrite the input") as caught:
            run(file, "-o", output)
        assert caught.value.returncode == 2
    assert file.read_text() == TWO


def test_what_is_no_plain_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa")
    for output in (tmp_path, tmp_path / "pipa"):
        with pytest.raises(CommandError, match="not a plain file"):
            run(GOLDEN, "-o", output)


@pytest.mark.parametrize("broken", ["nama\nA\n", 'sex,age_days,bb\n1,60,"5\n'])
def test_a_file_that_cannot_be_read_leaves_the_old_result_and_nothing_beside_it(
    tmp_path: Path, broken: str
) -> None:
    file, result = tmp_path / "anak.csv", tmp_path / "hasil.csv"
    file.write_text(broken)
    result.write_text("lama")
    with pytest.raises(CommandError, match=r"anak\.csv: ") as caught:
        run(file, "-o", result)
    assert caught.value.returncode == 2
    assert result.read_text() == "lama"
    assert sorted(tmp_path.iterdir()) == [file, result]


def test_a_result_that_is_there_is_replaced(tmp_path: Path) -> None:
    result = tmp_path / "hasil.csv"
    result.write_text("lama")
    run(GOLDEN, "-o", result)
    assert result.read_text().startswith("id,case,")


@pytest.mark.parametrize(
    "arguments", [("tidak-ada.csv",), (str(DATA),), (str(GOLDEN), "-o", "tidak/ada.csv")]
)
def test_paths_that_cannot_be_opened_get_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match="cannot be read or written") as caught:
        run(*arguments)
    assert caught.value.returncode == 2
