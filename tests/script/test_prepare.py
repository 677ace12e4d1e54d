"""script/prepare.py: what is loaded before the register serves, and what it says when that fails."""

from __future__ import annotations

import pytest

from demo.management.commands import demo
from registry.models import Child, Measurement, User, Village
from script import prepare

pytestmark = pytest.mark.django_db


def test_where_the_demo_fails_the_register_is_empty_and_a_sentence_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load = demo.load

    def fail_at_the_end(*arguments: object) -> None:
        load(*arguments)  # type: ignore[arg-type]
        assert Measurement.objects.exists()
        raise ZeroDivisionError("nobody came")

    monkeypatch.setattr(demo, "load", fail_at_the_end)
    monkeypatch.setattr(demo, "SMALL", (30, 2))
    prepare.load_register()
    said = capsys.readouterr().err
    assert "\nContoh gagal dimuat; register berjalan tanpa contoh: ZeroDivisionError: nobody came\n" in said
    assert (
        "(The demo could not be loaded; the register runs without it: ZeroDivisionError: nobody came)" in said
    )
    assert Village.objects.count() == 284
    assert not any(model._default_manager.exists() for model in (Child, Measurement, User))


def test_figures_that_cannot_be_counted_do_not_keep_the_register_from_serving(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("django.core.management.call_command", fail)
    prepare.load_register()
    said = capsys.readouterr().err
    assert "(The villages could not be loaded: OSError: disk full)" in said
    assert "(The figures could not be counted: OSError: disk full)" in said
