"""What only a person can answer of a row: which child it is, in a sentence that says what to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from registry.errors import NotFound, Refused
from registry.imports.answers import NO_KEYS, RowKeys
from registry.imports.report import Candidate, RowOutcome, RowReport
from registry.imports.tables.read_row import RowRead
from registry.models import Child, Sex, Village
from registry.name_similarity import similar_names
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
            Candidate(c.pk, c.name, c.birth_date, village_words(c.village), c.parent_name, mask_nik(c.nik))
            for c in children
        ),
    )


def ask_child_gone() -> NeedsAnswer:
    """Somebody chose a child that is gone since, or that the user does not see: which, is not told."""
    return NeedsAnswer(
        "decided_child_gone",
        _("Anak yang dulu dipilih untuk baris ini tidak ada di wilayah Anda. Pilih lagi."),
        "child",
    )


def nik_elsewhere_error() -> NotFound:
    """The NIK is of a child the user may not see: only that is said."""
    return NotFound(
        "nik_elsewhere",
        _("NIK ini terdaftar di luar wilayah Anda. Minta petugas kabupaten mencatat pindahnya."),
        "nik",
    )


def ask_two_niks(child: Child, children: Sequence[Child]) -> NeedsAnswer:
    """``child`` has another NIK than the row."""
    return NeedsAnswer(
        "two_niks",
        _("%(name)s lahir hari itu sudah terdaftar dengan NIK lain. Pilih: anak itu juga, atau anak lain.")
        % {"name": child.name},
        "nik",
        children,
    )


def ask_nik_of_other_name(child: Child, name: str, named_so: Sequence[Child]) -> NeedsAnswer:
    """The NIK is of ``child``, and the row is of ``name``, as some children of the village are called."""
    return NeedsAnswer(
        "nik_of_other_name",
        _("NIK ini milik %(name)s, tetapi di berkas namanya %(other)s. Pilih anaknya, atau betulkan NIK.")
        % {"name": child.name, "other": name},
        "nik",
        [child, *named_so],
    )


def ask_nik_not_fitting(child: Child) -> NeedsAnswer:
    """A row without a birth date, called as ``child``: its NIK was given to somebody born otherwise."""
    sentence = _(
        "NIK di berkas tidak cocok dengan %(name)s di desa ini (%(sex)s, lahir %(born)s). Pilih: anak itu "
        "juga, atau betulkan NIK."
    )
    said = {"name": child.name, "sex": Sex(child.sex).letter, "born": spoken_date(child.birth_date)}
    return NeedsAnswer("nik_not_fitting", sentence % said, "nik", [child])


def ask_spelling(child: Child) -> NeedsAnswer:
    """A row without a birth date, called nearly as ``child``."""
    sentence = _("Mirip %(name)s di desa ini. Pilih anaknya, atau tulis NIK-nya.")
    return NeedsAnswer("similar_child", sentence % {"name": child.name}, "name", [child])


class LivesElsewhere(NeedsAnswer):
    """The child lived in ``home`` that day, and the file says in ``village``: it may have moved."""

    def __init__(self, child: Child, home: Village, village: Village) -> None:
        super().__init__(
            "lives_elsewhere",
            _(
                "%(name)s tercatat tinggal di %(home)s pada hari itu; di berkas %(village)s. Pilih: pindah "
                "ke %(village)s, tetap di %(home)s, atau anak lain."
            )
            % {"name": child.name, "home": village_words(home), "village": village_words(village)},
            "village",
            [child],
        )
        self.child, self.home, self.village = child, home, village


def ask_nik_of_another(child: Child, row: RowRead) -> NeedsAnswer:
    """The NIK is of ``child``, who was born another day than the row says, or has the other sex."""
    sentence = _(
        "NIK ini milik %(name)s, %(sex)s, lahir %(born)s; di berkas %(other_sex)s, lahir %(other_born)s. "
        "Pilih: anak itu juga, atau anak lain (NIK-nya dikosongkan)."
    )
    return NeedsAnswer("nik_of_another", sentence % _both(child, row), "nik", [child])


def ask_birth(child: Child, row: RowRead) -> NeedsAnswer:
    """A child of the village is called so, and a slip explains the other birth date or sex."""
    sentence = _(
        "%(name)s di desa ini tercatat %(sex)s, lahir %(born)s; di berkas %(other_sex)s, lahir "
        "%(other_born)s. Pilih: anak itu juga, atau anak lain."
    )
    return NeedsAnswer("born_otherwise", sentence % _both(child, row), "birth_date", [child])


def _both(child: Child, row: RowRead) -> dict[str, str]:
    """Sex and birth date as the register has them and as the file does."""
    return {
        "name": child.name,
        "sex": Sex(child.sex).letter,
        "born": spoken_date(child.birth_date),
        "other_sex": row.sex.letter,
        "other_born": spoken_date(row.birth_date),
    }


def ask_which_child(named_so: Sequence[Child]) -> NeedsAnswer:
    """Several children have the name, birth date and sex of the row."""
    sentence = _("Ada %(count)d anak bernama %(name)s dengan tanggal lahir itu. Pilih anaknya.")
    said = {"count": len(named_so), "name": named_so[0].name}
    return NeedsAnswer("many_children", sentence % said, "name", named_so)


def ask_alike_children(alike: Sequence[Child], row: RowRead, *, lacks_nik: bool) -> NeedsAnswer:
    """Children of that birth date may be called otherwise, the likeliest first.

    ``lacks_nik``: the row brings a NIK and that one has none.
    """
    first = alike[0]
    if similar_names(first.name, row.name):
        code, sentence = (
            "similar_child",
            _(
                "Mirip %(name)s yang lahir pada hari yang sama. Pilih: anak itu juga, atau anak lain "
                "(misalnya kembar)."
            ),
        )
    elif lacks_nik:
        code, sentence = (
            "temporary_record",
            _(
                "%(name)s lahir hari itu, belum punya NIK, dan nama atau orang tuanya cocok. Pilih: anak "
                "itu juga, atau anak lain (misalnya kembar)."
            ),
        )
    else:
        code, sentence = (
            "alike_child",
            _(
                "%(name)s lahir hari itu di desa ini, dan nama atau orang tuanya cocok. Pilih: anak itu "
                "juga, atau anak lain (misalnya kembar)."
            ),
        )
    return NeedsAnswer(code, sentence % {"name": first.name}, "name", alike)


def ask_twice_that_day(child: Child) -> NeedsAnswer:
    """The file has the name twice on a day, with other values: twins, or one of them is wrong."""
    sentence = _(
        "Berkas ini memuat %(name)s lebih dari sekali pada hari itu dengan nilai berbeda. Pilih: "
        "anak itu juga, atau anak lain (misalnya kembar)."
    )
    return NeedsAnswer("twice_that_day", sentence % {"name": child.name}, "name", [child])


def ask_other_parent(child: Child, row: RowRead) -> NeedsAnswer:
    """The name, birth date and sex of ``child``, and other parents."""
    sentence = _(
        "%(name)s sudah terdaftar dengan orang tua %(parent)s; di berkas %(other)s. Pilih: "
        "anak itu juga, atau anak lain."
    )
    said = {"name": child.name, "parent": child.parent_name, "other": row.parent}
    return NeedsAnswer("other_parent", sentence % said, "parent", [child])
