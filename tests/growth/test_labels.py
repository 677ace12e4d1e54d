"""The classes of Permenkes 2/2020 at their limits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry.growth import (
    LABELS,
    Label,
    is_believed,
    is_overweight,
    is_severely_stunted,
    is_severely_underweight,
    is_severely_wasted,
    is_stunted,
    is_underweight,
    is_wasted,
    label_baz,
    label_haz,
    label_muac,
    label_waz,
    label_whz,
)


@pytest.mark.parametrize(
    ("z", "term"),
    [
        (-3.01, "Sangat pendek"),
        (-3.0, "Pendek"),
        (-2.01, "Pendek"),
        (-2.0, "Normal"),
        (3.0, "Normal"),
        (3.01, "Tinggi"),
    ],
)
def test_length_for_age(z: float, term: str) -> None:
    label = label_haz(z)
    assert label is not None
    assert label.id == term


@pytest.mark.parametrize(
    ("z", "term"),
    [
        (-3.01, "Berat badan sangat kurang"),
        (-3.0, "Berat badan kurang"),
        (-2.01, "Berat badan kurang"),
        (-2.0, "Berat badan normal"),
        (1.0, "Berat badan normal"),
        (1.01, "Risiko berat badan lebih"),
    ],
)
def test_weight_for_age(z: float, term: str) -> None:
    label = label_waz(z)
    assert label is not None
    assert label.id == term


@pytest.mark.parametrize(("classify", "index"), [(label_whz, "whz"), (label_baz, "baz")])
@pytest.mark.parametrize(
    ("z", "term"),
    [
        (-3.01, "Gizi buruk"),
        (-3.0, "Gizi kurang"),
        (-2.01, "Gizi kurang"),
        (-2.0, "Gizi baik"),
        (1.0, "Gizi baik"),
        (1.01, "Berisiko gizi lebih"),
        (2.0, "Berisiko gizi lebih"),
        (2.01, "Gizi lebih"),
        (3.0, "Gizi lebih"),
        (3.01, "Obesitas"),
    ],
)
def test_weight_for_length_and_bmi_for_age(
    classify: Callable[[float | None], Label | None], index: str, z: float, term: str
) -> None:
    label = classify(z)
    assert label is not None
    assert (label.id, label.index) == (term, index)


@pytest.mark.parametrize("classify", [label_haz, label_waz, label_whz, label_baz])
def test_no_score_has_no_class(classify: Callable[[float | None], Label | None]) -> None:
    assert classify(None) is None


@pytest.mark.parametrize(
    ("muac_cm", "days", "code"),
    [
        (11.4, 183, "severely_wasted"),
        (11.5, 183, "wasted"),
        (12.4, 1826, "wasted"),
        (12.5, 1826, "normal"),
        (11.0, 182, None),
        (11.0, 1827, None),
        (11.0, None, None),
        (None, 400, None),
    ],
)
def test_arm_circumference_from_6_to_59_months(
    muac_cm: float | None, days: int | None, code: str | None
) -> None:
    label = label_muac(muac_cm, days)
    assert (label and label.code) == code


def test_every_class_is_found_by_its_code() -> None:
    assert len(LABELS) == 14
    assert all(LABELS[code].code == code for code in LABELS)
    assert LABELS["stunted"] is label_haz(-2.5)


def test_worse_is_never_less_severe() -> None:
    # Very short alone is no emergency (WHO's pocket book); very thin or light is.
    for classify, worst in ((label_haz, 2), (label_waz, 3), (label_whz, 3), (label_baz, 3)):
        severities = [label.severity for z in (-3.5, -2.5, 0.0) if (label := classify(z))]
        assert severities == [worst, 2, 0]


def test_two_below_is_normal_and_three_below_is_stunted_but_not_severely() -> None:
    assert not is_stunted(-2.0)
    assert is_stunted(-3.0)
    assert not is_severely_stunted(-3.0)
    assert is_severely_stunted(-3.01)


def test_no_score_is_nothing() -> None:
    assert not any((is_stunted(None), is_severely_stunted(None), is_overweight(None)))
    assert not any((is_underweight(None), is_severely_underweight(None)))
    assert not any((is_wasted(None), is_severely_wasted(None)))


def test_oedema_is_severe_whatever_the_weight_says() -> None:
    assert is_underweight(None, oedema=True)
    assert is_severely_underweight(None, oedema=True)
    assert is_wasted(0.5, oedema=True)
    assert is_severely_wasted(0.5, oedema=True)


def test_weight_follows_the_same_strict_limits() -> None:
    assert (is_underweight(-2.0), is_underweight(-2.01)) == (False, True)
    assert (is_severely_underweight(-3.0), is_severely_underweight(-3.01)) == (False, True)
    assert (is_wasted(-2.0), is_wasted(-2.01)) == (False, True)
    assert (is_severely_wasted(-3.0), is_severely_wasted(-3.01)) == (False, True)
    assert (is_overweight(2.0), is_overweight(2.01)) == (False, True)


def test_only_a_computed_and_unflagged_score_is_believed() -> None:
    assert is_believed(-2.5, False)
    assert not is_believed(-6.5, True)
    assert not is_believed(None, False)
