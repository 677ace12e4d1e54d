"""WHO's own software, the R package anthro, where Rscript and the package are present."""

from __future__ import annotations

import csv
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from bench._children import Child
from bench._timing import Turn

# Reads the children once and warms up, then scores all of them for every line it is sent. The clock runs
# inside R, so that neither its start nor the file counts.
_SCRIPT = """
if (!requireNamespace("anthro", quietly = TRUE)) quit()
suppressPackageStartupMessages(library(anthro))
d <- read.csv(commandArgs(TRUE)[1], colClasses = c(position = "character"))
score <- function() anthro_zscores(
  sex = d$sex, age = d$age_days, weight = d$weight_kg, lenhei = d$lenhei_cm, measure = d$position,
  headc = d$head_cm, armc = d$muac_cm, triskin = d$triceps_mm, subskin = d$subscapular_mm)
invisible(score())
say <- function(text) { cat(text, "\\n", sep = ""); flush(stdout()) }
say(as.character(packageVersion("anthro")))
asked <- file("stdin", "r")
while (length(readLines(asked, 1)) == 1) {
  start <- proc.time()[["elapsed"]]
  score()
  say(proc.time()[["elapsed"]] - start)
}
"""


@contextmanager
def r_anthro(children: Sequence[Child]) -> Iterator[tuple[str, Turn] | None]:
    """Its version and a turn over these children while the context lasts; None when it is not present."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "children.csv"
        _write(path, children)
        with subprocess.Popen(
            [rscript, "-e", _SCRIPT, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            version = _answer(process)
            # Leaving closes its standard input, on which R ends.
            yield (version, lambda: len(children) / float(_answer(process, "go\n"))) if version else None


def _answer(process: subprocess.Popen[str], ask: str = "") -> str:
    """The next line R says; empty when it has ended, as without the package."""
    to_r, from_r = cast(IO[str], process.stdin), cast(IO[str], process.stdout)
    to_r.write(ask)
    to_r.flush()
    return from_r.readline().strip()


def _write(path: Path, children: Sequence[Child]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(children[0])
        writer.writerows(child.values() for child in children)
