"""What the forms of the scorecard call their groups, packages, indicators and answers."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpm.models.convergence import CONDITION_WORDS, SERVICE_WORDS
from kpm.scorecard.indicators import (
    LivingCondition,
    ScoredService,
    ScoreGroup,
    ScoreIndicator,
)
from kpm.scorecard.judgement import ScoreAnswer

GROUP_WORDS = {
    ScoreGroup.PREGNANT: gettext_lazy("ibu hamil dan nifas"),
    ScoreGroup.YOUNG_CHILD: gettext_lazy("anak 0–23 bulan"),
    ScoreGroup.PRESCHOOL_CHILD: gettext_lazy("anak 2–6 tahun"),
}
FORMS = {ScoreGroup.PREGNANT: "2A", ScoreGroup.YOUNG_CHILD: "2B", ScoreGroup.PRESCHOOL_CHILD: "2C"}
INDICATOR_WORDS = {
    ScoreIndicator.CHECK_UPS: SERVICE_WORDS[ScoredService.CHECK_UP],
    ScoreIndicator.IRON_TABLETS: SERVICE_WORDS[ScoredService.IRON_TABLETS],
    ScoreIndicator.POSTNATAL_VISITS: SERVICE_WORDS[ScoredService.POSTNATAL_VISIT],
    ScoreIndicator.COUNSELLING: gettext_lazy("konseling gizi atau kelas ibu"),
    ScoreIndicator.VISITS_AT_RISK: gettext_lazy("kunjungan rumah tiap bulan selama berisiko"),
    ScoreIndicator.SAFE_WATER: CONDITION_WORDS[LivingCondition.SAFE_WATER],
    ScoreIndicator.LATRINE: CONDITION_WORDS[LivingCondition.LATRINE],
    ScoreIndicator.INSURANCE: CONDITION_WORDS[LivingCondition.INSURANCE],
    ScoreIndicator.IMMUNISATION: SERVICE_WORDS[ScoredService.IMMUNISATION_COMPLETE],
    ScoreIndicator.WEIGHED_MONTHLY: gettext_lazy("ditimbang tiap bulan"),
    ScoreIndicator.HEIGHT_TWICE: gettext_lazy("diukur panjang/tinggi dua kali setahun"),
    ScoreIndicator.COUNSELLED_MONTHLY: gettext_lazy("orang tua dikonseling tiap bulan"),
    ScoreIndicator.BIRTH_CERTIFICATE: CONDITION_WORDS[LivingCondition.BIRTH_CERTIFICATE],
    ScoreIndicator.PARENTING_CLASSES: gettext_lazy("kelas pengasuhan tiap bulan"),
    ScoreIndicator.LESSONS: gettext_lazy("hadir di PAUD sekurangnya 80%"),
}


def answer_words(answer: ScoreAnswer) -> str:
    """Return an answer as a form writes it."""
    return {
        ScoreAnswer.YES: _("ya"),
        ScoreAnswer.NO: _("tidak"),
        ScoreAnswer.NOT_APPLICABLE: _("tidak berlaku"),
    }[answer]
