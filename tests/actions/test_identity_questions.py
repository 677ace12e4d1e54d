"""A birth date or sex that turns classes, and a NIK that is hardly the child's, are asked about first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine

from registry.actions import Identity, enrol_child, update_child
from registry.actions.identity_questions import IdentityDoubtful
from registry.actions.reclassification import turned_classes
from registry.models import ChangeLog, Child, Sex, User
from tests.actions.figures import wrong_figures
from tests.factories import make_child, make_village, measure

pytestmark = pytest.mark.django_db

BORN, WRONG = date(2025, 4, 10), date(2023, 4, 10)
# HAZ of a boy: -0.76, -0.83 and -0.96 by his own birth date, -5.96, -5.63 and -5.37 two years older;
# WAZ -0.85, -0.84 and -0.94, then -3.97, -3.79 and -3.71; WHZ hardly moves. By WHO's own tables.
SEEN = (
    (date(2026, 4, 12), "8.8", "74.0"),
    (date(2026, 6, 10), "9.2", "76.0"),
    (date(2026, 8, 12), "9.5", "77.8"),
)
QUESTION = (
    "Umurnya menjadi 41 bulan, sebelumnya 17 bulan. 3 pengukuran menjadi berat badan sangat kurang (BB/U). "
    "3 pengukuran menjadi sangat pendek (TB/U). Benar begitu?"
)


@pytest.fixture(autouse=True)
def _september_2026() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 9, 20, 3, tzinfo=UTC)):
        yield


def identity(**values: object) -> Identity:
    base = {"name": "Adi Contoh", "sex": Sex.BOY, "birth_date": BORN, "nik": None}
    return Identity(**(base | values))  # type: ignore[arg-type]


@pytest.fixture
def child(cadre: User) -> Child:
    child = make_child(cadre, name="Adi Contoh", sex=Sex.BOY, birth_date=BORN)
    for on, weight, height in SEEN:
        measure(child, on, weight, height)
    return child


def test_a_birth_date_that_turns_classes_asks_in_words_and_writes_nothing(cadre: User, child: Child) -> None:
    with pytest.raises(IdentityDoubtful) as asked:
        update_child(
            by=cadre, child_id=child.pk, identity=identity(birth_date=WRONG), reason="akta", confirmed=()
        )
    [question] = asked.value.questions
    assert (asked.value.code, question.code, question.message) == (
        "identity_doubtful",
        "classes_turn",
        QUESTION,
    )
    assert [(one.index, one.old, one.new) for one in question.turned] == [
        ("haz", "normal_height", "severely_stunted"),
        ("waz", "normal_weight", "severely_underweight"),
    ] * 3
    child.refresh_from_db()
    assert child.birth_date == BORN
    assert not ChangeLog.objects.exists()


@pytest.mark.parametrize("by_key", [True, False])
def test_once_confirmed_the_same_edit_goes_through_and_is_in_the_log(
    cadre: User, child: Child, by_key: bool
) -> None:
    wrong = identity(birth_date=WRONG)
    with pytest.raises(IdentityDoubtful) as asked:
        update_child(by=cadre, child_id=child.pk, identity=wrong, reason="akta", confirmed=())
    [question] = asked.value.questions
    answered = [question.key if by_key else question.code]
    update_child(by=cadre, child_id=child.pk, identity=wrong, reason="akta", confirmed=answered)
    [logged] = ChangeLog.objects.all()
    assert (logged.values, logged.by, logged.reason) == (("2025-04-10", "2023-04-10"), cadre, "akta")
    assert [row.haz for row in child.measurements.order_by("measured_on")] == [-5.96, -5.63, -5.37]
    assert not wrong_figures()


def test_the_answer_to_one_question_does_not_answer_another(cadre: User, child: Child) -> None:
    with pytest.raises(IdentityDoubtful) as asked:
        update_child(
            by=cadre, child_id=child.pk, identity=identity(birth_date=WRONG), reason="akta", confirmed=()
        )
    keys = [question.key for question in asked.value.questions]
    other = identity(birth_date=date(2023, 3, 10))
    with pytest.raises(IdentityDoubtful):
        update_child(by=cadre, child_id=child.pk, identity=other, reason="akta", confirmed=keys)


def test_a_birth_date_that_turns_no_class_is_not_asked_about(cadre: User, child: Child) -> None:
    near = identity(birth_date=date(2025, 4, 12))
    assert update_child(by=cadre, child_id=child.pk, identity=near, reason="akta", confirmed=()) == child


def test_a_class_beyond_whos_limits_or_of_no_table_is_turned_too(child: Child) -> None:
    rows = list(child.measurements.order_by("measured_on"))[:1]
    child.birth_date = date(2022, 4, 10)  # HAZ -6.6 or so: beyond the limit of -6
    assert next((one.index, one.new) for one in turned_classes(child, rows)) == ("haz", "flagged")
    child.birth_date = date(2021, 3, 1)  # past five on that day
    assert [(one.index, one.new) for one in turned_classes(child, rows)] == [
        ("haz", ""),
        ("waz", ""),
        ("whz", ""),
    ]


def test_another_sex_is_said_in_the_question(cadre: User) -> None:
    # 9.6 kg and 78.0 cm at 24 months: WAZ of a girl -1.50 or so, of a boy under -2.
    girl = make_child(cadre, name="Adi Contoh", sex=Sex.GIRL, birth_date=date(2024, 8, 12))
    measure(girl, date(2026, 8, 12), "9.3", "81.0")
    with pytest.raises(IdentityDoubtful) as asked:
        update_child(
            by=cadre,
            child_id=girl.pk,
            identity=identity(birth_date=date(2024, 8, 12)),
            reason="akta",
            confirmed=(),
        )
    assert "Jenis kelaminnya menjadi laki-laki. 1 pengukuran menjadi" in asked.value.message


@pytest.mark.parametrize(
    ("nik", "code"),
    [
        ("0000000000000000", "nik_impossible"),
        ("1111111111111111", "nik_impossible"),
        ("3301021004252222", None),
        ("3301022222222222", "nik_impossible"),
        ("3301023213250001", "nik_impossible"),  # the 32nd of the 13th month
        ("3301025008960003", "nik_parent"),  # a woman of 1996, 29 years older
        ("3301021008750003", "nik_parent"),  # exactly 50
        ("3301021008740003", None),  # 51 years older: 1974
        ("3301021008100003", "nik_parent"),  # exactly 15
        ("3301021008110003", None),
        ("3301021004250003", None),
    ],
)
def test_a_nik_that_is_hardly_the_childs_is_asked_about_where_it_is_typed(
    cadre: User, nik: str, code: str | None
) -> None:
    village = make_village()

    def enrol(confirmed: object) -> None:
        enrol_child(
            by=cadre,
            id=child_id,
            village_code=village.pk,
            identity=identity(nik=nik),
            confirmed=confirmed,  # type: ignore[arg-type]
        )

    child_id = uuid4()
    other = make_child(cadre, name="Budi", sex=Sex.BOY, birth_date=date(2025, 4, 10))
    calls = (
        enrol,
        lambda confirmed: update_child(
            by=cadre, child_id=other.pk, identity=identity(name="Budi", nik=nik), confirmed=confirmed
        ),
    )
    for call in calls:
        if code is not None:
            with pytest.raises(IdentityDoubtful) as asked:
                call(())
            assert [one.code for one in asked.value.questions] == [code]
        call([code])
        Child.objects.filter(nik_hash__isnull=False).update(nik_hash=None, nik_sealed="")


def test_a_nik_on_record_is_not_asked_about_again(cadre: User) -> None:
    child = make_child(cadre, name="Adi", sex=Sex.BOY, birth_date=BORN, nik="3301025008960003")
    same = identity(name="Adi Contoh", nik="3301025008960003")
    assert update_child(by=cadre, child_id=child.pk, identity=same, confirmed=()).name == "Adi Contoh"
