"""What data quality says of birth dates that are estimated, in both languages."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from dashboard.narrative_quality import TOPICS, reason_words
from registry.statistics import CheckName


@pytest.mark.parametrize(
    ("language", "reason", "topic"),
    [
        (
            "id",
            "tanggal lahir perkiraan 23,5%",
            "Terlalu banyak tanggal lahir perkiraan, tanggal lahir 1 atau 15",
        ),
        ("en", "estimated birth date: 23.5%", "Too many estimated birth dates, births on the 1st or 15th"),
    ],
)
def test_the_share_of_estimated_birth_dates_has_its_words_and_its_training(
    language: str, reason: str, topic: str
) -> None:
    check = CheckName.BIRTH_DATE_ESTIMATED
    with override(language):
        assert reason_words(check, 23.5) == reason
        [teaches] = [str(one.teaches) for one in TOPICS if check in one.checks]
        assert topic in teaches
