"""Sentences come in the reader's language: Indonesian unless English is asked for."""

from __future__ import annotations

import pytest
from rest_framework.test import APIClient


@pytest.mark.parametrize(
    ("asked", "given"), [(None, "id"), ("id", "id"), ("fr", "id"), ("en-GB,en;q=0.9", "en")]
)
def test_a_refusal_is_in_the_language_asked_for(db: None, asked: str | None, given: str) -> None:
    answer = APIClient().get("/api/v1/villages/", headers={"accept-language": asked} if asked else {})
    assert answer.status_code == 401
    assert answer["Content-Language"] == given
    assert ("Masuk dulu" in answer.json()["detail"]) == (given == "id")
