"""The growth of children by WHO's standards and Permenkes 2/2020: pure rules, no Django.

No table is read at import; the first z-score reads them.
"""

from registry.growth.batch import BatchAssessment, assess_batch
from registry.growth.curves import Curve, curve
from registry.growth.gain import (
    KBM_TABLES,
    GainCode,
    KbmTable,
    gain_code,
    get_kbm_table,
    minimum_gain_g,
    series_gain_codes,
    twice_not_gained,
)
from registry.growth.labels import (
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
from registry.growth.plausibility import Measured, PlausibilityFlag, plausibility_flags
from registry.growth.rules import (
    AgeGroupCode,
    PositionCode,
    SexCode,
    age_group,
    age_in_days,
    completed_months,
    corrected_lenhei,
    days_from_months,
    expected_position,
    under_five,
)
from registry.growth.single import FIELDS, Assessment, assess

__all__ = [
    "FIELDS",
    "KBM_TABLES",
    "LABELS",
    "AgeGroupCode",
    "Assessment",
    "BatchAssessment",
    "Curve",
    "GainCode",
    "KbmTable",
    "Label",
    "Measured",
    "PlausibilityFlag",
    "PositionCode",
    "SexCode",
    "age_group",
    "age_in_days",
    "assess",
    "assess_batch",
    "completed_months",
    "corrected_lenhei",
    "curve",
    "days_from_months",
    "expected_position",
    "gain_code",
    "get_kbm_table",
    "is_believed",
    "is_overweight",
    "is_severely_stunted",
    "is_severely_underweight",
    "is_severely_wasted",
    "is_stunted",
    "is_underweight",
    "is_wasted",
    "label_baz",
    "label_haz",
    "label_muac",
    "label_waz",
    "label_whz",
    "minimum_gain_g",
    "plausibility_flags",
    "series_gain_codes",
    "twice_not_gained",
    "under_five",
]
