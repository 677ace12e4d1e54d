"""Is the place below its target? The intervals are Wilson's, worked out by hand to one decimal."""

from __future__ import annotations

from datetime import date

import pytest

from dashboard.narrative import (
    caution_text,
    count_children_over,
    severity_word,
    short_note,
    target_statement,
    target_words,
    verdict_word,
)
from registry.access.visible_places import PlaceName
from registry.figures import Counts, Prevalence
from registry.figures.prevalence import summary_of
from registry.models import Target

AUGUST = date(2024, 8, 1)
TARGET = Target(year=2024, percent="14.0")
WHERE = "Kabupaten Cilacap"


def found(stunted: int, believed: int, registered: int | None = None, *, hide: bool = False) -> Prevalence:
    counts = Counts(
        registered=believed if registered is None else registered,
        measured=believed,
        haz_believed=believed,
        stunted=stunted,
    )
    place = PlaceName("district", "33.01", "Cilacap")
    return summary_of(place, AUGUST, counts, hide_small=hide).stunted


def plain(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_an_interval_wholly_under_the_target_is_below_it() -> None:
    said = target_statement(found(100, 1000), TARGET, WHERE)
    assert said.word == "Di bawah target"
    assert plain(said.sentence) == (
        "Menurut register, stunting di Kabupaten Cilacap pada Agustus 2024 10,0% (8,3–12,0). Seluruh "
        "selang kepercayaannya tidak melewati target 14% untuk 2024."
    )


def test_an_interval_wholly_over_the_target_is_above_it() -> None:
    said = target_statement(found(200, 1000), TARGET, WHERE)
    assert said.word == "Di atas target"
    assert "20,0% (17,6–22,6). Seluruh selang kepercayaannya di atas target 14% untuk 2024." in plain(
        said.sentence
    )


def test_an_interval_that_crosses_the_target_cannot_be_told_yet() -> None:
    said = target_statement(found(10, 100), TARGET, WHERE)
    assert said.word == "Belum dapat dipastikan"
    assert "10,0% (5,5–17,4). Selang kepercayaan itu memuat target 14% untuk 2024" in plain(said.sentence)


def test_too_few_children_are_on_no_side_though_their_interval_is() -> None:
    # 20 of 29 is 51-83 %, 20 of 30 is 49-81 %.
    said = target_statement(found(20, 29), TARGET, WHERE)
    assert said.word == "Belum dapat dipastikan"
    assert "Anaknya terlalu sedikit untuk mengatakan di bawah atau di atas target 14%" in plain(said.sentence)
    assert target_statement(found(20, 30), TARGET, WHERE).word == "Di atas target"


def test_few_children_whose_interval_holds_the_target_are_told_so() -> None:
    assert "Selang kepercayaan itu memuat target 14%" in plain(
        target_statement(found(4, 29), TARGET, WHERE).sentence
    )


@pytest.mark.parametrize(
    ("numbers", "verdict", "note"),
    [
        ((100, 1000), "di bawah", ""),
        ((200, 1000), "di atas", ""),
        ((10, 100), "belum pasti", ""),
        ((20, 29), "belum pasti", "sedikit anak"),
        ((20, 29, 100), "belum pasti", "sedikit anak, cakupan pengukuran rendah"),
        ((200, 1000, 2000), "di atas", "cakupan pengukuran rendah"),
        ((0, 0, 40), "", "belum ada data"),
    ],
)
def test_the_words_of_a_row(numbers: tuple[int, ...], verdict: str, note: str) -> None:
    place = found(*numbers)
    assert (verdict_word(place, TARGET), short_note(place)) == (verdict, note)


def test_a_row_tells_no_target_no_data_and_hidden_apart() -> None:
    assert verdict_word(found(10, 100), None) == "belum ada target"
    nobody = found(0, 0, registered=40)
    assert (verdict_word(nobody, None), short_note(nobody)) == ("", "belum ada data")
    hidden = found(3, 50, hide=True)
    assert (verdict_word(hidden, TARGET), short_note(hidden)) == ("", "disembunyikan, kurang dari 5 anak")


def test_a_year_without_a_target_has_no_side_for_few_children_either() -> None:
    assert verdict_word(found(20, 21), None) == "belum ada target"


def test_children_over_the_target_need_a_rate_and_a_target() -> None:
    assert count_children_over(found(50, 250), TARGET) == 15
    assert count_children_over(found(10, 250), TARGET) == 0
    assert count_children_over(found(50, 250), None) is None
    assert count_children_over(found(0, 0, registered=9), TARGET) is None
    assert count_children_over(found(3, 50, hide=True), TARGET) is None


def test_nobody_measured_is_no_data_and_never_zero_percent() -> None:
    said = target_statement(found(0, 0, registered=40), TARGET, WHERE)
    assert said.word == "Belum ada data"
    assert said.sentence.startswith("Belum ada anak yang diukur di Kabupaten Cilacap pada Agustus 2024.")
    assert "bukan berarti 0%" in said.sentence


def test_measured_without_a_believed_height_names_both_reasons() -> None:
    counts = Counts(registered=9, measured=7)
    none_believed = summary_of(PlaceName("village", "33.01.02.2009", "X"), AUGUST, counts).stunted
    said = target_statement(none_believed, TARGET, WHERE)
    assert "sudah 7 anak diukur, tetapi belum ada tinggi badan yang valid" in said.sentence
    assert "tingginya belum diukur, atau nilainya di luar batas wajar" in said.sentence  # weighed only, too


def test_a_year_without_any_target_says_so_and_still_says_the_rate() -> None:
    said = target_statement(found(100, 1000), None, WHERE)
    assert said.word == "Belum ada target"
    assert "10,0% (8,3–12,0). Belum ada target untuk tahun 2024" in plain(said.sentence)


def test_an_earlier_years_target_that_still_holds_is_named_with_its_year() -> None:
    words = target_words(TARGET, date(2026, 1, 1))
    assert plain(words) == "target 14% dari 2024 (tahun 2026 belum punya target sendiri)"


def test_a_small_number_hidden_from_the_reader_gets_no_verdict() -> None:
    said = target_statement(found(3, 50, hide=True), TARGET, WHERE)
    assert said.word == "Disembunyikan"
    assert "kurang dari 5 anak" in said.sentence
    assert "6,0" not in said.sentence


def test_low_coverage_is_cautioned_with_the_coverage() -> None:
    assert "baru 62,5% anak terdaftar yang tingginya dapat dinilai" in plain(
        caution_text(found(20, 100, registered=160))
    )


def test_few_children_are_cautioned_with_their_number() -> None:
    assert "hanya 29 anak (kurang dari 30)" in caution_text(found(5, 29))


def test_enough_children_well_covered_need_no_caution() -> None:
    assert caution_text(found(5, 30)) == ""


@pytest.mark.parametrize(
    ("stunted", "word"),
    [(24, "sangat rendah"), (25, "rendah"), (100, "sedang"), (200, "tinggi"), (300, "sangat tinggi")],
)
def test_severity_changes_at_whos_limits(stunted: int, word: str) -> None:
    assert severity_word(found(stunted, 1000)).split(" (")[0] == word


def test_a_row_without_data_has_no_verdict_word() -> None:
    assert verdict_word(found(0, 0, registered=3), TARGET) == ""
