"""``manage.py zscores IN.csv -o OUT.csv``: WHO's z-scores for a CSV of children; the database is not used."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from io import BufferedReader
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from registry.growth.cells.dates import Order
from registry.growth.zscore_csv import OURS, Options, ScoreTally, Unreadable, score_csv
from registry.management.output import open_replacement

FILE_REFUSED = 2
_ORDERS = {"dmy": Order.DAY_FIRST, "mdy": Order.MONTH_FIRST}
STANDARD = Path("-")

Write = Callable[[str], object]


class Command(BaseCommand):
    help = (
        "Menghitung z-score WHO untuk CSV anak, sebesar apa pun; basis data tidak dipakai. / "
        "Computes WHO's z-scores for a CSV of children of any size; no database is used."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = _EPILOG
        parser.add_argument("file", type=Path, help="CSV; - membaca masukan standar / - reads standard input")
        parser.add_argument(
            "-o",
            "--output",
            type=Path,
            default=STANDARD,
            help="CSV hasil / result; bawaan / default: stdout",
        )
        parser.add_argument(
            "--labels",
            choices=("id", "en", "code"),
            default="id",
            help="kata kelas gizi: Permenkes 2/2020, WHO, atau kode / words of the classes",
        )
        parser.add_argument(
            "--dates",
            choices=tuple(_ORDERS),
            help="urutan hari dan bulan, bila berkas tidak memastikannya / order of day and month, where the "
            "file does not prove it",
        )

    def handle(self, *args: Any, file: Path, output: Path, **options: Any) -> None:
        given = Options(labels=options["labels"], order=_ORDERS.get(options["dates"]))
        try:
            with (
                _open_input(file) as source,
                self._result(file, output) as write,
                _bar(file, source) as progress,
            ):
                tally = score_csv(source, write, given, progress)
        except Unreadable as error:
            raise CommandError(f"{file}: {error}", returncode=FILE_REFUSED) from None
        except BrokenPipeError:
            # The one who reads has seen enough, as `| head` has; Python would complain again at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return
        except OSError as error:
            raise CommandError(
                f"{error.filename or file}: tidak bisa dibaca atau ditulis / cannot be read or written: "
                f"{error.strerror or error}",
                returncode=FILE_REFUSED,
            ) from None
        self.stderr.write(_in_words(tally), self.style.SUCCESS)

    @contextmanager
    def _result(self, file: Path, output: Path) -> Iterator[Write]:
        if output == STANDARD:
            if hasattr(self.stdout, "reconfigure"):
                self.stdout.reconfigure(encoding="utf-8", newline="")
            yield lambda text: self.stdout.write(text, ending="")
            self.stdout.flush()
            return
        with open_replacement(_writable(file, output), mode="x", encoding="utf-8", newline="") as target:
            yield target.write


def _writable(file: Path, output: Path) -> Path:
    """Return the path to replace, through symbolic links. Raises CommandError where it must stay."""
    output = output.resolve()
    if file != STANDARD and output.exists() and output.samefile(file):
        raise CommandError(
            f"{file}: hasilnya akan menimpa masukannya; pilih nama lain untuk -o. / "
            "the result would overwrite the input; choose another name for -o.",
            returncode=FILE_REFUSED,
        )
    if output.exists() and not output.is_file():
        raise CommandError(
            f"{output}: bukan berkas biasa; pilih nama lain untuk -o. / "
            "not a plain file; choose another name for -o.",
            returncode=FILE_REFUSED,
        )
    return output


@contextmanager
def _bar(file: Path, source: BufferedReader) -> Iterator[Callable[[int], object]]:
    """Show a bar on a terminal: of the bytes of a file, or of the rows of a stream, whose end is unknown."""
    if file == STANDARD or not source.seekable():
        with tqdm(unit=" baris/rows", unit_scale=True, disable=None, leave=False) as bar:
            yield bar.update
        return
    with tqdm(total=file.stat().st_size, unit="B", unit_scale=True, disable=None, leave=False) as bar:
        yield lambda rows: bar.update(source.tell() - bar.n)


def _open_input(file: Path) -> Any:
    return nullcontext(sys.stdin.buffer) if file == STANDARD else file.open("rb")


def _in_words(tally: ScoreTally) -> str:
    return (
        f"{tally.rows} baris, {tally.used} dengan z-score, {tally.flagged} di luar batas WHO, "
        f"{tally.with_reason} dengan alasan di kolom reason. / "
        f"{tally.rows} rows, {tally.used} with z-scores, {tally.flagged} flagged by WHO's limits, "
        f"{tally.with_reason} with a reason in the column reason."
    )


_EPILOG = f"""\
Kolom yang dikenal / columns it knows (huruf besar-kecil dan spasi bebas / in any case and spacing):
  sex, jk, jenis kelamin: 1/2, L/P, M/F      weight_kg, bb, berat     muac_mm, muac_cm, lila (cm)
  age_days, age_months, umur_bulan           lenhei_cm, tb, tinggi    headc_cm, lingkar kepala
  tgl_lahir + tgl_ukur, birth_date + date    measure, cara ukur: L/H  triskin_mm, subskin_mm
  oedema: y/n
Perlu / needed: sex, umur / an age, satu ukuran / one measure. Umur / age: age_days, else dates, else months.

Hasil / result: semua kolom masukan / all columns of the input, lalu / then
  {", ".join(OURS[:9])},
  {", ".join(OURS[9:17])},
  {", ".join(OURS[17:])}
Kolom masukan yang bernama sama mendapat _in di belakangnya. / A column of the input with one of these names
gets _in behind it. label_* kosong bila z ditandai / is empty where the z-score is flagged.
Keluar dengan 2 bila berkasnya tidak bisa dibaca, selain itu 0. / Exits with 2 when the file cannot be read,
else with 0."""
