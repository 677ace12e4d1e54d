"""What the phone says and the limits it knows, handed to it as data: each sentence and rule stands once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import get_language, ngettext

from kpm.advice import (
    AdviceNote,
    ResultHeading,
    flagged_words,
    gain_words,
    head_words,
    heading_words,
    index_words,
    note_words,
    oedema_words,
    step_words,
    too_soon_words,
)
from kpm.advice_rules import Step
from kpm.case_words import list_choices, open_words, waiting_sentences
from kpm.cases.standing import Urgency
from kpm.early_birth import early_words
from kpm.follow_up import Reason, reason_words, urgency_words
from kpm.models import TREATMENT_STEPS, ReferredTo
from kpm.models.convergence import SERVICE_WORDS
from kpm.month_list import waiting_words
from kpm.service_month import ServiceTab, due_of_young_child
from registry.actions.identity import BIRTH_LIMITS, GESTATION_LIMITS
from registry.actions.observation import LIMITS
from registry.growth import KBM_TABLES, PlausibilityFlag
from registry.growth.gain import KbmTable
from registry.growth.plausibility import (
    DAYS_PER_MONTH,
    LENGTH_GAIN_TWO_MONTHS_MM,
    SHORTER_BY_MORE_THAN_MM,
    STANDING_TO_LYING_MM,
    WEIGHT_GAIN_TIMES_MEDIAN,
    WEIGHT_LOSS_SHARE_AT_MOST,
    WEIGHT_LOSS_SHARE_PER_MONTH,
    WEIGHT_SHARE_AT_ONCE,
)
from registry.models import Gain, Position
from registry.name_similarity import (
    OTHER_PARENT,
    SAME_PARENT,
    SHORTEST_NAME,
    SIMILAR_NAME,
    SOUNDS,
    TITLES,
    WRITTEN_OUT,
)
from registry.nik import PARENT_AGES, NikWarning
from registry.remarks import Remark, remark_words
from registry.validation_messages import (
    doubt_message,
    nik_question_message,
    out_of_range_message,
    phone_refusals,
)


def list_strings() -> dict[str, Any]:
    """Return sentences in the reader's language by their codes, and the rules that are data."""
    return {
        "language": get_language() or "id",
        **_list_finding_words(),
        "headings": {heading: heading_words(heading) for heading in ResultHeading},
        "steps": {step: step_words(step) for step in Step},
        "reasons": {reason: reason_words(reason) for reason in Reason},
        **_list_case_words(),
        "services": _list_service_words(),
        "notes": {note: note_words(note) for note in AdviceNote}
        | {remark: remark_words(remark) for remark in Remark},
        "gains": {gain.value: gain_words(gain) for gain in Gain},
        "twice": gain_words(Gain.NOT_ROSE, twice=True),
        "tooSoon": too_soon_words(),
        "early": early_words(),
        "doubts": {doubt: doubt_message(doubt) for doubt in PlausibilityFlag},
        "positions": {position.value: str(position.label) for position in Position},
        "refused": _list_refusals(),
        "waiting": waiting_words()
        | {
            "missed": ngettext("%(count)d bulan tidak diukur", "%(count)d bulan tidak diukur", 2),
            "missed_one": ngettext("%(count)d bulan tidak diukur", "%(count)d bulan tidak diukur", 1),
        },
        "ages": {
            "days": ngettext("%(count)d hari", "%(count)d hari", 2),
            "day": ngettext("%(count)d hari", "%(count)d hari", 1),
            "months": ngettext("%(count)d bulan", "%(count)d bulan", 2),
            "month": ngettext("%(count)d bulan", "%(count)d bulan", 1),
        },
        "limits": {name: [float(bound) for bound in bounds] for name, bounds in LIMITS.items()},
        "birthLimits": {name: [float(low), float(high)] for name, (low, high) in BIRTH_LIMITS.items()},
        "gestationLimits": GESTATION_LIMITS,
        "kbm": list_kbm_tables(KBM_TABLES),
        "plausibility": _list_plausibility_limits(),
        "names": _list_name_limits(),
        "identityDoubts": _list_nik_questions(),
        "parentAges": {"from": PARENT_AGES[0], "to": PARENT_AGES[-1]},
    }


def _list_finding_words() -> dict[str, Any]:
    """Return the names of the indices, and what is said of one where no class of Permenkes is."""
    return {
        "indices": {
            index: [index_words(index, lying=True), index_words(index, lying=False)]
            for index in ("haz", "whz", "waz", "muac", "oedema", "head")
        },
        "flagged": flagged_words(),
        "oedema": oedema_words(),
        "head": {"small": head_words(is_small=True), "large": head_words(is_small=False)},
    }


def _list_case_words() -> dict[str, Any]:
    """Return what is said of open cases, and every step in order; ``answers``: only who treats may."""
    return {
        "urgencies": {urgency: urgency_words(urgency) for urgency in Urgency},
        "caseSteps": [
            {"value": choice.value, "words": choice.words, "answers": choice.action in TREATMENT_STEPS}
            for choice in list_choices()
        ],
        "caseOpen": [open_words(1), open_words(2)],
        "caseWaiting": waiting_sentences(),
        "referredTo": {whom.value: str(whom.label) for whom in ReferredTo},
    }


def _list_service_words() -> dict[str, Any]:
    """Return what services and tabs are called, which are typed, and what is due to a new child."""
    return {
        "words": {service: str(words) for service, words in SERVICE_WORDS.items()},
        "tabs": {tab: tab.words for tab in ServiceTab},
        "typed": {tab: tab.typed for tab in ServiceTab},
        "dueOfChild": due_of_young_child(),
    }


def list_kbm_tables(tables: Sequence[KbmTable]) -> list[dict[str, Any]]:
    """Return every card of minimum gains, oldest first: the phone takes the one of a weighing's day."""
    return [
        {
            "validFrom": table.valid_from.isoformat(),
            "fromMonths": table.from_months,
            "grams": {"1": table.boys_g, "2": table.girls_g},
            "leastDays": table.least_days,
        }
        for table in tables
    ]


def _list_plausibility_limits() -> dict[str, Any]:
    """Return the limits of ``registry.growth.plausibility``, which the phone judges by too."""
    return {
        "lengthGainMm": LENGTH_GAIN_TWO_MONTHS_MM,
        "daysPerMonth": DAYS_PER_MONTH,
        "standingToLyingMm": STANDING_TO_LYING_MM,
        "shorterByMoreThanMm": SHORTER_BY_MORE_THAN_MM,
        "weightShareAtOnce": WEIGHT_SHARE_AT_ONCE,
        "weightLossSharePerMonth": WEIGHT_LOSS_SHARE_PER_MONTH,
        "weightLossShareAtMost": WEIGHT_LOSS_SHARE_AT_MOST,
        "weightGainTimesMedian": WEIGHT_GAIN_TIMES_MEDIAN,
    }


def _list_nik_questions() -> dict[str, str]:
    warnings = (NikWarning.IMPOSSIBLE, NikWarning.PARENT)
    return {f"nik_{warning}": nik_question_message(warning) for warning in warnings}


def _list_name_limits() -> dict[str, Any]:
    """Return the limits and words of ``registry.name_similarity``, by which the phone asks too."""
    return {
        "similarName": SIMILAR_NAME,
        "sameParent": SAME_PARENT,
        "otherParent": OTHER_PARENT,
        "shortestName": SHORTEST_NAME,
        "titles": sorted(TITLES),
        "writtenOut": WRITTEN_OUT,
        "sounds": SOUNDS,
    }


def _list_refusals() -> dict[str, str]:
    ranges = {
        name: out_of_range_message(name, str(low), str(high)) for name, (low, high, _step) in LIMITS.items()
    }
    return ranges | phone_refusals()
