"""Files that commands write."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


@contextmanager
def open_replacement(
    output: Path, *, opener: Callable[[str, int], int] | None = None, **options: Any
) -> Iterator[IO[Any]]:
    """Open a file next to ``output`` that replaces it at the end, or is gone when anything fails.

    A full disk leaves no half a file. ``opener`` and ``options`` are those of ``open``.
    """
    temporary = output.with_name(f".{output.name}.{os.getpid()}")
    with open(temporary, opener=opener, **options) as target:
        try:
            yield target
            target.close()
            temporary.replace(output)
        except BaseException:
            temporary.unlink()
            raise
