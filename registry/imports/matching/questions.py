"""What only a person can answer of a row: which child it is, in a sentence that says what to choose from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from registry.errors import NotFound, Refused
from registry.imports.answers import NO_KEYS, RowKeys
from registry.imports.matching.comparison import MatchJudgement
from registry.imports.report import Candidate, RowOutcome, RowReport
from registry.imports.tables.row_read import RowRead
from registry.models import Child, Sex, Village
from registry.name_similarity import Agreement, NameForms
from registry.nik import mask_nik
from registry.places.village_label import village_words
from registry.validation_messages import spoken_date


class NeedsAnswer(Refused):
    """More than one answer is possible, and only a person can choose: one of ``children``, or another."""

    def __init__(self, code: str, message: str, field: str, children: Sequence[Child] = ()) -> None:
        super().__init__(code, message, field)
        self.children = tuple(children)


class UnknownChild(NotFound):
    """No child of the register; ``children`` of the village are called nearly so."""

    def __init__(self, message: str, children: Sequence[Child]) -> None:
        super().__init__("unknown_child", message, "name")
        self.children = tuple(children)


def report_refused(
    refused: Refused, number: int, name: str, nik: str, *, keys: RowKeys = NO_KEYS, words: str = ""
) -> RowReport:
    """Return the report of a row that is refused, or that waits for somebody to choose a child.

    ``words`` are what the file says of its child, to tell it from the candidates.
    """
    children = refused.children if isinstance(refused, NeedsAnswer | UnknownChild) else ()
    return RowReport(
        number,
        RowOutcome.ASK if isinstance(refused, NeedsAnswer) else RowOutcome.REFUSED,
        refused.code,
        refused.message,
        name,
        mask_nik(nik),
        keys=keys,
        said=words if children else "",
        candidates=tuple(
            Candidate(c.pk, c.name, c.birth_date, village_words(c.village), c.parent_name, c.nik_masked)
            for c in children
        ),
    )


def ask_child_gone() -> NeedsAnswer:
    """Somebody chose a child that is gone since, or that the user does not see: which, is not told."""
    return NeedsAnswer(
        "decided_child_gone",
        gettext("Anak yang dulu dipilih untuk baris ini tidak ada di wilayah kerja Anda. Pilih lagi."),
        "child",
    )


def nik_elsewhere_error() -> NotFound:
    """The NIK is of a child the user may not see: only that is said."""
    return NotFound(
        "nik_elsewhere",
        gettext("NIK ini terdaftar di luar wilayah kerja Anda. Minta petugas kabupaten mencatat pindahnya."),
        "nik",
    )


class LivesElsewhere(NeedsAnswer):
    """The child lived in ``home`` that day, and the file says in ``village``: it may have moved."""

    def __init__(self, child: Child, home: Village, village: Village) -> None:
        super().__init__(
            "lives_elsewhere",
            gettext(
                "%(name)s tercatat tinggal di %(home)s pada hari itu; di berkas %(village)s. Pilih: pindah "
                "ke %(village)s, tetap di %(home)s, atau anak lain."
            )
            % {"name": child.name, "home": village_words(home), "village": village_words(village)},
            "village",
            [child],
        )
        self.child, self.home, self.village = child, home, village


_QUESTIONS: Mapping[str, tuple[str, str, Promise]] = {
    "alike": (
        "alike_child",
        "name",
        _(
            "%(name)s lahir hari itu di desa ini, dan nama atau orang tuanya cocok. Pilih: anak yang "
            "sama, atau anak lain (misalnya kembar)."
        ),
    ),
    "alike_name": (
        "similar_child",
        "name",
        _(
            "Mirip %(name)s yang lahir pada hari yang sama. Pilih: anak yang sama, atau anak lain "
            "(misalnya kembar)."
        ),
    ),
    "alike_without_nik": (  # the row brings a NIK, and the child has none
        "temporary_record",
        "name",
        _(
            "%(name)s lahir hari itu, belum punya NIK, dan nama atau orang tuanya cocok. Pilih: anak "
            "yang sama, atau anak lain (misalnya kembar)."
        ),
    ),
    "born_otherwise": (  # called so, and a slip explains the other birth date or sex
        "born_otherwise",
        "birth_date",
        _(
            "%(name)s di desa ini tercatat %(sex)s, lahir %(born)s; di berkas %(other_sex)s, lahir "
            "%(other_born)s. Pilih: anak yang sama, atau anak lain."
        ),
    ),
    "many": (
        "many_children",
        "name",
        _("Ada %(count)d anak bernama %(name)s dengan tanggal lahir itu. Pilih anaknya."),
    ),
    "nik_of_another": (  # born another day than the row says, or of the other sex
        "nik_of_another",
        "nik",
        _(
            "NIK ini milik %(name)s, %(sex)s, lahir %(born)s; di berkas %(other_sex)s, lahir "
            "%(other_born)s. Pilih: anak yang sama, atau anak lain (NIK-nya dikosongkan)."
        ),
    ),
    "nik_of_other_name": (  # of the first child; the others of the village are called as the row is
        "nik_of_other_name",
        "nik",
        _("NIK ini milik %(name)s, tetapi di berkas namanya %(other)s. Pilih anaknya, atau betulkan NIK."),
    ),
    "other_parent": (  # the same name, birth date and sex
        "other_parent",
        "parent",
        _(
            "%(name)s sudah terdaftar dengan orang tua %(parent)s; di berkas %(other)s. Pilih: anak yang "
            "sama, atau anak lain."
        ),
    ),
    "twice_that_day": (  # with other values: twins, or one of them is wrong
        "twice_that_day",
        "name",
        _(
            "Berkas ini memuat %(name)s lebih dari sekali pada hari itu dengan nilai berbeda. Pilih: "
            "anak yang sama, atau anak lain (misalnya kembar)."
        ),
    ),
    "two_niks": (
        "two_niks",
        "nik",
        _("%(name)s lahir hari itu sudah terdaftar dengan NIK lain. Pilih: anak yang sama, atau anak lain."),
    ),
    # Of a row without a birth date.
    "many_of_village": (
        "many_children",
        "name",
        _("Ada %(count)d anak bernama %(name)s di desa ini. Pilih anaknya, atau tulis NIK-nya."),
    ),
    "nik_not_fitting": (  # it was given to somebody born otherwise
        "nik_not_fitting",
        "nik",
        _(
            "NIK di berkas tidak cocok dengan %(name)s di desa ini (%(sex)s, lahir %(born)s). Pilih: "
            "anak yang sama, atau betulkan NIK."
        ),
    ),
    "alike_of_village": (
        "similar_child",
        "name",
        _("Mirip %(name)s di desa ini. Pilih anaknya, atau tulis NIK-nya."),
    ),
    "two_niks_of_village": (
        "two_niks",
        "nik",
        _("%(name)s di desa ini sudah terdaftar dengan NIK lain. Pastikan NIK yang benar."),
    ),
}
"""Code for programs, field and sentence of each question of ``comparison.RULES``."""


def ask(judgement: MatchJudgement[Child], name: str, row: RowRead | None = None) -> NeedsAnswer:
    """Return one of ``_QUESTIONS`` about the first child of ``judgement``, all of whom a person may choose.

    The file calls it ``name``. ``row`` is None where it does not say when the child was born.
    """
    code, field, sentence = _QUESTIONS[_choose_sentence(judgement, name, row)]
    children = [one.child for one in judgement.compared]
    first = children[0]
    said = {
        "count": len(children),
        "name": first.name,
        "parent": first.parent_name,
        "sex": Sex(first.sex).letter,
        "born": spoken_date(first.birth_date),
        "other": name,
    }
    if row is not None:
        said |= {"other_sex": row.sex.letter, "other_born": spoken_date(row.birth_date)}
        if judgement.question == "other_parent":
            said["other"] = row.parent
    return NeedsAnswer(code, str(sentence) % said, field, children)


def _choose_sentence(judgement: MatchJudgement[Child], name: str, row: RowRead | None) -> str:
    """Return the key of the sentence that tells most about the first child."""
    question, [first, *_] = judgement.question, judgement.compared
    if row is None:
        of_village = f"{question}_of_village"
        return of_village if of_village in _QUESTIONS else question
    if question != "alike":
        return question
    if first.person.name.is_similar(NameForms(name)):
        return "alike_name"
    return "alike_without_nik" if first.comparison.nik is Agreement.LIKE else "alike"
