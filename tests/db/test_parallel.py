"""The rows of a large file are read by two processes: it must not show in anything."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn

import pytest

from registry.db import parallel
from registry.db.parallel import ForkedTask, is_worth
from registry.imports.answers import ImportAnswers
from registry.imports.commit import read_table
from registry.imports.tables import row_reading
from registry.imports.tables.read_row import TableReading
from registry.imports.tables.row_reading import read_rows
from registry.models import District
from tests.imports.files import HEADER, SAMPLES, csv_file, row, sheet_bytes, table

FILES = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md")
NAMES = [f"ANAK {letter}{other}" for letter in "BCDFG" for other in "KLMNP"]


@pytest.fixture
def divided(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Any file is divided on any machine; the works that were begun beside."""
    begun: list[object] = []

    class Counted(ForkedTask[object]):
        def __init__(self, work: object) -> None:
            begun.append(work)
            super().__init__(work)  # type: ignore[arg-type]

    monkeypatch.setattr(parallel, "FEWEST_ROWS", 2)
    monkeypatch.setattr(parallel, "_processors", lambda: 2)
    monkeypatch.setattr(row_reading, "ForkedTask", Counted)
    return begun


def alone(content: bytes, answers: ImportAnswers | None = None) -> TableReading:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parallel, "FEWEST_ROWS", 10**9)
        return read_rows(read_table(content), answers or ImportAnswers())


def same(reading: TableReading, other: TableReading) -> None:
    assert [asdict(one) for one in reading.rows] == [asdict(one) for one in other.rows]
    assert reading.questions == other.questions


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sample_reads_as_by_one_process(path: Path, divided: list[object]) -> None:
    content = path.read_bytes()
    found = read_rows(read_table(content), ImportAnswers())
    assert divided
    same(found, alone(content))


def test_a_row_that_stands_in_both_halves_has_the_key_of_a_second_one(divided: list[object]) -> None:
    lines = [row(Nama=name) for name in NAMES]
    content = csv_file(*lines, lines[3], lines[3], *[row(Nama=f"{name} II") for name in NAMES[:6]])
    found = read_rows(read_table(content), ImportAnswers())
    same(found, alone(content))
    ours = [one.keys.nth for one in found.rows if one.name == NAMES[3]]
    assert ours == [1, 2, 3]


def test_a_second_row_that_stands_in_the_second_half_only(divided: list[object]) -> None:
    lines = [row(Nama=name) for name in NAMES]
    content = csv_file(*lines, lines[-1])
    found = read_rows(read_table(content), ImportAnswers())
    same(found, alone(content))
    assert found.rows[-1].keys.nth == 2


@pytest.mark.parametrize("at", [2, 20])
def test_a_header_in_another_order_counts_for_all_that_stands_below(at: int, divided: list[object]) -> None:
    turned = [*HEADER[:1], *reversed(HEADER[1:])]
    lines = table([row(Nama=name) for name in NAMES])
    content = sheet_bytes([*lines[:at], turned, *lines[at:], lines[1]])
    found = read_rows(read_table(content), ImportAnswers())
    same(found, alone(content))
    assert [getattr(one, "code", "") for one in found.rows].count("header_moved") == len(NAMES) + 2 - at


def test_a_question_is_shown_by_the_first_date_of_the_file(divided: list[object]) -> None:
    days = [f"0{1 + i % 9}/0{1 + (i + 3) % 9}/2022" for i in range(len(NAMES))]
    pairs = zip(NAMES, days, strict=True)
    content = csv_file(*[row(Nama=name, Tgl_Lahir=day) for name, day in pairs])
    found = read_rows(read_table(content), ImportAnswers())
    assert [question.written for question in found.questions] == [days[0]]
    same(found, alone(content))


def test_work_whose_process_is_ended_comes_to_nothing() -> None:
    def work() -> NoReturn:
        os._exit(1)

    assert ForkedTask(work).result() is None


def test_nobody_waits_for_work_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_LONGEST_SECONDS", 0.2)
    work = ForkedTask(Event().wait)
    assert work.result() is None
    assert not work._process.is_alive()


def test_work_that_fails_comes_to_nothing() -> None:
    def work() -> NoReturn:
        raise LookupError("once")

    assert ForkedTask(work).result() is None


@pytest.mark.django_db
def test_work_asks_no_database_of_ours() -> None:
    assert ForkedTask(District.objects.count).result() is None
    assert District.objects.count() == 0


def test_lines_whose_reader_was_ended_are_read_here(
    divided: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "_do", lambda work, answer: os._exit(1))
    content = csv_file(*[row(Nama=name) for name in NAMES])
    same(read_rows(read_table(content), ImportAnswers()), alone(content))
    assert divided


def test_work_is_done_in_another_process() -> None:
    here = os.getpid()
    assert ForkedTask(os.getpid).result() != here


@pytest.mark.parametrize(("cores", "count", "worth"), [(1, 10**6, False), (2, 10, False), (2, 10**6, True)])
def test_only_a_large_file_on_two_processors_is_divided(
    cores: int, count: int, worth: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parallel, "_processors", lambda: cores)
    assert is_worth(count) is worth


def test_a_thread_of_the_site_divides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_processors", lambda: 2)
    found: list[bool] = []
    thread = Thread(target=lambda: found.append(is_worth(10**6)))
    thread.start()
    thread.join()
    assert found == [False]
