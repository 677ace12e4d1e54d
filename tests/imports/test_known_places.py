"""Which village the rows of a file are of, whatever its columns are called."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.test import Client

from registry.errors import Invalid
from registry.imports.answers import ImportAnswers
from registry.imports.commit import preview
from registry.imports.report import Report
from registry.models import Kecamatan, Posyandu, Puskesmas, Role, User, Village
from tests.factories import make_user
from tests.imports.files import sample, sheet_bytes
from tests.imports.test_views import hand_in, text

pytestmark = pytest.mark.django_db

CHILD = ("nama_anak", "jenis_kelamin", "tgl_lahir", "TANGGALUKUR", "BERAT", "TINGGI", "CARAUKUR")
ALI = ("UJI ALI", "L", "2022-04-19", "2024-06-12", "11.9", "86.2", "Standing")
BUDI = ("UJI BUDI", "L", "2022-05-20", "2024-06-12", "11.8", "85.9", "Standing")


def list_of(titles: Sequence[str], *places: Sequence[str]) -> bytes:
    """Children under these further titles, one for each of ``places``."""
    rows = [[*child, *place] for child, place in zip([ALI, BUDI], places, strict=False)]
    return sheet_bytes([[*CHILD, *titles], *rows])


def places_of(report: Report) -> list[str]:
    return [row.place if row.place else row.code for row in report.rows]


def test_the_old_titles_of_sigizi_name_village_puskesmas_and_posyandu(officer: User) -> None:
    report = preview(sample("15"), officer)
    assert [(row.code, row.place) for row in report.rows] == [
        ("new_child", "Menganti"),
        ("new_child", "Slarang"),
    ]
    assert report.columns_not_read == ()  # "umur_tahun" and "umur_bulan" are its age


@pytest.mark.parametrize(
    ("titles", "row", "place"),
    [
        (("PKM", "KEL"), ("KESUGIHAN I", "MENGANTI"), "Menganti"),
        (("PUSKESMAS", "DESA"), ("UPTD PUSKESMAS KESUGIHAN 2", "SLARANG"), "Slarang"),
        (("Pusk", "Kelurahan"), ("Kesugihan", "Slarang"), "Slarang"),
        (("PKM", "KEL"), ("MAOS", "KARANGREJA"), "Karangreja, Kec. Maos"),
        (("PKM", "KEL", "KEC"), ("MAOS", "KARANGREJA", "CIPARI"), "Karangreja, Kec. Cipari"),
        (("PKM", "KEL"), ("WALUYO SEHAT", "TAMBAKREJA"), "Tambakreja, Kec. Kedungreja"),
        (("PKM", "KEL"), ("KESUGIHAN I", "KARANGREJA"), "village_unknown"),
    ],
)
def test_the_kecamatan_is_that_of_the_puskesmas(
    officer: User, titles: Sequence[str], row: Sequence[str], place: str
) -> None:
    kedungreja = Kecamatan.objects.get(name="Kedungreja")
    Puskesmas.objects.create(name="Waluyo Sehat", kecamatan=kedungreja)
    assert places_of(preview(list_of(titles, row), officer)) == [place]


def test_a_village_alone_is_refused_to_who_works_in_the_whole_kabupaten(officer: User) -> None:
    with pytest.raises(Invalid, match=r"Kolom “Kec” tidak") as caught:
        preview(list_of(["KEL"], ["MENGANTI"]), officer)
    assert caught.value.code == "columns_missing"
    with pytest.raises(Invalid, match=r"Kolom “Kec” tidak"):  # nor does a puskesmas that nobody knows help
        preview(list_of(["KEL", "PKM"], ["MENGANTI", "JAYA"]), officer)


def test_a_village_alone_is_sure_among_those_of_who_works_in_a_part(officer: User) -> None:
    maos = make_user(Role.KECAMATAN, Kecamatan.objects.get(name="Maos"), username="maos")
    kesugihan = Kecamatan.objects.get(name="Kesugihan")
    content = list_of(["KEL"], ["KARANGREJA"], ["MENGANTI"])
    # Karangreja is in Maos, Cimanggu and Cipari, and no Menganti is in Maos.
    assert places_of(preview(content, maos)) == ["Karangreja, Kec. Maos", "village_unknown"]
    both = make_user(Role.KECAMATAN, Kecamatan.objects.get(name="Cipari"), username="dua")
    both.memberships.create(role=Role.KECAMATAN, kecamatan=Kecamatan.objects.get(name="Maos"))
    both.memberships.create(role=Role.KECAMATAN, kecamatan=kesugihan)
    both = User.objects.get(pk=both.pk)
    assert places_of(preview(content, both)) == ["village_unknown", "Menganti"]


# --- Columns whose titles nobody knows ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "places", "field"),
    [
        ("WILAYAH", ["MENGANTI", "SLARANG"], "village"),
        ("WILAYAH", ["Ds. Menganti", "Ds. Menganti"], "village"),
        ("", ["MENGANTI", "SLARANG"], "village"),
        ("POS", ["ANGGREK II", "MELATI 1"], "posyandu"),
        ("UPTD", ["KESUGIHAN I", "KESUGIHAN II"], "puskesmas"),
        ("DUSUN", ["MENGANTI", "SLARANG"], None),
        ("CATATAN", ["MENGANTI", "sehat"], None),
        ("CATATAN", ["MENGANTI", ""], None),
        ("CATATAN", ["1", "2"], None),
    ],
)
def test_a_column_of_places_is_not_put_aside_while_one_village_is_asked(
    browser: Client, officer: User, home: Village, title: str, places: list[str], field: str | None
) -> None:
    for name in ("ANGGREK 2", "MELATI 1", "1"):
        Posyandu.objects.create(village=home, name=name, key=name)
    content = list_of([title], *([place] for place in places))
    answers = ImportAnswers(village=home)
    if field is None:
        assert places_of(preview(content, officer, answers=answers)) == ["Kesugihan Kidul"] * 2
        return
    with pytest.raises(Invalid, match=r"Kolom H( \(\w+\))? memuat nama tempat") as caught:
        preview(content, officer, answers=answers)
    assert caught.value.code == "place_column_unread"
    address = hand_in(browser, content)
    page = browser.get(address, follow=True)
    assert page.redirect_chain[-1][0] == f"{address}columns/"
    assert "memuat nama tempat" in text(page.content)
    [shown] = [column for column in page.context["columns"] if column.letters == "H"]
    assert shown.field == field


def test_who_says_that_a_column_of_places_is_not_used_is_believed(officer: User, home: Village) -> None:
    fields = ("name", "sex", "birth_date", "measured_on", "weight", "lenhei", "position")
    mapping = {field: i for i, field in enumerate(fields)}
    answers = ImportAnswers(village=home, mapping=mapping, header_row=1)
    content = list_of(["WILAYAH"], ["MENGANTI"], ["SLARANG"])
    assert places_of(preview(content, officer, answers=answers)) == ["Kesugihan Kidul"] * 2
