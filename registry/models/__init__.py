"""The tables of the register, one file a concept.

Models hold data and the invariants the database can keep. They decide nothing: rules live in
``registry.growth`` and ``registry.actions``, counting in ``registry.figures``.
"""

from registry.models.access import Membership, Role, User
from registry.models.change_log import ChangeLog, ChangeSubject
from registry.models.child import BirthDateBasis, Child, ChildStatus, Residence, Sex
from registry.models.consent import Consent, ConsentKind, ConsentMethod, ConsentText, ParentRelation
from registry.models.decision import RowChoice, RowDecision
from registry.models.export import LAYOUTS, ExportForm, ExportKind, ExportLog
from registry.models.mapping import ColumnMapping
from registry.models.measurement import Gain, Measurement, MeasurementState, Position, Source
from registry.models.merged_child import UNDO_DAYS, MergedChild
from registry.models.month import AgeGroup, CountedMonth, HeightSpread, QualityMonth, VillageMonth
from registry.models.nik_hash_key import NikHashKey
from registry.models.place import (
    Boundary,
    District,
    FormerVillageCode,
    Kecamatan,
    Posyandu,
    Puskesmas,
    Village,
    VillageKind,
)
from registry.models.read_log import ReadLog, ReadSubject
from registry.models.target import Indicator, Survey, SurveyEstimate, Target
from registry.models.upload import RowOutcome, Upload, UploadPlan, UploadStep

__all__ = [
    "LAYOUTS",
    "UNDO_DAYS",
    "AgeGroup",
    "BirthDateBasis",
    "Boundary",
    "ChangeLog",
    "ChangeSubject",
    "Child",
    "ChildStatus",
    "ColumnMapping",
    "Consent",
    "ConsentKind",
    "ConsentMethod",
    "ConsentText",
    "CountedMonth",
    "District",
    "ExportForm",
    "ExportKind",
    "ExportLog",
    "FormerVillageCode",
    "Gain",
    "HeightSpread",
    "Indicator",
    "Kecamatan",
    "Measurement",
    "MeasurementState",
    "Membership",
    "MergedChild",
    "NikHashKey",
    "ParentRelation",
    "Position",
    "Posyandu",
    "Puskesmas",
    "QualityMonth",
    "ReadLog",
    "ReadSubject",
    "Residence",
    "Role",
    "RowChoice",
    "RowDecision",
    "RowOutcome",
    "Sex",
    "Source",
    "Survey",
    "SurveyEstimate",
    "Target",
    "Upload",
    "UploadPlan",
    "UploadStep",
    "User",
    "Village",
    "VillageKind",
    "VillageMonth",
]
