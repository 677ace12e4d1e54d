"""The scorecard of a village and quarter as its page and its files show it: forms 2A, 2B, 2C, 3 and 4."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from kpm.models import PACKAGE_WORDS, Scorecard
from kpm.scorecard.indicators import (
    INDICATORS,
    ScoreGroup,
    ScoreIndicator,
)
from kpm.scorecard.judgement import Judgement, ScoreAnswer
from kpm.scorecard.periods import Quarter, quarter_of
from kpm.scorecard.score import (
    ScoreCells,
    ScoreShare,
    VillageScore,
    count_answers,
    person_share,
    score_cells,
    sum_cells,
)
from kpm.scorecard_words import FORMS, GROUP_WORDS, INDICATOR_WORDS, answer_words
from kpm.scored_people import ScoredRow, cells_of, list_scored, read_cells
from registry.access.withheld import leave_out_withheld
from registry.exports.page_table import (
    DASH,
    DataSubjects,
    ExportTable,
    PageTables,
    Value,
    list_columns,
    withheld_note,
)
from registry.models import Child, User, Village

_MARKS = {ScoreAnswer.YES: "✓", ScoreAnswer.NO: "✗", ScoreAnswer.NOT_APPLICABLE: DASH}


@dataclass(frozen=True, slots=True)
class FormCell:
    """One answer of a form as it is drawn: its mark, and what it rests on in words."""

    mark: str
    words: str


@dataclass(frozen=True, slots=True)
class FormRow:
    """One person of a form."""

    person: object
    cells: list[FormCell]
    share: ScoreShare
    is_child: bool


@dataclass(frozen=True, slots=True)
class RecapRow:
    """One indicator of form 3: how many have it, how many not, and to how many it does not apply."""

    group: ScoreGroup
    indicator: ScoreIndicator
    share: ScoreShare
    people: int

    @property
    def words(self) -> str:
        return capfirst(str(INDICATOR_WORDS[self.indicator]))

    @property
    def missing(self) -> int:
        return self.share.applicable - self.share.yes

    @property
    def not_applicable(self) -> int:
        return self.people - self.share.applicable


@dataclass(frozen=True)
class ScorecardReport:
    """What a village's page of a quarter shows. ``card``: as it was published, None while it is not."""

    village: Village
    quarter: Quarter
    rows: Sequence[ScoredRow]
    card: Scorecard | None

    @classmethod
    def load(cls, village: Village, quarter: Quarter) -> ScorecardReport:
        """Return the report of ``quarter`` as of now."""
        card = _cards(village, quarter.year).get(quarter.number)
        return cls(village, quarter, list_scored(village, quarter), card)

    @cached_property
    def cells(self) -> ScoreCells:
        """Return what counts: the published columns, else those of now."""
        return read_cells(self.card) if self.card else self.cells_now

    @cached_property
    def cells_now(self) -> ScoreCells:
        return count_answers(row.answers for row in self.rows)

    @cached_property
    def score(self) -> VillageScore:
        return score_cells(self.cells)

    @cached_property
    def changed_since(self) -> ScoreShare | None:
        """Return the village's share of now where it differs from the published one."""
        now = score_cells(self.cells_now).village
        return now if self.card and now != self.score.village else None

    def packages(self) -> list[tuple[str, ScoreShare]]:
        """Return each package with its share; that of PAUD has the lessons as well."""
        return [(str(PACKAGE_WORDS[one]), share) for one, share in self.score.by_package.items()]

    def recap(self) -> list[tuple[ScoreGroup, str, list[RecapRow]]]:
        """Return form 3 by group, from the answers of now, so that each number leads to its people."""
        people = {group: sum(r.answers.group is group for r in self.rows) for group in ScoreGroup}
        return [
            (
                group,
                str(GROUP_WORDS[group]),
                [RecapRow(group, one, self.cells_now[group, one], people[group]) for one in of_group],
            )
            for group, of_group in INDICATORS.items()
            if people[group]
        ]

    def form(
        self, group: ScoreGroup, indicator: ScoreIndicator | None, answer: ScoreAnswer | None
    ) -> list[FormRow]:
        """Return the people of a form; those with ``answer`` to ``indicator`` where it is asked."""
        return [_form_row(row) for row in self.list_chosen(group, indicator, answer)]

    def list_chosen(
        self, group: ScoreGroup, indicator: ScoreIndicator | None, answer: ScoreAnswer | None
    ) -> list[ScoredRow]:
        return [
            row
            for row in self.rows
            if row.answers.group is group
            and (indicator is None or answer is None or row.answers.judgements[indicator].answer is answer)
        ]

    def year(self) -> list[tuple[str, ScoreShare]]:
        """Return the village's share of each begun quarter of the year, and of all of them together.

        A closed quarter counts as it was published.
        """
        cards = _cards(self.village, self.quarter.year)
        now = quarter_of(timezone.localdate())
        cells = {}
        for number in range(1, 5):
            quarter = Quarter(self.quarter.year, number)
            if quarter == self.quarter:
                cells[number] = self.cells
            elif number in cards:
                cells[number] = read_cells(cards[number])
            elif quarter <= now:
                cells[number] = cells_of(self.village, quarter)
        shares = [
            (_("Triwulan %(number)d") % {"number": number}, score_cells(one).village)
            for number, one in cells.items()
        ]
        whole = score_cells(sum_cells(cells.values())).village
        return [*shares, (_("Tahun %(year)d") % {"year": self.quarter.year}, whole)]

    def tables(self, user: User, chosen: ScoreGroup, filtered: Sequence[ScoredRow]) -> PageTables:
        """Return the files of the page: form 4, form 3, and the form of a group with its names."""
        return {
            "village": self._village_table,
            "recap": self._recap_table,
            "people": lambda: self._people_table(user, chosen, filtered),
        }

    @property
    def part(self) -> str:
        return f"{self.village.pk}-{self.quarter.code}"

    def _about(self) -> list[tuple[str, str]]:
        state = str(self.card.published_on) if self.card else _("belum ditutup")
        return [
            (_("Desa/kelurahan"), f"{self.village.name} ({self.village.pk})"),
            (_("Triwulan"), f"{self.quarter.number}/{self.quarter.year}"),
            (_("Ditutup pada"), state),
            (_("Cara hitung"), _("Semua ya dibagi semua yang berlaku; bukan rata-rata persen.")),
        ]

    def _village_table(self) -> ExportTable:
        lines = [(_("Skor desa"), self.score.village), *self.packages(), *self.year()]
        return ExportTable(
            "scorecard",
            list_columns((_("Bagian"), _("Ya"), _("Berlaku"), _("Persen"))),
            [_numbers(words, share) for words, share in lines],
            part=self.part,
            about=self._about(),
        )

    def _recap_table(self) -> ExportTable:
        header = (_("Kelompok"), _("Indikator"), _("Ya"), _("Tidak"), _("Tidak berlaku"), _("Persen"))
        rows = [
            (words, one.words, one.share.yes, one.missing, one.not_applicable, _rounded_percent(one.share))
            for _group, words, lines in self.recap()
            for one in lines
        ]
        return ExportTable(
            "scorecard-recap", list_columns(header, naming=1), rows, part=self.part, about=self._about()
        )

    def _people_table(self, user: User, group: ScoreGroup, rows: Iterable[ScoredRow]) -> ExportTable:
        shown, withheld = leave_out_withheld(user, rows, lambda row: row.person.pk)
        names = [str(INDICATOR_WORDS[one]) for one in INDICATORS[group]]
        header = (_("Nama"), _("Tanggal lahir"), *map(capfirst, names), _("Ya"), _("Berlaku"))
        lines = []
        for row in shown:
            made = _form_row(row)
            born, share = row.person.birth_date, made.share
            answers = [cell.words for cell in made.cells]
            lines.append((row.person.name, born, *answers, share.yes, share.applicable))
        return ExportTable(
            f"scorecard-{FORMS[group].lower()}",
            list_columns(header),
            lines,
            part=self.part,
            about=[*self._about(), *withheld_note(withheld)],
            subjects=DataSubjects(self.village, sum(_is_child(row) for row in shown), withheld),
        )


def _cards(village: Village, year: int) -> Mapping[int, Scorecard]:
    return {card.quarter: card for card in Scorecard.objects.filter(village=village, year=year)}


def _form_row(row: ScoredRow) -> FormRow:
    cells = [_form_cell(one) for one in row.answers.judgements.values()]
    return FormRow(row.person, cells, person_share(row.answers), _is_child(row))


def _is_child(row: ScoredRow) -> bool:
    return isinstance(row.person, Child)


def _form_cell(judgement: Judgement) -> FormCell:
    words = answer_words(judgement.answer)
    if judgement.never_asked:
        words = _("tidak, belum ditanya")
    elif judgement.is_late:
        words = _("ya, terlambat")
    elif judgement.needed > 1:
        numbers = {"had": judgement.had, "needed": judgement.needed}
        words += " (" + _("%(had)d dari %(needed)d") % numbers + ")"
    mark = "?" if judgement.never_asked else _MARKS[judgement.answer]
    return FormCell(mark, words)


def _numbers(words: str, share: ScoreShare) -> Sequence[Value]:
    return (words, share.yes, share.applicable, _rounded_percent(share))


def _rounded_percent(share: ScoreShare) -> float | None:
    return None if share.percent is None else round(share.percent, 1)


def quarters_around(quarter: Quarter) -> Iterator[Quarter]:
    """Yield the quarter before, and the one after unless it has not begun."""
    yield quarter.add_quarters(-1)
    after = quarter.add_quarters(1)
    if after <= quarter_of(timezone.localdate()):
        yield after
