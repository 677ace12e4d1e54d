"""What was found out about a file is said in the language of whoever asked for it."""

from __future__ import annotations

from django.utils import translation

from registry.models import Upload


def languages_of(upload: Upload) -> dict[str, str]:
    """The languages of what was found and of what is wrong; empty where it is the reader's own."""
    summary = upload.summary
    return {
        "found_in": _another(summary.get("language")),
        "problem_in": _another(summary.get("problem_language") if upload.problem else ""),
    }


def _another(language: str | None) -> str:
    return language if language and language != translation.get_language() else ""
