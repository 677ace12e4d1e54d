"""Children that a file finds in another village than the register: those that have moved there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.utils.translation import gettext as _

from registry.actions import Move, check_move
from registry.imports.answers import ImportAnswers
from registry.imports.matching.candidates import ChildIndex
from registry.imports.matching.questions import LivesElsewhere
from registry.imports.matching.row_villages import RowHome
from registry.imports.report import RowNote
from registry.imports.tables.row_read import RowRead
from registry.models import Child, Residence, RowChoice
from registry.places.village_label import village_words
from registry.validation_messages import spoken_date


class MovedChildren:
    """Decides whether a child that lives elsewhere has moved.

    The register's own file says since when. Or a person has said that it moved, on the first day the file has
    it there.
    """

    def __init__(self, rows: Sequence[RowRead], answers: ImportAnswers, children: ChildIndex) -> None:
        self._answers = answers
        self._children = children
        self._first_there: dict[str, date] = {}  # by who a row writes
        if any(decision.choice == RowChoice.MOVED for decision in answers.decisions.values()):
            for row in rows:
                day = self._first_there.get(row.keys.who, row.day)
                self._first_there[row.keys.who] = min(day, row.day)
        self._lives_since: dict[UUID, date] = {}  # in the last of its villages
        self.moves: list[Move] = []

    def add_enrolled(self, child: Child, homes: Sequence[RowHome]) -> None:
        """A row has brought this child, who has lived in ``homes``."""
        self._lives_since[child.pk] = homes[-1].since
        for left, home in pairwise(homes):
            self._add_move(Move(child, left.village, home.village, home.since))

    def move(self, row: RowRead, elsewhere: LivesElsewhere, homes: Sequence[RowHome]) -> RowNote | None:
        """What is to be known of the move; None where nobody says that the child has moved there.

        ``homes`` are where the register's own file says that it lived. Raises Invalid for a move that cannot
        be.
        """
        child, now = elsewhere.child, self._children.home_on(elsewhere.child, date.max)
        if now != elsewhere.home:  # it left that village since, which only people can tell
            return None
        wanted = self._homes_decided(row, elsewhere) or [
            home for home in homes if home.since > self._since(child)
        ]
        if not any(home.village == elsewhere.village for home in wanted):
            return None
        for home in wanted:
            check_move(child, now, self._since(child), home.since)
            move = Move(child, now, home.village, home.since)
            if home.village == elsewhere.village:
                move = replace(move, rt=row.rt, rw=row.rw, address=row.address)
            self._add_move(move)
            now = home.village
        moved = {"village": village_words(now), "date": spoken_date(self._since(child))}
        return RowNote("moved", _("Tercatat pindah ke %(village)s sejak %(date)s.") % moved)

    def _add_move(self, move: Move) -> None:
        self.moves.append(move)
        self._children.record_move(move)
        self._lives_since[move.child.pk] = move.since

    def _homes_decided(self, row: RowRead, elsewhere: LivesElsewhere) -> list[RowHome]:
        """Where somebody has said that the child moved.

        A move is one event: a child that has left that village since is not moved again by what is remembered
        of another day.
        """
        decision = self._answers.decision_on(row.keys)
        if not decision or decision.choice != RowChoice.MOVED or decision.child != elsewhere.child.pk:
            return []
        has_left = self._children.has_left(elsewhere.child, elsewhere.village)
        if has_left and not self._answers.decided_here(row.keys):
            return []
        first = self._first_there[row.keys.who]
        is_of_before = has_left and first <= self._since(elsewhere.child)
        return [RowHome(elsewhere.village, row.day if is_of_before else first)]

    def _since(self, child: Child) -> date:
        if child.pk not in self._lives_since:
            lives = Residence.objects.filter(child=child, until=None).values_list("since", flat=True).first()
            self._lives_since[child.pk] = lives or date.max
        return self._lives_since[child.pk]
