"""What the cadres' pages show, taken away: the same rows and filters, logged where people are named."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from kpm.actions import appoint_cadre
from kpm.event_actions import hold_event, set_attendance
from kpm.models import Cadre, Event, EventKind
from registry.models import Child, ExportKind, ExportLog, Role, User, Village
from tests.factories import make_child, make_posyandu, make_user, make_village, measure, signed_in

NIK = "3301024103230001"
BORN = date(2023, 3, 14)


def rows_of(answer: HttpResponse) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.content.decode()[:2000]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def sheets_of(answer: HttpResponse) -> list[list[list[Any]]]:
    assert answer.status_code == 200
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def take(page: Client, address: str, table: str, form: str = "csv") -> Any:
    """As the button under a list with names does."""
    return page.post(address, {"table": table, "format": form})


def cells_of(text: str, section: str) -> list[list[str]]:
    """The rows of the table labelled ``section`` as words."""
    table = re.search(rf'aria-labelledby="{section}">\s*<table.*?</table>', text, re.DOTALL)
    assert table, section
    found = []
    for row in re.findall(r"<tr.*?</tr>", table[0], re.DOTALL):
        cells = re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)
        found.append([" ".join(unescape(re.sub(r"<[^>]*>", "", cell)).split()) for cell in cells])
    return found


def log() -> tuple[Any, ...]:
    (one,) = ExportLog.objects.all()
    assert (one.kind, one.unmasked) == (ExportKind.SHOWN, False)
    return one.user.username, one.page, one.form, one.place_code, one.rows, one.children


@pytest.fixture
def thin(village: Village) -> Child:
    """Gizi buruk in August: a boy whose name a spreadsheet would run."""
    child = make_child(
        village=village,
        name="Ani",
        birth_date=BORN,
        nik=NIK,
        parent_name="=cmd()",
        rt="001",
        posyandu_id=make_posyandu(village).pk,
    )
    measure(child, date(2024, 8, 5), "6.8", "78.5", confirmed=True)
    return child


@pytest.fixture
def missed(village: Village) -> Child:
    """Nobody has measured her since May."""
    child = make_child(village=village, name="Budi", birth_date=BORN)
    measure(child, date(2024, 5, 6), "9.9", "76", confirmed=True)
    return child


FOLLOW_UP = "/follow-up/?village=33.01.02.2009"


@pytest.mark.usefixtures("thin", "missed")
def test_the_follow_up_list_holds_the_children_of_the_page_in_its_order(page: Client) -> None:
    shown = page.get(FOLLOW_UP).content.decode()
    rows = rows_of(take(page, FOLLOW_UP, "follow-up"))
    assert [row["Nama anak"] for row in rows] == re.findall(r'class="follow__name"[^>]*>([^<]*)<', shown)
    assert [row["Nama anak"] for row in rows] == ["Ani", "Budi"]
    first = rows[0]
    assert first["Kapan"] == "Rujuk hari ini"
    assert first["Alasan"].startswith("Gizi buruk sejak 5 Agustus 2024")
    assert (first["Terakhir diukur"], first["Berat (kg)"], first["RT"]) == ("2024-08-05", "6.8", "001")
    assert first["Orang tua"] == "'=cmd()"
    assert first["Langkah berikutnya"] in unescape(re.sub(r"<[^>]*>", "", shown))
    assert log() == ("sumarni", "follow-up", "csv", "33.01.02.2009", 2, 2)


@pytest.mark.usefixtures("thin", "missed")
def test_a_filter_of_the_page_is_kept_and_logged(page: Client) -> None:
    filtered = f"{FOLLOW_UP}&reason=not_measured"
    assert f'action="?{FOLLOW_UP[12:]}&amp;reason=not_measured&amp;"' in page.get(filtered).content.decode()
    answer = take(page, filtered, "follow-up")
    assert [row["Nama anak"] for row in rows_of(answer)] == ["Budi"]
    assert answer["Content-Disposition"] == (
        'attachment; filename="follow-up-33.01.02.2009-not_measured.csv"'
    )
    assert log() == ("sumarni", "follow-up not_measured", "csv", "33.01.02.2009", 1, 1)


@pytest.mark.usefixtures("thin")
def test_excel_has_dates_as_dates_numbers_as_numbers_and_runs_nothing(page: Client) -> None:
    (header, row), about = sheets_of(take(page, FOLLOW_UP, "follow-up", "xlsx"))
    found = dict(zip(header, row, strict=True))
    assert (found["Terakhir diukur"], found["Berat (kg)"]) == (date(2024, 8, 5), 6.8)
    assert (found["Orang tua"], found["RT"]) == ("=cmd()", "001")
    assert ["Desa/kelurahan", "Kesugihan Kidul (33.01.02.2009)"] in about


@pytest.mark.usefixtures("thin")
def test_names_are_not_taken_by_an_address_that_writes_nothing(page: Client) -> None:
    answer = page.get(f"{FOLLOW_UP}&format=csv&table=follow-up")
    assert answer.status_code == 400
    assert "unduhannya dicatat" in answer.content.decode()
    assert not ExportLog.objects.exists()


@pytest.mark.usefixtures("thin")
@pytest.mark.parametrize("asked", [{"format": "xls"}, {"format": "csv", "table": "users"}])
def test_a_form_or_list_that_is_not_there_is_refused(page: Client, asked: dict[str, str]) -> None:
    answer = page.post(FOLLOW_UP, asked)
    assert answer.status_code == 400
    assert "Yang ada:" in answer.content.decode()
    assert not ExportLog.objects.exists()


def test_nobody_elses_village_or_child_can_be_taken(thin: Child) -> None:
    other = signed_in(make_user(Role.CADRE, make_village("33.01.01.2001", "Tambakreja")))
    for address, table in (
        (FOLLOW_UP, "follow-up"),
        ("/children/?village=33.01.02.2009", "roster"),
        ("/skdn/?village=33.01.02.2009", "followed"),
        (f"/children/{thin.pk}/", "measurements"),
        (f"/children/{thin.pk}/card/", "card"),
    ):
        assert take(other, address, table).status_code == 404
    assert not ExportLog.objects.exists()


@pytest.mark.usefixtures("thin", "missed")
@pytest.mark.parametrize(("language", "names"), [("id", "Nama anak"), ("en", "Child's name")])
def test_the_months_list_is_the_table_of_its_page_in_the_readers_language(
    page: Client, language: str, names: str
) -> None:
    page.cookies["django_language"] = language
    address = "/children/?village=33.01.02.2009&month=2024-08"
    header, *shown = cells_of(page.get(address).content.decode(), "children")
    rows = rows_of(take(page, address, "roster"))
    assert list(rows[0]) == header
    assert [row[names] for row in rows] == [row[1] for row in shown] == ["Budi", "Ani"]
    for row, line in zip(rows, shown, strict=True):
        words = list(row.values())
        for column in (0, 1, 2, 4, 6, 10, 11):
            assert words[column] == line[column]
    assert log() == ("sumarni", "roster", "csv", "33.01.02.2009", 2, 2)


@pytest.mark.usefixtures("thin", "missed")
def test_the_months_list_says_what_the_roster_says(page: Client) -> None:
    rows = rows_of(take(page, "/children/?month=2024-08", "roster"))
    assert [(row["Bulan ini"], row["Kategori"]) for row in rows] == [
        ("Belum diukur", "2 bulan tidak diukur"),
        ("Sudah diukur", "Gizi buruk, Berat badan sangat kurang"),
    ]


def test_the_measurements_of_a_child_come_with_negative_z_scores_and_no_nik(
    page: Client, thin: Child
) -> None:
    address = f"/children/{thin.pk}/"
    _header, shown = cells_of(page.get(address).content.decode(), "all")
    answer = take(page, address, "measurements")
    assert NIK not in answer.content.decode()
    (row,) = rows_of(answer)
    assert row["Tanggal"] == "2024-08-05"
    assert (row["Berat (kg)"], row["Panjang/tinggi (cm)"]) == ("6.8", "78.5")
    on_page = dict(zip(("TB/U", "BB/U", "BB/TB"), shown[6:9], strict=True))
    for index, words in on_page.items():
        assert float(row[index]) < 0
        assert row[index].replace("-", "\N{MINUS SIGN}").replace(".", ",") == words
    (header, in_excel), about = sheets_of(take(page, address, "measurements", "xlsx"))
    assert dict(zip(header, in_excel, strict=True))["BB/U"] == float(row["BB/U"])
    assert ["Nama anak", "Ani"] in about
    assert [(one.page, one.rows, one.children) for one in ExportLog.objects.all()] == [("child", 1, 1)] * 2
    assert "Ani" not in answer["Content-Disposition"]


def test_the_numbers_of_a_growth_chart_are_those_of_its_table(page: Client, thin: Child) -> None:
    text = page.get(f"/children/{thin.pk}/").content.decode()
    for key, place in (("waz", 16.0), ("whz", 78.5)):
        (row,) = rows_of(take(page, f"/children/{thin.pk}/", key))
        assert float(list(row.values())[1]) == place
        assert f'name="table" value="{key}"' in text
    assert row["z-score"].startswith("-")


def test_the_familys_card_is_taken_as_it_is_shown(page: Client, thin: Child) -> None:
    address = f"/children/{thin.pk}/card/"
    header, shown = cells_of(page.get(address).content.decode(), "table")
    (row,) = rows_of(take(page, address, "card"))
    assert list(row) == header
    assert (row["Kategori"], row["Umur"]) == (shown[5], shown[1])


SKDN = "/skdn/?village=33.01.02.2009&month=2024-08"


@pytest.mark.usefixtures("thin", "missed")
def test_the_tables_of_the_skdn_report_are_counts_and_leave_no_log(page: Client) -> None:
    text = page.get(SKDN).content.decode()
    for table in ("ages", "posyandu"):
        assert f'href="?village=33.01.02.2009&amp;month=2024-08&amp;format=csv&amp;table={table}"' in text
    shown = cells_of(text, "posyandu")[1:]
    rows = rows_of(page.get(f"{SKDN}&format=csv&table=posyandu"))
    assert [list(row.values())[:2] for row in rows] == [row[:2] for row in shown]
    ages = rows_of(page.get(f"{SKDN}&format=csv&table=ages"))
    assert len(ages) == len(cells_of(text, "ages")) - 1
    last = ages[-1]
    assert (last["Umur"], last["Jenis kelamin"], last["S"], last["D"], last["D/S (%)"]) == (
        *("Semua umur", "L+P"),
        *("2", "1", "50.0"),
    )
    assert last["K"] == ""
    assert not ExportLog.objects.exists()


@pytest.mark.usefixtures("thin")
def test_the_children_of_the_skdn_report_are_logged_with_its_month(page: Client) -> None:
    (row,) = rows_of(take(page, SKDN, "followed"))
    assert (row["Nama anak"], row["2T"], row["BGM"]) == ("Ani", "Tidak", "Ya")
    assert log() == ("sumarni", "skdn-followed", "csv", "33.01.02.2009", 1, 1)
    assert ExportLog.objects.get().month_from == date(2024, 8, 1)


@pytest.fixture
def appointed(officer: User, village: Village) -> Cadre:
    make_village("33.01.01.2002", "Bumireja")
    return appoint_cadre(
        by=officer,
        village_code=village.pk,
        full_name="Sumarni",
        term_start=date(2023, 1, 1),
        phone="+628123456789",
    )


@pytest.mark.usefixtures("appointed")
def test_the_kpm_are_people_too_and_logged_without_children(officer: User) -> None:
    desk = signed_in(officer)
    first, second = rows_of(take(desk, "/cadres/", "appointed"))
    assert (first["Desa/kelurahan"], first["KPM"]) == ("Bumireja", "belum ada")
    assert (second["KPM"], second["Telepon"], second["Mulai bertugas"]) == (
        *("Sumarni", "'+628123456789"),
        "2023-01-01",
    )
    assert log() == ("dinas", "cadres", "csv", "33.01", 2, 0)
    assert desk.get("/cadres/?format=csv&table=appointed").status_code == 400


@pytest.mark.usefixtures("appointed")
def test_the_kpm_of_one_kecamatan_are_logged_as_of_it(officer: User) -> None:
    assert len(rows_of(take(signed_in(officer), "/cadres/?kecamatan=33.01.02", "appointed"))) == 1
    assert log()[1:4] == ("cadres 33.01.02", "csv", "33.01.02.2009")


@pytest.mark.usefixtures("appointed")
def test_villages_without_a_kpm_are_a_link_that_keeps_the_kecamatan(officer: User) -> None:
    desk = signed_in(officer)
    text = desk.get("/cadres/?kecamatan=33.01.01").content.decode()
    assert 'href="?kecamatan=33.01.01&amp;format=xlsx&amp;table=vacant"' in text
    assert rows_of(desk.get("/cadres/?kecamatan=33.01.01&format=csv&table=vacant")) == [
        {"Desa": "Bumireja", "Kecamatan": "Kedungreja", "Lokus": ""}
    ]
    assert desk.get("/cadres/?kecamatan=33.01.02&format=csv&table=vacant").content.count(b"\n") == 1
    assert not ExportLog.objects.exists()


@pytest.fixture
def meeting(officer: User, appointed: Cadre) -> Event:
    event = hold_event(
        by=officer, id=uuid4(), kind=EventKind.RAKOR, title="+Rakor", on=date(2024, 8, 9), place="Aula"
    )
    set_attendance(by=officer, event_id=event.pk, cadre_ids=[appointed.pk])
    return event


def test_events_and_who_came(officer: User, meeting: Event) -> None:
    desk = signed_in(officer)
    (row,) = rows_of(desk.get("/events/?format=csv"))
    assert (row["Tanggal"], row["Kegiatan"], row["KPM hadir"]) == ("2024-08-09", "'+Rakor", "1")
    counts = rows_of(desk.get(f"/events/{meeting.pk}/?format=csv&table=counts"))
    shown = cells_of(desk.get(f"/events/{meeting.pk}/").content.decode(), "counts")[1:]
    assert [list(row.values())[:3] for row in counts] == [row[:3] for row in shown]
    assert not ExportLog.objects.exists()
    (who,) = rows_of(take(desk, f"/events/{meeting.pk}/", "names"))
    assert (who["KPM"], who["Hadir"]) == ("Sumarni", "Ya")
    assert meeting.attendances.count() == 1  # the button has not saved an empty attendance
    assert log() == ("dinas", "attendance-names", "csv", "33.01.02.2009", 1, 0)


@pytest.mark.parametrize("address", ["/follow-up/", "/skdn/", "/children/"])
def test_the_villages_to_choose_from(officer: User, village: Village, address: str) -> None:
    make_village("33.01.01.2002", "Bumireja")
    desk = signed_in(officer)
    assert 'href="?format=csv&amp;table=villages"' in desk.get(address).content.decode()
    rows = rows_of(desk.get(f"{address}?format=csv"))
    assert [row["Kode"] for row in rows] == ["33.01.01.2002", village.pk]
    assert not ExportLog.objects.exists()


def test_who_was_never_measured_stands_in_the_list_of_the_month_without_values(
    page: Client, village: Village
) -> None:
    make_child(village=village, name="Eka", birth_date=date(2024, 6, 1))
    _header, shown = cells_of(page.get("/children/?month=2024-08").content.decode(), "children")
    (row,) = rows_of(take(page, "/children/?month=2024-08", "roster"))
    assert (row["Nama anak"], row["Terakhir diukur"], row["Berat (kg)"]) == ("Eka", "", "")
    assert shown[7:11] == ["", "", "", ""]
