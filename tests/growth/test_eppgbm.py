"""36 rows in the terms of e-PPGBM, the province's software."""

from __future__ import annotations

import pytest

from registry.growth import PositionCode, SexCode, assess, label_haz, label_waz, label_whz
from tests.growth.reference import Row, rows

POSTURES = {"Terlentang": PositionCode.LYING, "Berdiri": PositionCode.STANDING}
SEXES = {"L": SexCode.BOY, "P": SexCode.GIRL}

TERMS = {
    "label_bbu": {
        "Sangat Kurang": "severely_underweight",
        "Kurang": "underweight",
        "Normal": "normal_weight",
        "Risiko Lebih": "risk_overweight",
    },
    "label_tbu": {
        "Sangat Pendek": "severely_stunted",
        "Pendek": "stunted",
        "Normal": "normal_height",
        "Tinggi": "tall",
    },
    "label_bbtb": {
        "Gizi Buruk": "severely_wasted",
        "Gizi Kurang": "wasted",
        "Gizi Baik": "normal",
        "Risiko Gizi Lebih": "possible_risk_overweight",
        "Gizi Lebih": "overweight",
        "Obesitas": "obese",
    },
}


@pytest.mark.parametrize(
    "row",
    rows("eppgbm_vectors.csv"),
    ids=lambda row: "-".join(list(row.values())[:5]),
)
def test_a_row_of_eppgbm_has_the_same_scores_and_classes(row: Row) -> None:
    got = assess(
        sex=SEXES[row["sex"]],
        age_days=int(row["age_days"]),
        weight_kg=float(row["weight_kg"]),
        lenhei_cm=float(row["lenhei_cm"]),
        position=POSTURES[row["posture"]],
    )
    theirs = [float(row[name]) for name in ("zs_bbu", "zs_tbu", "zs_bbtb")]
    assert [got.waz, got.haz, got.whz] == pytest.approx(theirs, abs=0.0101)
    labels = [label_waz(got.waz), label_haz(got.haz), label_whz(got.whz)]
    assert [label and label.code for label in labels] == [TERMS[name][row[name]] for name in TERMS]
