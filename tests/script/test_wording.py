"""Words that no sentence of the register uses, in Indonesian or English (docs/contributing.md, Sentences)."""

from __future__ import annotations

import re

import pytest

from script.messages import ids, read_catalog, strings

INDONESIAN = {
    r"\b[Dd]ipercaya\b": "valid",
    r"[Tt]ersegel": "terkunci",
    r"\b[Pp]eramban\b": "browser",
    r"[Ss]esudah": "setelah",
    r"\b[Bb]erbaring\b": "telentang",
    r"wilayah Anda|daerah kerja|daerah pengguna": "wilayah kerja",
    r" %%|\d %": "14,2%",
    r"masuk akal": "di luar batas wajar",
    r"anak itu juga": "anak yang sama",
    r"belum tiba": "tidak boleh setelah hari ini",
    r"KIA/KMS": "buku KIA",
    r"[Rr]entang 95": "selang kepercayaan 95%",
    r"berkas asalnya": "berkas asal",
    r"[Mm]engarang|[Mm]enghukum|dihukum": "no reproach",
    r"\b([Ss]ilakan|[Mm]ohon|[Hh]arap)\b": "the bare imperative",
}
ENGLISH = {
    r"(?<!\()\bbelieved\b": "valid",
    r"[Tt]aken back": "undone, removed",
    r"[Tt]hrown? (this file )?away": "discard",
    r"[Gg]rowth book": "KIA book",
    r"[Ww]hole NIK": "full NIK",
    r"that very child": "the same child",
    r"[Nn]ever mind": "Cancel",
    r"\bsealed\b": "locked",
    r"\bKPM who came\b": "present",
    r"did not rise": "inadequate weight gain",
    r" %%|\d %": "14.2%",
    r"95(%%?) interval": "95% confidence interval",
}


@pytest.mark.parametrize("word", INDONESIAN)
def test_no_indonesian_sentence_has_the_word(word: str) -> None:
    said = {text for message in read_catalog() if message.id for text in ids(message)}
    assert [text for text in said if re.search(word, text)] == [], INDONESIAN[word]


@pytest.mark.parametrize("word", ENGLISH)
def test_no_english_sentence_has_the_word(word: str) -> None:
    said = {text for message in read_catalog() if message.id for text in strings(message)}
    assert [text for text in said if re.search(word, text)] == [], ENGLISH[word]
