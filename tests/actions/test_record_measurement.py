"""Recording one measurement: who may, what is refused, what is doubted, what is worked out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.utils import translation

from registry.actions import Observation, Recorded, record_measurement
from registry.errors import Conflict, Doubtful, Invalid, NotFound
from registry.models import Child, Measurement, Position, Role, Sex, Source, User, VillageMonth
from tests.actions.figures import counted, wrong_figures
from tests.factories import (
    make_cadre,
    make_child,
    make_district,
    make_kecamatan,
    make_puskesmas,
    make_user,
    make_village,
    measure,
    seen,
)

pytestmark = pytest.mark.django_db

JUNE = date(2024, 6, 1)
DAY = date(2024, 6, 12)


def boy(**more: object) -> Child:
    """Born 14 March 2022: 821 days old on 12 June 2024."""
    return make_child(sex=Sex.BOY, name="Bagas Contoh", **more)  # type: ignore[arg-type]


def record(child: Child, what: Observation, *, by: User | None = None, **more: object) -> Recorded:
    return record_measurement(
        by=by or child.created_by,
        id=more.pop("id", None) or uuid4(),  # type: ignore[arg-type]
        child_id=child.pk,
        observation=what,
        **more,  # type: ignore[arg-type]
    )


# --- What is worked out and kept ----------------------------------------------------------------------


def test_the_z_scores_are_those_of_the_provinces_software() -> None:
    m = measure(boy(), DAY, "12.1", "86.0", position=Position.STANDING).measurement
    assert (m.age_days, m.waz, m.haz, m.whz) == (821, -0.44, -1.11, 0.19)
    assert not any((m.waz_flag, m.haz_flag, m.whz_flag))


def test_a_child_lying_at_two_years_is_measured_0_7_cm_shorter() -> None:
    m = measure(boy(), DAY, "12.1", "86.7", position=Position.LYING).measurement
    assert (m.lenhei_cm, float(m.clenhei_cm or 0), m.haz) == (Decimal("86.70"), 86.0, -1.11)


def test_a_standing_mark_under_nine_months_is_not_believed() -> None:
    infant = boy(birth_date=date(2024, 1, 1))
    m = measure(infant, DAY, "7.0", "66.0", position=Position.STANDING).measurement
    assert (m.position_disbelieved, float(m.clenhei_cm or 0)) == (True, 66.0)


def test_oedema_leaves_the_weight_based_z_scores_out() -> None:
    m = measure(boy(), DAY, "12.1", "86.0", oedema=True).measurement
    assert (m.waz, m.whz, m.baz, m.haz) == (None, None, None, -1.11)


def test_values_are_kept_to_the_gram_and_the_tenth_of_a_millimetre() -> None:
    m = measure(boy(), DAY, "12.1236", "86.017").measurement
    m.refresh_from_db()
    assert (m.weight_kg, m.lenhei_cm) == (Decimal("12.124"), Decimal("86.02"))


def test_who_recorded_it_how_and_when_on_the_phone_is_kept() -> None:
    child, clock = boy(), datetime(2024, 6, 12, 2, 30, tzinfo=UTC)
    m = record(child, seen(DAY, "12.1"), source=Source.API, client_time=clock).measurement
    m.refresh_from_db()
    assert (m.recorded_by, m.source, m.client_time) == (child.created_by, Source.API, clock)


def test_it_is_kept_where_the_child_lived_that_day() -> None:
    child = boy()
    assert measure(child, DAY, "12.1").measurement.village_id == child.village_id


# --- N, T, O, B ---------------------------------------------------------------------------------------


def test_the_first_weighing_is_new() -> None:
    assert measure(boy(), DAY, "12.1").measurement.gain == "B"


@pytest.mark.parametrize(("july", "code"), [("12.3", "N"), ("12.29", "T"), ("12.0", "T")])
def test_a_boy_of_two_gains_enough_with_200_g(july: str, code: str) -> None:
    child = boy()
    measure(child, DAY, "12.1")
    assert measure(child, date(2024, 7, 10), july).measurement.gain == code


def test_who_was_not_weighed_last_month_is_not_compared() -> None:
    child = boy()
    measure(child, date(2024, 5, 3), "12.0")
    assert measure(child, date(2024, 7, 10), "12.9").measurement.gain == "O"


def test_a_weighing_entered_late_changes_the_code_of_the_next_month_and_its_figures() -> None:
    child = boy()
    july = measure(child, date(2024, 7, 10), "12.3").measurement
    measure(child, DAY, "12.1")
    july.refresh_from_db()
    assert july.gain == "N"
    assert counted(child.village, date(2024, 7, 1), "first", "gained") == (0, 1)
    assert not wrong_figures()


def test_a_measurement_without_weight_has_no_code() -> None:
    assert measure(boy(), DAY, None, "86.0").measurement.gain == ""


# --- What cannot be -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("weight_kg", "0.499", False),
        ("weight_kg", "0.5", True),
        ("weight_kg", "40", True),
        ("weight_kg", "40.001", False),
        ("weight_kg", "0", False),
        ("weight_kg", "-3", False),
        ("weight_kg", "NaN", False),
        ("weight_kg", "Infinity", False),
        ("lenhei_cm", "29.9", False),
        ("lenhei_cm", "30", True),
        ("lenhei_cm", "140", True),
        ("lenhei_cm", "140.1", False),
        ("muac_cm", "4.9", False),
        ("muac_cm", "14.5", True),
        ("muac_cm", "145", False),
        ("head_cm", "19.9", False),
        ("head_cm", "47.0", True),
        ("head_cm", "65.1", False),
    ],
)
def test_a_value_outside_what_a_child_can_have_is_refused_with_its_field(
    field: str, value: str, fits: bool
) -> None:
    what = Observation(measured_on=DAY, **{field: Decimal(value)})
    child = boy()
    if fits:
        assert record(child, what, confirmed=True).created
        return
    with pytest.raises(Invalid) as refused:
        record(child, what, confirmed=True)
    assert (refused.value.code, refused.value.field) == ("out_of_range", field)
    assert not Measurement.objects.exists()


def test_nothing_measured_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        record(boy(), Observation(measured_on=DAY))
    assert refused.value.code == "empty"


def test_the_day_before_birth_is_refused_and_the_birth_day_is_not() -> None:
    child = boy()
    with pytest.raises(Invalid, match="sebelum tanggal lahir"):
        measure(child, date(2022, 3, 13), "3.2")
    assert measure(child, date(2022, 3, 14), "3.2", "50.0").measurement.age_days == 0


@pytest.mark.parametrize(
    ("utc", "fits"),
    [(datetime(2024, 8, 15, 16, 59, tzinfo=UTC), False), (datetime(2024, 8, 15, 17, 0, tzinfo=UTC), True)],
)
def test_tomorrow_begins_at_midnight_in_cilacap(utc: datetime, fits: bool) -> None:
    child = boy()
    with time_machine.travel(utc):
        if fits:
            measure(child, date(2024, 8, 16), "12.1")
        else:
            with pytest.raises(Invalid, match=r"16 Agustus 2024 setelah hari ini \(15 Agustus 2024\)"):
                measure(child, date(2024, 8, 16), "12.1")


def test_a_refusal_is_said_in_the_readers_language() -> None:
    with translation.override("id"), pytest.raises(Invalid) as refused:
        measure(boy(), DAY, "121")
    assert refused.value.message == "Berat harus 0,5 sampai 40 kg. Periksa timbangan dan komanya."


# --- What is doubted ----------------------------------------------------------------------------------


def test_a_value_beyond_whos_flags_asks_for_confirmation() -> None:
    with pytest.raises(Doubtful) as doubtful:
        measure(boy(), DAY, "12.1", "66.0")
    assert "haz_flag" in doubtful.value.doubts
    assert not Measurement.objects.exists()


def test_a_confirmed_doubt_is_kept_with_the_measurement_and_stays_out_of_the_rates() -> None:
    child = boy()
    m = measure(child, DAY, "12.1", "66.0", confirmed=True).measurement
    assert m.haz_flag
    assert "haz_flag" in m.confirmed_doubts
    assert counted(child.village, JUNE, "measured", "haz_believed", "stunted") == (1, 0, 0)


@pytest.mark.parametrize(("cm", "doubted"), [("85.0", False), ("84.9", True)])
def test_more_than_a_centimetre_shorter_than_last_time_is_doubted(cm: str, doubted: bool) -> None:
    child = boy()
    measure(child, DAY, "12.1", "86.0")
    if doubted:
        with pytest.raises(Doubtful) as doubtful:
            measure(child, date(2024, 7, 10), "12.3", cm)
        assert doubtful.value.doubts == ("shorter",)
    else:
        assert measure(child, date(2024, 7, 10), "12.3", cm).created


def test_the_last_height_is_compared_even_when_only_weighed_in_between() -> None:
    child = boy()
    measure(child, date(2024, 5, 8), "12.0", "86.0")
    measure(child, DAY, "12.1")
    with pytest.raises(Doubtful, match="Ukur ulang"):
        measure(child, date(2024, 7, 10), "12.3", "80.0")


def test_a_weight_that_no_child_gains_in_a_month_is_doubted() -> None:
    child = boy()
    measure(child, DAY, "12.1")
    with pytest.raises(Doubtful) as doubtful:
        measure(child, date(2024, 7, 10), "21.3")
    assert "weight_jump" in doubtful.value.doubts


def test_confirming_one_doubt_does_not_confirm_another() -> None:
    child = boy()
    measure(child, DAY, "12.1", "86.0")
    worse = seen(date(2024, 7, 10), "21.3", "80.0")
    with pytest.raises(Doubtful):
        record(child, worse, confirmed={"shorter"})
    doubts = {"shorter", "weight_jump", "whz_flag", "baz_flag"}
    m = record(child, worse, confirmed=doubts).measurement
    assert {"shorter", "weight_jump"} <= set(m.confirmed_doubts) <= doubts


# --- Sent again ---------------------------------------------------------------------------------------


def test_the_same_entry_sent_again_gives_the_same_row() -> None:
    child, used = boy(), uuid4()
    first = record(child, seen(DAY, "12.1", "86.0"), id=used)
    again = record(child, seen(DAY, "12.10", "86.00"), id=used)
    assert (first.created, again.created) == (True, False)
    assert again.measurement == first.measurement
    assert Measurement.objects.count() == 1


@pytest.mark.parametrize(
    "other",
    [
        seen(DAY, "12.2", "86.0"),
        seen(date(2024, 6, 13), "12.1", "86.0"),
        seen(DAY, "12.1", "86.0", oedema=True),
    ],
)
def test_a_used_id_with_another_content_is_refused(other: Observation) -> None:
    child, used = boy(), uuid4()
    record(child, seen(DAY, "12.1", "86.0"), id=used)
    with pytest.raises(Conflict) as conflict:
        record(child, other, id=used)
    assert (conflict.value.code, conflict.value.field) == ("id_used", "id")


def test_an_id_used_for_another_child_is_refused() -> None:
    used, cadre = uuid4(), make_cadre()
    record(boy(by=cadre), seen(DAY, "12.1"), id=used)
    with pytest.raises(Conflict) as conflict:
        record(make_child(by=cadre), seen(DAY, "12.1"), id=used)
    assert conflict.value.code == "id_used"


def test_a_second_measurement_of_a_day_is_a_correction_not_an_entry() -> None:
    child = boy()
    measure(child, DAY, "12.1")
    with pytest.raises(Conflict) as conflict:
        measure(child, DAY, "12.4")
    assert conflict.value.code == "day_taken"
    assert Measurement.objects.count() == 1


# --- Who may ------------------------------------------------------------------------------------------


def test_a_cadre_of_another_village_is_told_that_there_is_no_such_child() -> None:
    child = boy()
    stranger = make_cadre(make_village("33.01.02.2003", "Kesugihan"))
    with pytest.raises(NotFound) as missing:
        record(child, seen(DAY, "12.1"), by=stranger)
    assert missing.value.code == "child_not_found"


@pytest.mark.parametrize("role", [Role.KECAMATAN, Role.PUSKESMAS, Role.DISTRICT, Role.MIDWIFE])
def test_officers_record_in_their_area(role: Role) -> None:
    child = boy()
    puskesmas = make_puskesmas()
    child.village.puskesmas = puskesmas
    child.village.save()
    place = {
        Role.KECAMATAN: make_kecamatan(),
        Role.PUSKESMAS: puskesmas,
        Role.DISTRICT: make_district(),
        Role.MIDWIFE: child.village,
    }[role]
    assert record(child, seen(DAY, "12.1"), by=make_user(role, place)).created


@pytest.mark.parametrize("role", [None, Role.CLIENT])
def test_who_works_with_no_people_records_nothing(role: Role | None) -> None:
    with pytest.raises(NotFound):
        record(boy(), seen(DAY, "12.1"), by=make_user(role))


# --- Age ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "age", "counts"), [(14, 1826, True), (15, 1827, False)])
def test_past_60_months_it_is_recorded_but_counts_nowhere(day: int, age: int, counts: bool) -> None:
    child = boy(birth_date=date(2019, 8, 15))
    recorded = measure(child, date(2024, 8, day), "17.0", "105.0")
    assert recorded.measurement.age_days == age
    assert counted(child.village, date(2024, 8, 1), "measured") == (int(counts),)


# --- Figures ------------------------------------------------------------------------------------------


def test_the_figures_of_the_village_and_month_follow_at_once() -> None:
    child = boy()
    measure(child, DAY, "9.0", "78.0", confirmed=True)  # HAZ -3.68
    names = ("registered", "measured", "haz_believed", "stunted", "severely_stunted")
    assert counted(child.village, JUNE, *names) == (1, 1, 1, 1, 1)


def test_an_earlier_measurement_tells_that_the_child_lived_there_already() -> None:
    child = boy(since=date(2024, 7, 20))
    measure(child, date(2024, 7, 25), "12.3")
    measure(child, date(2024, 5, 10), "12.0")
    assert child.residences.get().since == date(2024, 5, 10)
    assert counted(child.village, date(2024, 5, 1)) == (1, 1)
    assert not wrong_figures()


def test_lengthening_a_residence_counts_the_months_between() -> None:
    child = boy(since=date(2024, 7, 20))
    measure(make_child(by=child.created_by), DAY, "11.0")  # opens June, when the boy was not known yet
    assert counted(child.village, JUNE) == (1, 1)
    measure(child, date(2024, 5, 10), "12.0")
    assert counted(child.village, JUNE) == (2, 1)


def test_a_refused_entry_leaves_no_figure_behind() -> None:
    with pytest.raises(Invalid):
        measure(boy(), DAY, "121")
    assert not VillageMonth.objects.exists()
