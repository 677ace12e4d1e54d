"""What a cadre has done in her village, and how a term is handed over. On 20 August 2024."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kpm.actions import appoint_cadre, set_appointment_papers, set_term_end
from kpm.cadre_work import WeakPoint, cadre_work, find_weakest
from kpm.event_actions import hold_event, set_attendance
from kpm.models import Cadre, EventKind
from registry.actions import Observation, correct_measurement
from registry.errors import Invalid
from registry.models import ChangeLog, User, Village
from tests.factories import make_child, make_village, measure, signed_in

TODAY = date(2024, 8, 20)
Row = tuple[int, int, Decimal | None, Decimal | None, str]


def girl(number: int, **changes: Any) -> Row:
    """A girl of one year, 7,5 to 10,4 kg and 72,0 to 77,9 cm in even last digits, lying."""
    values = {
        "sex": 2,
        "age_days": 365,
        "weight": Decimal("7.5") + number % 30 * Decimal("0.1"),
        "length": Decimal(72) + number % 60 * Decimal("0.1"),
        "position": "L",
    }
    return tuple((values | changes).values())  # type: ignore[return-value]


def one_in(every: int, **changes: Any) -> list[Row]:
    return [girl(number, **(changes if number % every == 0 else {})) for number in range(60)]


@pytest.mark.parametrize(
    ("rows", "late", "weakest"),
    [
        ([girl(number) for number in range(60)], 0, None),
        ([girl(number) for number in range(60)], 3, None),  # 5 % of 60
        ([girl(number) for number in range(60)], 4, WeakPoint.LATE),
        (one_in(5, position=""), 0, WeakPoint.POSITION),  # 12 of 60: 20 %, acceptable
        (one_in(5, position=""), 13, WeakPoint.LATE),  # 22 %, problematic
        (one_in(1, weight=Decimal(9)), 13, WeakPoint.DIGITS),  # both problematic: the graver one
        (one_in(10, length=Decimal(110)), 60, WeakPoint.FLAGGED),
        ([girl(number, position="") for number in range(49)], 49, None),  # too few to say
    ],
)
def test_one_thing_to_mend_is_named_the_weakest(
    rows: list[Row], late: int, weakest: WeakPoint | None
) -> None:
    assert find_weakest(rows, late=late, timed=len(rows)) == weakest


@pytest.fixture
def term(officer: User, cadre: User, village: Village) -> Cadre:
    return appoint_cadre(
        by=officer, village_code=village.pk, full_name="Sumarni", term_start=date(2023, 1, 1), user=cadre
    )


def work_of(cadre: User, village: Village) -> Any:
    return cadre_work(village=village, user=cadre, terms=Cadre.objects.filter(user=cadre), on=TODAY)


@pytest.mark.both_databases
def test_entries_count_by_the_month_of_the_measurement_and_are_in_time_for_a_week(
    cadre: User, officer: User, village: Village
) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 3, 14))
    for day in (date(2024, 8, 12), date(2024, 8, 13), date(2024, 8, 18), date(2023, 9, 1), date(2023, 8, 31)):
        measure(child, day, "9.1", by=cadre, confirmed=True)
    measure(make_child(cadre, village, name="Lain"), date(2024, 8, 18), "9.1", by=officer, confirmed=True)
    found = work_of(cadre, village)
    assert dict(found.months)[date(2024, 8, 1)] == 3
    assert dict(found.months)[date(2023, 9, 1)] == 1
    assert (len(found.months), found.months[0][0]) == (12, date(2023, 9, 1))
    # The 13th and 18th; the 12th is eight days ago, and the measurement of September came far later.
    assert (found.entries, found.timed, found.in_time) == (4, 4, 2)


def test_a_correction_is_an_entry_and_neither_in_time_nor_late(cadre: User, village: Village) -> None:
    child = make_child(cadre, village, birth_date=date(2023, 3, 14))
    old = measure(child, date(2024, 8, 19), "9.1", by=cadre).measurement
    correct_measurement(
        by=cadre,
        id=uuid4(),
        measurement_id=old.pk,
        observation=Observation(measured_on=date(2024, 8, 19), weight_kg=Decimal("9.2")),
        reason="salah tulis",
    )
    found = work_of(cadre, village)
    assert (found.entries, found.timed) == (1, 0)


def test_cases_and_trainings_of_the_village_and_the_cadre(
    cadre: User, officer: User, village: Village, term: Cadre, page: Client
) -> None:
    thin = make_child(cadre, village, birth_date=date(2023, 3, 14))
    measure(thin, date(2024, 6, 5), "6.0", "77", by=cadre, confirmed=True)  # severely wasted
    measure(thin, date(2024, 7, 5), "9.8", "78", by=cadre, confirmed=True)
    training = hold_event(
        by=officer, id=uuid4(), kind=EventKind.TRAINING, title="Pelatihan", on=date(2024, 5, 6)
    )
    hold_event(by=officer, id=uuid4(), kind=EventKind.TRAINING, title="Lain", on=date(2024, 5, 7))
    set_attendance(by=officer, event_id=training.pk, cadre_ids=[term.pk])
    found = work_of(cadre, village)
    assert found.trainings == [training]
    assert found.recovered >= 1
    for text in (
        page.get("/cadres/me/").content.decode(),
        signed_in(officer).get(f"/cadres/{term.pk}/").content.decode(),
    ):
        assert "Pelatihan, 6 Mei 2024" in text
        assert "Belum 50 entri" in text


def test_how_good_the_data_of_one_person_are_is_for_her_and_the_district(
    officer: User, camat: User, term: Cadre, page: Client
) -> None:
    address = f"/cadres/{term.pk}/"
    pages = (page.get("/cadres/me/"), signed_in(officer).get(address), signed_in(camat).get(address))
    texts = [answer.content.decode() for answer in pages]
    assert ["Hasil kerja 12 bulan" in text for text in texts] == [True, True, True]
    assert ["Mutu data" in text for text in texts] == [True, True, False]


def test_a_cadre_sees_her_own_villages_alone(page: Client, village: Village) -> None:
    other = make_village("33.01.02.2010", "Slarang")
    assert page.get(f"/cadres/me/?village={village.pk}").status_code == 200
    assert page.get(f"/cadres/me/?village={other.pk}").status_code == 404
    assert 'href="/events/"' in page.get("/cadres/me/").content.decode()


def test_the_own_page_takes_the_same_queries_for_one_entry_and_for_many(
    cadre: User, village: Village, page: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for names in (["Satu"], [f"Anak {number}" for number in range(20)]):
        for name in names:
            measure(make_child(cadre, village, name=name), date(2024, 8, 18), "9.1", by=cadre, confirmed=True)
        with django_assert_max_num_queries(12) as queries:
            assert page.get("/cadres/me/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_hand_over_is_asked_for_stored_and_logged(officer: User, term: Cadre) -> None:
    answer = signed_in(officer).post(
        f"/cadres/{term.pk}/end/",
        {
            "drawn": "",
            "on": "2024-08-20",
            "reason": "diganti",
            "handed_over_on": "2024-08-19",
            "handover_note": "kepada Wagiyem, buku catatan",
        },
        follow=True,
    )
    text = answer.content.decode()
    assert "19 Agu 2024, kepada Wagiyem, buku catatan" in text
    assert set(
        ChangeLog.objects.filter(reason="diganti", subject="appointment").values_list("field", flat=True)
    ) == {
        "term_end",
        "handed_over_on",
        "handover_note",
    }
    for day in (date(2022, 12, 31), date(2024, 8, 21)):
        with pytest.raises(Invalid, match="sampai hari ini"):
            set_term_end(by=officer, cadre_id=term.pk, on=TODAY, reason="x", handed_over_on=day)


def test_decree_and_musyawarah_are_put_right_with_a_reason(officer: User, term: Cadre) -> None:
    values = {
        "musyawarah_desa_date": "2022-12-12",
        "decree_number": "141/7",
        "decree_date": "2022-12-20",
    }
    client = signed_in(officer)
    assert client.post(f"/cadres/{term.pk}/papers/", values).status_code == 422
    text = client.post(
        f"/cadres/{term.pk}/papers/", {**values, "reason": "SK asli"}, follow=True
    ).content.decode()
    assert "141/7, 20 Des 2022" in text
    assert "12 Des 2022" in text
    assert ChangeLog.objects.filter(reason="SK asli").count() == 3
    with pytest.raises(Invalid):
        set_appointment_papers(
            by=officer,
            cadre_id=term.pk,
            musyawarah_desa_date=None,
            decree_number="",
            decree_date=None,
            reason=" ",
        )
