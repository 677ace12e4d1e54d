"""Holds the headings of every CSV and Excel file: a program or a person on the other side reads them.

After a change that is meant: RENEW_SNAPSHOTS=1 script/test --sqlite tests/edges
"""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from python_calamine import CalamineWorkbook

from tests.edges.conftest import VILLAGE, SignIn
from tests.edges.crawl import walk
from tests.edges.snapshot import assert_snapshot
from tests.edges.urls import named_urls

DATA = Path(__file__).parent.parent / "data"
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PLACE = re.compile(r"-[0-9.]+(?=-2024-0\d\.)")


def headings_of(content: bytes) -> list[str]:
    """The first row of a CSV file, or of the first sheet, with the names of all."""
    if not content.startswith((b"PK", b"\xd0\xcf")):
        return [" | ".join(next(csv.reader(io.StringIO(content.decode("utf-8-sig")))))]
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first, *others = sheets.sheet_names
    return [f"[{first}] " + " | ".join(map(str, sheets.get_sheet_by_name(first).to_python()[0])), *others]


def taken(answer: Any) -> list[str]:
    """The name of a file, its kind and its headings."""
    assert answer.status_code == 200, answer.content.decode()
    name = PLACE.sub("-PLACE", UUID.sub("UUID", answer.headers.get("Content-Disposition", "")))
    content = b"".join(answer) if answer.streaming else answer.content
    return [f"{answer['Content-Type']} {name}", *headings_of(content)]


def hand_in(client: Client) -> str:
    """The address of a file that was handed in and saved."""
    (sample,) = (DATA / "samples").glob("03*")
    with sample.open("rb") as file:
        return str(client.post(reverse("registry:import"), {"file": file})["Location"])


def end_one_term() -> None:
    """Leave one desa without a KPM."""
    cadre = apps.get_model("kpm", "Cadre").objects.order_by("pk").first()
    type(cadre).objects.filter(pk=cadre.pk).update(term_end=date(2024, 1, 31))


def first_pages() -> list[str]:
    """The addresses of the site's own pages that are of no place or person."""
    names = [name for name, _pattern in named_urls() if name.startswith(("registry:", "kpm:", "dashboard:"))]
    addresses = []
    for name in names:
        with suppress(NoReverseMatch):
            addresses.append(reverse(name))
    return addresses


def pages_of_somebody() -> list[str]:
    """The addresses of a place of each kind and of a child, from which others are reached."""
    rows = {
        name: apps.get_model("registry", name).objects.order_by("pk") for name in ("posyandu", "puskesmas")
    }
    measured = apps.get_model("registry", "Measurement").objects.filter(village=VILLAGE, whz__isnull=False)
    child = measured.order_by("pk").first().child_id
    return [
        reverse("dashboard:village", args=[VILLAGE]),
        reverse("dashboard:posyandu", args=[rows["posyandu"].filter(village=VILLAGE).first().pk]),
        reverse("dashboard:puskesmas", args=[rows["puskesmas"].first().pk]),
        reverse("kpm:child", args=[child]),
        reverse("kpm:card", args=[child]),
    ]


def test_every_file_that_a_page_offers(sign_in: SignIn) -> None:
    end_one_term()
    places = pages_of_somebody()
    found = {}
    for username in ("kader", "kabupaten"):
        client = sign_in(username)
        for file in walk(client, [hand_in(client), *places, *first_pages()]):
            if file.name not in found:
                data = file.data
                answer = client.get(file.address) if data is None else client.post(file.address, data)
                found[file.name] = taken(answer)
    assert_same_headings(found)
    assert_snapshot("page_files", dict(sorted(found.items())))


def assert_same_headings(found: dict[str, list[str]]) -> None:
    """A table has the same headings in CSV and Excel, no two of them alike."""
    for name in found:
        if name.endswith(" csv"):
            of_csv = found[name][1]
            assert found[f"{name.removesuffix('csv')}xlsx"][1].partition("] ")[2] == of_csv, name
            assert len(set(of_csv.split(" | "))) == len(of_csv.split(" | ")), name


def test_every_file_that_is_exported(sign_in: SignIn) -> None:
    client, address = sign_in("kabupaten"), reverse("registry:export")
    page = client.get(address).content.decode()
    kinds, forms = (
        re.findall(
            r'<option value="([^"]+)"', page.partition(f'<select name="{name}"')[2].partition("</select>")[0]
        )
        for name in ("kind", "form")
    )
    asked = {"place": "33.01.02", "month_from": "2024-08", "month_to": "2024-08", "reason": "laporan dinas"}
    found = {
        f"{kind} {form}": taken(client.post(address, {**asked, "kind": kind, "form": form}))
        for kind in kinds
        for form in forms
    }
    assert len(found) > 8
    for kind in kinds:
        assert found[f"{kind} csv"][1] == found[f"{kind} xlsx"][1].partition("] ")[2], kind
    assert_snapshot("export_files", found)


def test_the_summaries_of_the_api(sign_in: SignIn) -> None:
    client = sign_in("klien")
    addresses = {
        "villages": reverse("api:village_summary", args=["33.01.02.2016"]),
        "kecamatan": reverse("api:kecamatan_summary", args=["33.01.02"]),
        "district": reverse("api:district_summary"),
        "summaries": reverse("api:summaries"),
    }
    found = {
        name: taken(client.get(address, {"month": "2024-08"}, headers={"Accept": "text/csv"}))
        for name, address in addresses.items()
    }
    assert_snapshot("api_files", found)


@pytest.mark.parametrize("labels", ["id", "en", "code"])
def test_the_z_scores_of_a_file(labels: str, tmp_path: Path) -> None:
    result = tmp_path / "result.csv"
    source = str(DATA / "growth" / "golden.csv")
    call_command("zscores", source, output=result, labels=labels, stderr=io.StringIO())
    assert_snapshot("zscores_file", headings_of(result.read_bytes()))
